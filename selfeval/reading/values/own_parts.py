"""A part that bears the beginning of the target's name, which its whole lacks: the target's number is the part's.

`安置106户，其中实物安置40户` against a 实物安置户数: 106 is too many, and whether 40 is all of it only the clerk knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.base.model import PERCENT
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.reading.values.clauses import Clause, Question
from selfeval.reading.values.further import ahead_of, alike
from selfeval.reading.values.wording import acts_in

_BEGINNING = 2
"""Characters of a name that tell its kind: 实物 of 实物安置户数."""
_LEADS = re.compile("^(?:其中|包括|包含|含)")


def own_part(chosen: Sequence[Clause], clauses: Sequence[Clause], question: Question) -> Reading | None:
    """Why a whole is not the target's number: a part of it, said beside it, is."""
    if question.dated or question.compound or question.unit in {"", PERCENT}:
        return None
    said = "".join(clause.words for clause in chosen)
    taken = {number.value for clause in chosen for number in alike(clause, question)}
    parts = [(c, t) for c in clauses if c not in chosen for t in alike(c, question) if t.value not in taken]
    told = [(c, t) for c, t in parts if c.inside or _LEADS.match(c.words)]
    mine = [c for c, t in told if bears_name(_LEADS.sub("", ahead_of(c, t)), said, question)]
    enough = sum(t.value or 0 for _, t in parts) in taken
    return reading("V004.rivals", actual=shorten(said), other=shorten(mine[0].words)) if mine and not enough else None


def bears_name(label: str, whole: str, question: Question) -> bool:
    """Whether a label is made of a target's name from its beginning on, and the words of the whole lack that."""
    begun = (name for name in question.names if label.startswith(name[:_BEGINNING]))
    return any(
        name[:_BEGINNING] not in whole and not acts_in(name[:_BEGINNING]) and is_made_of(label, name) for name in begun
    )


def is_made_of(label: str, name: str) -> bool:
    """Whether the characters of a label stand in a name in this order."""
    rest = iter(name)
    return all(char in rest for char in label)
