"""Where templates run: they read what they are given and nothing else, and they come to an end.

A template may come from a stranger. Jinja2's own sandbox keeps it from the machine; this one also counts what it does,
so that loops inside loops, macros that call themselves and numbers without end become a finding. Imported late.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from jinja2 import BytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from selfeval.base.phrases import phrase

MOST_STEPS = 1_000_000
"""Turns of loops and calls for one page; a report of ours takes some hundreds for each indicator."""

CALL = 10
"""Steps of one call."""

LONGEST = 5_000_000
"""Characters or items that a repetition may come to, bits of a number."""


class EndlessTemplateError(ArithmeticError):
    """A template that would do more than any page needs."""


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that counts. Mutable: `steps` starts anew with every page."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - handed on
        super().__init__(**options)
        self.steps = 0
        self.filters["counted"] = self.counted
        del self.globals["lipsum"]

    def step(self, weight: int = 1) -> None:
        """One turn of a loop, or (a call takes longer) several."""
        self.steps += weight
        if self.steps > MOST_STEPS:
            raise EndlessTemplateError(
                phrase("循环或调用超过 {most_steps} 次，像是没有尽头，已停止", most_steps=MOST_STEPS)
            )

    def counted(self, items: Any) -> Any:  # noqa: ANN401 - whatever a template loops over
        """The same items, each a step."""
        for item in items:
            self.step()
            yield item

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template with every loop counted."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401
        """A field of a document as it is; everything else by Jinja2's own rules, which look at each anew."""
        if attribute in fields_of(obj.__class__):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """A call is a step: a loop can also be made of macros."""
        self.step(CALL)
        return super().call(context, called, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """A product or power, where it stays small enough to be printed."""
        if size(operator, left, right) > LONGEST:
            raise EndlessTemplateError(phrase("乘法或乘方的结果太大"))
        return super().call_binop(context, operator, left, right)


class CompiledOnce(BytecodeCache):
    """Templates by their file and text, compiled once for all evaluations: most of a page's cost. Mutable."""

    MOST = 200

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[str, str], Any] = OrderedDict()

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled from the same file with the same text, if anything was."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it; the oldest goes."""
        self.kept[bucket.key, bucket.checksum] = bucket.code
        while len(self.kept) > self.MOST:
            self.kept.popitem(last=False)


COMPILED = CompiledOnce()


@cache
def fields_of(kind: Any) -> frozenset[str]:  # noqa: ANN401
    """The fields of one of our own frozen dataclasses: plain data, safe to read; of any other class none."""
    ours = kind.__module__.startswith("selfeval.") and is_dataclass(kind)
    return frozenset(field.name for field in fields(kind) if not field.name.startswith("_")) if ours else frozenset()


def size(operator: str, left: Any, right: Any) -> float:  # noqa: ANN401
    """How long the result would be: in bits of a number, in characters or items."""
    lengths = [len(side) for side in (left, right) if hasattr(side, "__len__")]
    bits = [side.bit_length() for side in (left, right) if isinstance(side, int)]
    if lengths and bits:
        return max(lengths) * max(left if isinstance(left, int) else right, 0)
    if operator == "**" and bits:
        return max(bits) * max(right, 0) if isinstance(right, int) else 0
    return sum(bits)
