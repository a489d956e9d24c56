"""Elements of the tree for those who listen, form by form: what all of one form lead to is looked at at once.

No fault is told here, only whether `pdf_objects` would find one in what the elements lead to: it then looks at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from selfeval.audit.pdf_forms import Form, Leads, Store
from selfeval.audit.time_limit import go_on

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Answers = np.ndarray[tuple[int, ...], np.dtype[np.bool]]
Led = Callable[[Form, str], tuple[str, Leads] | None]


class Elements:
    """Those of one form, one below the other. Mutable by nobody."""

    def __init__(self, form: Form, numbers: Sequence[int], written: Sequence[bytes]) -> None:
        """`written`: each as it is written; all are of one length."""
        self.form = form
        self.numbers: Numbers = np.array(numbers, dtype=np.int64)
        self.letters = np.frombuffer(b"".join(written), dtype=np.uint8).reshape(len(written), -1)

    def column(self, place: slice) -> Numbers:
        """The number that stands at a place of each."""
        found = np.zeros(len(self.numbers), dtype=np.int64)
        for digits in self.letters[:, place].T:
            found = 10 * found + (digits - ord("0"))
        return found


def elements_of(store: Store) -> Iterator[Elements]:
    """The elements of a file, form by form."""
    for form in filter(None, store.forms.values()):
        if form.numbers:
            go_on()
            yield Elements(form, form.numbers, [store.formed[number][1] for number in form.numbers])


def beyond(elements: Sequence[Elements], led: Led, what: str) -> list[tuple[int, str, str]]:
    """All that elements of a kind lead to beside others of them: number, what it should be, where it stands.

    `led` says what all of a form lead to, as something that is as ours are; as this kind all of them are.
    """
    leads: dict[tuple[str, str], list[Numbers]] = {}
    for some in elements:
        _, places = led(some.form, what) or ("", ())
        for at, kind, place in places:
            leads.setdefault((kind, place), []).append(some.column(at))
    found: list[tuple[int, str, str]] = []
    for (kind, place), columns in leads.items():
        go_on()
        known = [some.numbers for some in elements if led(some.form, kind)]
        found += [(number, kind, place) for number in {*outside(np.concatenate(columns), known).tolist()}]
    return found


def outside(numbers: Numbers, groups: Sequence[Numbers]) -> Numbers:
    """The numbers that are in none of some groups."""
    last = max((int(group.max()) for group in groups), default=0) + 1
    known = np.zeros(last + 1, dtype=np.bool)
    for group in groups:
        known[group] = True
    return numbers[~known[np.minimum(numbers, last)]]
