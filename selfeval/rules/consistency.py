"""What a profile says twice, or against itself: each value by itself may be right, and points would still go astray."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from selfeval.base.model import INAPPLICABLE, NOT_SCORED
from selfeval.base.phrases import phrase
from selfeval.base.toml_reader import Problem
from selfeval.rules.formulas import LINEAR
from selfeval.rules.profile import Rules

SAID_ELSEWHERE = frozenset({NOT_SCORED, INAPPLICABLE})
"""What 评分方法 says of a row that is not scored."""


def contradictions(rules: Rules) -> Iterator[Problem]:
    """All there are in a profile."""
    yield from _of_execution(rules)
    yield from _of_sets(rules)
    yield from _of_moves(rules)
    yield from _of_methods(rules)


def _of_execution(rules: Rules) -> Iterator[Problem]:
    """One way to score the rate, and nothing beside it that has no effect."""
    execution, key, other = rules.execution, "execution.{}".format, "execution.deduct"
    if execution.bands and execution.deduct:
        yield _only_one(other, key("bands"))
    if execution.cap != 1 and (execution.bands or execution.deduct):
        yield _only_one(key("cap"), other if execution.deduct else key("bands"))
    idle = {"full_from": execution.full_from != 1, "steps": execution.steps != LINEAR}
    for name in (name for name, given in idle.items() if given and not execution.deduct):
        problem = phrase("“{key}”要与“{other}”一起写：不扣分时它不起作用", key=key(name), other=other)
        yield Problem(key(name), problem)
    if execution.deduct and execution.pass_line > execution.full_from:
        problem = phrase("“{key}”高于“{other}”：达到满分线的也不得分", key=key("pass_line"), other=key("full_from"))
        yield Problem(key("pass_line"), problem)


def _only_one(key: str, other: str) -> Problem:
    return Problem(key, phrase("“{key}”与“{other}”只能用一个", key=key, other=other))


def _of_sets(rules: Rules) -> Iterator[Problem]:
    """Every set can be reached, names its levels, and makes 100 together with 执行率."""
    sets = rules.levels.sets
    if not sets or sets[-1].requires or not all(one.requires for one in sets[:-1]):
        key = "levels.sets"
        yield Problem(key, phrase("“{key}”最后一组应没有 requires，供其余情形使用；别的各组都应有", key=key))
    for i, level_set in enumerate(sets, 1):
        key, needed = f"levels.sets[{i}].points", f"levels.sets[{i}].requires"
        if not all(name.strip() for name in level_set.points):
            yield Problem(key, phrase("“{key}”中有的一级指标没有名称", key=key))
        for name in level_set.requires:
            if name not in level_set.points:
                yield Problem(needed, phrase("“{key}”：这一组没有“{name}”的分值", key=needed, name=name))
        total = sum(level_set.points.values(), rules.execution.points or Fraction(0))
        if total != 100:
            yield Problem(key, phrase("“{key}”加预算执行率的分值合计为 {total}，应为 100", key=key, total=total))


def _of_moves(rules: Rules) -> Iterator[Problem]:
    """The points of a level of these rules go to another of them."""
    names = {name for level_set in rules.levels.sets for name in level_set.points}
    for name, goal in rules.levels.moves.items():
        if name in names and goal not in names:
            key = f"levels.moves.{name}"
            yield Problem(key, phrase("“{key}”：没有名为“{name}”的一级指标", key=key, name=goal))


def _of_methods(rules: Rules) -> Iterator[Problem]:
    """A name stands for one method: 评分方法 may give its id or its title."""
    known: dict[str, str] = {}
    for id_, method in rules.methods.items():
        for name in dict.fromkeys((id_, method.title)):
            key = f"methods.{id_}"
            if name in SAID_ELSEWHERE:
                problem = phrase("“{name}”不能作评分方法的名称：它说明一行不计分", name=name)
                yield Problem(key, problem)
            elif known.setdefault(name, id_) != id_:
                problem = phrase("“{key}”：名称“{name}”别的评分方法已经用了", key=key, name=name)
                yield Problem(key, problem)
