"""What readers and the scorer remark: how a text was taken, or why it could not be."""

from __future__ import annotations

from dataclasses import dataclass

from selfeval.base.codes import codes
from selfeval.base.frozen import made_quickly
from selfeval.base.marks import named, turning
from selfeval.base.phrases import Param, Params, Phrase


@made_quickly
@dataclass(frozen=True, slots=True)
class Reading:
    """A remark. `code` and `variant` name the finding it becomes; its sentence is made when somebody reads it.

    An empty code is an explanation that belongs in the steps only.
    """

    code: str
    words: str
    given: Params = ()
    variant: str = ""

    @property
    def said(self) -> Phrase:
        """The remark as a sentence."""
        return Phrase(self.words, self.given)

    @property
    def message(self) -> str:
        """The remark in Chinese."""
        return str(self.said)

    @property
    def params(self) -> Params:
        """What its finding is filled with."""
        return (("variant", self.variant), *self.given) if self.variant else self.given


def reading(key: str, /, **params: Param) -> Reading:
    """A remark that becomes a finding, by its code or `code.variant`."""
    code, _, variant = key.partition(".")
    return Reading(code, codes()[code].chinese.messages[variant], tuple(params.items()), variant)


def explained(words: str, /, **params: Param) -> Reading:
    """A remark for the steps."""
    return Reading("", words, tuple(params.items()))


def hidden_in(text: str, where: str) -> Reading:
    """T030 or T031: a text has characters that turn it round, or that nobody sees; `where`: what it is called."""
    return reading("T030.text" if turning(text) else "T031.text", where=where, characters=named(text))
