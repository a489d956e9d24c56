"""Where every single value of a rule profile comes from: the `source` and `sources` of its tables → `Source`s.

A value is named by its key in the file (`execution.points`, `tiers.default`, `methods.at_most.formula`). A table's
`sources` cites its values one by one, its `source` those left (beside no value: all that it takes over). A profile
that changes a value of the one it extends and cites nothing for it has made a convention of its own; it never
borrows its parent's citation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from selfeval.base.model import Evidence, Source
from selfeval.base.phrases import phrase
from selfeval.base.toml_reader import REQUIRED, Problem, TomlSection

CONVENTION = "本规则约定"
"""What stands in the place of a document where there is none."""

UNSTATED = Source(CONVENTION, "规则集没有写明，取程序的默认")
EFFECTIVE = "effective"
TIER_VALUES = ("label", "upper", "lower", "default")
CITING = ("source", "sources")
UNCITED = frozenset({*CITING, "title"})
"""Keys of a table that are no values: its citations, and a name."""

Cited = dict[str, Source]
Values = Mapping[str, Any]


class ValueTable(NamedTuple):
    """The values of one table of a version by their names, and the table itself, where its citations stand."""

    path: str
    values: Values
    cites: TomlSection


def cite(
    version: Values, before: Values, cited: Cited, documents: Mapping[str, str], title: str
) -> tuple[Cited, list[Problem]]:
    """The citations after one more version: `before` and `cited` are the values and their sources so far."""
    problems: list[Problem] = []
    known = dict(cited)
    held = {table.path: table.values for table in tables_of(before, [])}
    for table in tables_of(version, problems):
        old = held.get(table.path, {})
        if "formula" in table.values:
            old, known = {}, without(known, table.path)
        known |= cite_table(table, old, known, Documents(documents, title))
    return known, problems


def without(cited: Cited, path: str) -> Cited:
    """The citations without those of one table."""
    return {name: source for name, source in cited.items() if not name.startswith(f"{path}.")}


def plain(version: Values) -> dict[str, Any]:
    """A version without its citations."""
    return {
        key: plain(value) if isinstance(value, dict) else value for key, value in version.items() if key not in CITING
    }


def tables_of(version: Values, problems: list[Problem]) -> Iterator[ValueTable]:
    """Every table of a version with its values; a method is a table of its own, the tiers are one."""
    yield ValueTable("", {k: v for k, v in version.items() if k == EFFECTIVE}, TomlSection(dict(version), "", problems))
    for name, table in version.items():
        if name in CITING or not isinstance(table, dict):
            continue
        section = TomlSection(table, name, problems)
        if name == "methods":
            yield from (
                ValueTable(f"methods.{id_}", values_in(method), TomlSection(method, f"methods.{id_}", problems))
                for id_, method in table.items()
                if isinstance(method, dict)
            )
        else:
            yield ValueTable(name, tier_values(table) if name == "tiers" else values_in(table), section)


def values_in(table: Values) -> Values:
    """The values of a plain table."""
    return {key: value for key, value in table.items() if key not in UNCITED}


def tier_values(table: Values) -> Values:
    """The tiers' labels, edges and defaults, each over all tiers; further switches as they are."""
    bands = {tier: band for tier, band in table.items() if isinstance(band, dict) and tier not in CITING}
    across = {name: {t: band[name] for t, band in bands.items() if name in band} for name in TIER_VALUES}
    rest = {key: value for key, value in values_in(table).items() if key not in bands}
    return {name: values for name, values in across.items() if values} | rest


class Documents(NamedTuple):
    """The documents a profile may cite, by their keys, and its title."""

    texts: Mapping[str, str]
    title: str

    @property
    def own(self) -> Source:
        """The source of a value that a profile sets and cites nothing for."""
        return Source(CONVENTION, f"“{self.title}”自定，没有写明出处")


def cite_table(table: ValueTable, before: Values, cited: Cited, documents: Documents) -> Cited:
    """The sources of one table's values."""
    rest = table.cites.section("source")
    usual = read_source(rest, documents.texts) if rest.table else None
    given = table.cites.section("sources")
    exact = {name: read_source(given.section(name), documents.texts) for name in given.table}
    if "formula" in table.values and usual is None and "formula" not in exact:
        table.cites.complain(
            "source", phrase("缺少“{key}.document”：评分方法要写明出处", key=table.cites.key("source"))
        )
    for name in exact:
        if name not in table.values and name not in before:
            given.complain(name, phrase("“{key}”：这里没有名为“{name}”的值", key=given.key(name), name=name))
    known: Cited = {} if table.values or usual is None else {dotted(table.path, name): usual for name in before}
    for name, value in table.values.items():
        path, source = dotted(table.path, name), exact.get(name) or usual
        kept = cited.get(path) if same(value, before.get(name)) else None
        known[path] = source or kept or documents.own
    return known | {dotted(table.path, name): source for name, source in exact.items()}


def dotted(path: str, name: str) -> str:
    """The full name of a value."""
    return f"{path}.{name}" if path else name


def same(value: Any, before: Any) -> bool:  # noqa: ANN401 - any values of TOML
    """Whether a version says nothing new of a value."""
    if isinstance(value, dict) and isinstance(before, dict):
        return all(key in before and before[key] == item for key, item in value.items())
    return before is not None and bool(value == before)


def read_source(section: TomlSection, documents: Mapping[str, str]) -> Source:
    """One citation: a key of `[documents]`, an article, how sure it is, where it was seen.

    A convention has no document.
    `checked = true` is the older way to write `evidence = "verbatim"`, false (or nothing) that for `unconfirmed`.
    """
    checked = section.flag("checked")
    usual = Evidence.VERBATIM if checked else Evidence.UNCONFIRMED
    evidence = Evidence(section.text("evidence", usual.value, tuple(Evidence)))
    article, found = section.text("article", REQUIRED) or "", section.text("found")
    if checked and evidence is not Evidence.VERBATIM:
        section.complain("evidence", phrase("“{key}”与 checked = true 不一致", key=section.key("evidence")))
    if evidence is Evidence.CONVENTION:
        document = CONVENTION
        if "document" in section.table:
            section.complain(
                "document", phrase("“{key}”：约定（convention）不引用文件，请删去", key=section.key("document"))
            )
    else:
        key = section.text("document", REQUIRED, tuple(documents))
        document = documents.get(key or "", "")
    section.asked.add("document")
    section.close()
    return Source(document, article, evidence, found)
