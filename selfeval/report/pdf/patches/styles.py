"""WeasyPrint 70 spared styles that nobody asks for and lengths resolved again and again; the pages stay the same.

Its own stylesheet gives every element six pseudo-elements (markers, notes) that hardly any has: they are made when
asked for. The margins of pages of one kind share their styles. Sizes are resolved once for equal values.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from operator import itemgetter
from typing import Any

Element = Any
"""WeasyPrint has no types: elements, boxes, styles and sheets are `Any` here."""

MEASURES = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top", "bottom")),
    *(f"{limit}{axis}" for axis in ("width", "height") for limit in ("", "min_", "max_")),
)
BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
ASKED = (*MEASURES, *BORDERS, "box_sizing", "border_collapse")
asked: Callable[[Any], tuple[Any, ...]] = itemgetter(*ASKED)

KEPT_SIZES = 20_000
"""How many different sizes are remembered before all are forgotten."""


def apply() -> None:
    """Puts our functions in place."""
    from weasyprint import css
    from weasyprint.layout import page

    css.StyleFor = styles()
    page.set_page_type_computed_styles = style_page
    quicken_flow()
    quicken_missing(css)
    quicken_percentages()


# ── Pseudo-elements ──


@dataclass(frozen=True, slots=True, eq=False)
class Sparing:
    """A stylesheet whose rules for pseudo-elements are put aside (in `aside`, by element) instead of applied."""

    sheet: Any
    origin: str
    specificity: Any
    aside: dict[Element, list[tuple[Sparing, Any]]]

    @property
    def layers(self) -> Any:  # noqa: ANN401
        """The names of its cascade layers, in order."""
        return self.sheet.layers

    @property
    def matcher(self) -> Sparing:
        """Stands for the matcher as well: WeasyPrint asks for `sheet.matcher.match`."""
        return self

    def match(self, element: Any) -> list[Any]:  # noqa: ANN401
        """The rules for the element itself."""
        found = self.sheet.matcher.match(element)
        own = [rule for rule in found if rule[2] is None]
        if len(own) < len(found):
            later = self.aside.setdefault(element.etree_element, [])
            later.extend((self, rule) for rule in found if rule[2] is not None)
        return own


def styles() -> type:
    """WeasyPrint's styles of a document, those of pseudo-elements made on demand."""
    from weasyprint import css

    class StyleFor(css.StyleFor):  # type: ignore[misc]
        """As WeasyPrint's own; a pseudo-element only its built-in stylesheet knows of waits until it is asked for."""

        def __init__(self, html: Any, sheets: list[Any], hints: Any, fonts: Any, targets: Any) -> None:  # noqa: ANN401
            self._aside: dict[Element, list[tuple[Sparing, Any]]] = {}
            self.margins: dict[Any, Any] = {}
            spared = [(Sparing(sheet, origin, rank, self._aside), origin, rank) for sheet, origin, rank in sheets]
            super().__init__(html, spared, hints, fonts, targets)
            self._sheets = sheets
            self._make = partial(
                self.set_computed_styles,
                root=html.etree_element, base_url=html.base_url, target_collector=targets,
            )  # fmt: skip
            for element, rules in self._aside.items():
                for name in {rule[2] for sheet, rule in rules if sheet.origin != "user agent"}:
                    self._pseudo(element, name)

        def __call__(self, element: Element, pseudo_type: str | None = None) -> Any:  # noqa: ANN401
            if pseudo_type and (element, pseudo_type) not in self._computed_styles and element in self._aside:
                self._pseudo(element, pseudo_type)
            return super().__call__(element, pseudo_type)

        def _pseudo(self, element: Element, name: str) -> None:
            """The style of a pseudo-element, where a rule speaks of it."""
            if given := cascade(self._aside[element], name):
                self._cascaded_styles[element, name] = given
                self._make(element, pseudo_type=name, parent=element)
                del self._cascaded_styles[element, name]

    return StyleFor


def cascade(rules: list[tuple[Sparing, Any]], name: str) -> dict[str, Any]:
    """What holds for a pseudo-element after all rules, each property with its weight."""
    from weasyprint.css import declaration_precedence

    given: dict[str, Any] = {}
    for sheet, (specificity, _order, pseudo, (declarations, layer)) in rules:
        layer_order = inf if layer is None else sheet.layers.index(layer)
        for key, values, importance in declarations if pseudo == name else ():
            precedence = declaration_precedence(sheet.origin, importance)
            weight = (precedence, layer_order, sheet.specificity or specificity)
            if key not in given or given[key][1] <= weight:
                given[key] = values, weight
    return given


