"""What all tests of what vouches share."""

from __future__ import annotations

import hashlib

import pytest

from selfeval.audit import pack, pack_remade, pdf_fonts_anew, verify
from selfeval.audit.survey import reading


@pytest.fixture(scope="session", autouse=True)
def looked_at_once():
    """The same file, held to the same text, is taken apart and looked at once: many tests touch what lies beside it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("paper_of", "read_pdf_bytes"):
            once = kept(getattr(verify, name))
            for module in (verify, pack_remade, pack, reading):
                patch.setattr(module, name, once, raising=module in {verify, pack_remade})
        patch.setattr(pdf_fonts_anew, "glyphs_in", kept(pdf_fonts_anew.glyphs_in))
        yield


def kept(look):
    """A function of a file's bytes that remembers what it said of each."""
    answers = {}

    def once(data, *wanted, **how):
        key = hashlib.sha256(data).digest(), repr((wanted, sorted(how.items())))
        if key not in answers:
            answers[key] = look(data, *wanted, **how)
        return answers[key]

    return once
