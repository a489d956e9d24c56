"""Days and numbers of a beginning, of a step before, or of another event than the target's (开工, 签约, 公示)."""

from __future__ import annotations

import re

from selfeval.reading.values.clauses import Clause, Question
from selfeval.reading.values.others import counts_received, is_act, is_own, sends_papers
from selfeval.reading.values.wording import DATE, HARMLESS, NUMBER_LETTER, Token, wording

_STARTS = re.compile("开工|动工|开建|开班|开园|启动")
_ENDS = re.compile("完工|竣工|建成|结束|结业|完成")
_PAPERS = re.compile("(?:许可|审批|申请|手续|报告|批复|合同|协议)")


def is_other_event(clause: Clause, question: Question) -> bool:
    """`3月20日完工` or `3月20日取得开工许可` where the day of the 开工 is asked."""
    begins = _STARTS.search("，".join(question.names)) if question.dated else None
    if begins is None or _ENDS.search("，".join(question.names)) or DATE not in clause.letters:
        return False
    behind = clause.words.partition(begins.group())[2]
    papers = bool(_PAPERS.match(behind)) and not _PAPERS.search(question.words)
    return papers or bool(_ENDS.search(clause.words) and not _STARTS.search(clause.words))


_SETTLED = re.compile("定标|中标人|中标单位|成交供应商|中标通知书")
"""`开标并确定中标人`: the tender is over."""


def is_start(clause: Clause, question: Question) -> bool:
    """`12月20日开工`, `已启动500户`, where the target is not the start."""
    told = question.dated and question.answer in clause.letters
    if told and (is_before(clause, question) or sends_papers(clause, question)):
        return True
    steps = clause.of("Gg" if question.dated else "G")
    numbered = question.dated or NUMBER_LETTER in clause.letters
    opened = [t for n in clause.of(NUMBER_LETTER) for t in clause.of("g") if is_after(n, t, clause)]
    signed = [
        t
        for n in clause.of(NUMBER_LETTER)
        for t in clause.of(HARMLESS)
        if t.text[:2] == "签订" and n.end <= t.start and not _SETTLES.search(clause.words)
    ]
    received = counts_received(question)  # 全年受理信访8件
    begun = [t for t in (*steps, *opened, *signed) if not (received and t.text == "受理")]
    if question.dated and _SETTLED.search(clause.words):
        begun = []
    begun = begun if question.dated else [t for t in begun if not leads_to_own(t, clause, question)]
    return numbered and any(t.text[:2] not in question.words for t in begun)


_SETTLES = re.compile("(?:息诉|罢访|和解|调解|谅解)[^，。；]{0,4}协议")
_WAYS = re.compile("招|投标|委托|发包|遴选|论证")


def leads_to_own(step: Token, clause: Clause, question: Question) -> bool:
    """`公开招标采购8辆`: how the target's own act was done, right before its number."""
    if not _WAYS.match(step.text):
        return False
    acts = [t for t in clause.tokens if t.start >= step.end and is_act(t) and is_own(t, question)]
    return any(t.end == number.start for t in acts for number in clause.of(NUMBER_LETTER))


def is_after(number: Token, step: Token, clause: Clause) -> bool:
    """`3期开班`, `1.2万亩的种子已订购`: a step behind a number that tells how many were begun."""
    told = step.text == "开班" or clause.text.startswith("的", number.end)
    return number.end <= step.start and told


_MEETING = re.compile("召开[^，。；]{0,12}会")


def is_before(clause: Clause, question: Question) -> bool:
    """`10月20日公示` where the money was to be paid, `召开协调会`: a step that comes before the target's own."""
    if _MEETING.search(clause.words) and "会" not in question.words:
        return True
    for own, earlier in wording().before:
        asked = any(act in question.words for act in own)
        if asked and not any(act in clause.words for act in own):
            return any(act in clause.words and act not in question.words for act in earlier)
    return False