# ── Pages ──


def style_page(page_type: Any, html: Any, style_for: Any) -> None:  # noqa: ANN401
    """The styles of a page and its margins; pages that the same rules hold for share those of the margins.

    The page's own style is always new: WeasyPrint counts pages in it.
    """
    style_for.add_page_declarations(page_type)
    cascades, computed = style_for.get_cascaded_styles(), style_for.get_computed_styles()
    make = partial(style_for.set_computed_styles, root=html.etree_element, base_url=html.base_url)
    make(page_type, parent=html.etree_element)
    rules = {pseudo: given for (element, pseudo), given in cascades.items() if element == page_type}
    kind = tuple(
        (pseudo, key, id(value), precedence, layer, *specificity)
        for pseudo, given in rules.items()
        for key, (value, (precedence, layer, specificity)) in given.items()
    )
    kept = style_for.margins.setdefault(kind, {})
    for pseudo in filter(None, rules):
        if pseudo in kept:
            computed[page_type, pseudo] = kept[pseudo]
        else:
            make(page_type, pseudo_type=pseudo, parent=page_type)
            kept[pseudo] = computed[page_type, pseudo]


# ── Computed values ──


def quicken_missing(css: Any) -> None:  # noqa: ANN401
    """A property that no rule speaks of is initial or inherited: neither is computed anew."""
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS

    special = {"position", "float", "display", "page"}
    plain = {key for key in css.INITIAL_VALUES if key not in special and not key.startswith("text_decoration_")}
    logical = frozenset(
        function(block="ttb", inline=inline) for function in PHYSICAL_FUNCTIONS.values() for inline in ("ltr", "rtl")
    )
    inherited = plain & css.INHERITED
    initial = {key: css.INITIAL_VALUES[key] for key in plain - inherited - css.INITIAL_NOT_COMPUTED}
    slow: Callable[[Any, str], Any] = css.ComputedStyle.__missing__

    def missing(style: Any, key: str) -> Any:  # noqa: ANN401
        cascaded = style.cascaded
        if key not in cascaded and (key not in PHYSICAL_FUNCTIONS or logical.isdisjoint(cascaded)):
            if key in initial:
                value = style[key] = initial[key]
                return value
            if key in inherited and style.parent_style is not None:
                value = style[key] = style.parent_style[key]
                return value
        return slow(style, key)

    css.ComputedStyle.__missing__ = missing


def quicken_flow() -> None:
    """Whether a box is in the normal flow, which nearly every box is, told from two properties instead of five."""
    from weasyprint.formatting_structure.boxes import Box

    slow: Callable[[Any], bool] = Box.is_in_normal_flow

    def in_flow(box: Any) -> bool:  # noqa: ANN401
        style = box.style
        return (style["float"] == "none" and style["position"] == "static") or slow(box)

    Box.is_in_normal_flow = in_flow


# ── Percentages ──


def quicken_percentages() -> None:
    """The used sizes of a box, looked up by all they are made from; a `calc()` depends on more and is not kept."""
    from weasyprint.css.functions import check_math
    from weasyprint.formatting_structure.boxes import Box, PageBox
    from weasyprint.layout import percent

    slow = percent.resolve_percentages
    kept: dict[Any, dict[str, Any]] = {}

    def resolve(box: Any, containing_block: Any) -> None:  # noqa: ANN401
        if isinstance(containing_block, Box):
            area = containing_block.width, containing_block.height
        else:
            area = tuple(containing_block)
        values, given = asked(box.style), box.__dict__
        # Where borders collapse, WeasyPrint has settled their widths in the boxes before.
        settled = tuple(map(given.get, BORDERS)) if values[-1] == "collapse" else None
        key = values, settled, area, isinstance(box, PageBox)
        if (used := kept.get(key)) is None:
            slow(box, containing_block)
            if not any(map(check_math, values)):
                if len(kept) >= KEPT_SIZES:
                    kept.clear()
                kept[key] = {name: given[name] for name in (*MEASURES, *BORDERS)}
        else:
            given.update(used)

    for module in [module for name, module in sys.modules.items() if name.startswith("weasyprint.layout.")]:
        if vars(module).get("resolve_percentages") is slow:
            module.resolve_percentages = resolve  # type: ignore[attr-defined]
