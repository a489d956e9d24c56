"""Texts measured and drawn without asking Pango for the same font again each time (WeasyPrint 70)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

asked: Callable[[Any], tuple[Any, ...]] = itemgetter(
    "direction", "lang", "font_language_override", "font_style", "font_stretch", "font_weight",
    "font_size", "font_variant_caps", "font_variation_settings", "font_kerning",
    "font_variant_ligatures", "font_variant_position", "font_variant_numeric", "font_variant_alternates",
    "font_variant_east_asian", "font_feature_settings",
)  # fmt: skip
"""All of a style that `Layout.setup` reads, but for the families and the lines under it."""

KEPT_FONTS = 500
"""How many different faces and sizes are remembered before all are forgotten."""

ENOUGH = 64
"""Characters among which Chinese may break; a piece so long without a break is looked at with all that follows it."""

_KEPT = "lean_contexts"


def apply() -> None:
    """Puts our functions in place."""
    from tinyhtml5 import inputstream  # type: ignore[import-untyped]
    from weasyprint import svg
    from weasyprint.layout import preferred
    from weasyprint.text import line_break

    slow = line_break.Layout.setup
    line_break.Layout.setup = lambda layout, style: None if prepared(layout, style) else slow(layout, style)
    line_break._font_style_cache_key = font_key  # noqa: SLF001 – what it remembers the heights of lines by
    preferred.split_first_line = narrowest_first(preferred.split_first_line)
    svg.TAGS.update({tag: at_once for tag, draw in svg.TAGS.items() if draw is svg.text})
    svg.text = at_once
    inputstream.characters_until_regex = Patterns()


def prepared(layout: Any, style: Any) -> bool:  # noqa: ANN401 – WeasyPrint has no types
    """Makes the Pango layout of a text as `Layout.setup` does; False for one with features or decorations."""
    from weasyprint.text.ffi import ffi, gobject, pango

    if style["text_decoration_line"] != "none":
        return False
    known: dict[tuple[Any, ...], Any] = style.font_config.__dict__.setdefault(_KEPT, {})
    try:
        context, description, language = known[key := (*asked(style), *style["font_family"])]
    except KeyError:
        if len(known) >= KEPT_FONTS:
            known.clear()
        context, description, language = known[key] = font_of(style)
    if context is None:
        return False
    layout.style, layout.language, layout.first_line_direction = style, language, 0
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)  # noqa: FBT003 – as in C
    pango.pango_layout_set_font_description(layout.layout, description)
    return True


def font_of(style: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401
    """Pango's context, description and language for a style that asks for nothing else of its font."""
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi, gobject, pango

    names = ("kerning", "variant_ligatures", "variant_position", "variant_caps", "variant_numeric",
             "variant_alternates", "variant_east_asian", "feature_settings")  # fmt: skip
    features = line_break.font_features(*(style[f"font_{name}"] for name in names))
    if features:
        return None, None, None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)  # noqa: FBT003
    pango.pango_context_set_base_dir(context, line_break.PANGO_DIRECTION[style["direction"]])
    override = style["font_language_override"]
    tag = style["lang"] if override == "normal" else line_break.LST_TO_ISO.get(override.lower(), override)
    if tag:
        text, _kept_alive = line_break.unicode_to_char_p(tag)
        language = pango.pango_language_from_string(text)
        pango.pango_context_set_language(context, language)
    else:
        language = pango.pango_language_get_default()
    return context, line_break.get_font_description(style), language


def font_key(style: Any, include_size: bool = False) -> tuple[Any, ...]:  # noqa: ANN401, FBT001, FBT002
    """All that decides on the height of a line, without a word made of it."""
    key = *asked(style), *style["font_family"]
    return (*key, style["line_height"]) if include_size else key


def narrowest_first(split: Callable[..., Any]) -> Callable[..., Any]:
    """How a text is broken wherever it may be, to find how narrow a column can become: a piece of it at a time.

    WeasyPrint shapes all that is left for each break: minutes for a cell of 4,800 characters.
    """

    def split_first(text: str, style: Any, context: Any, width: Any, *more: Any, **named: Any) -> Any:  # noqa: ANN401
        if width == 0 and len(text) > ENOUGH:
            found = split(text[:ENOUGH], style, context, width, *more, **named)
            if found[2] is not None:  # where the next line begins
                return found
        return split(text, style, context, width, *more, **named)

    return split_first


# ── Pictures ──


class WholeText(str):
    """A text that is one letter to whom takes it letter by letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        """Once itself."""
        yield str(self)


def at_once(svg: Any, node: Any, font_size: float) -> None:  # noqa: ANN401
    """Draws a text of a picture as one, where WeasyPrint would measure, place and draw each letter by itself."""
    from weasyprint.svg.text import text
    from weasyprint.svg.utils import normalize

    placed = any(len(normalize(node.get(name, "")).split()) > 1 for name in ("x", "y", "dx", "dy"))
    if node.text and not placed and not any(map(node.get, ("rotate", "letter-spacing", "textLength"))):
        node._etree_node.text = WholeText(node.text)  # noqa: SLF001 – where `node.text` is read from
    text(svg, node, font_size)


# ── Markup ──


class Patterns(dict[Any, re.Pattern[str]]):
    """The parser's patterns by (characters, whether these or all others); it means to keep them and does not."""

    def __missing__(self, key: Any) -> re.Pattern[str]:  # noqa: ANN401
        """The pattern, made once."""
        characters, these = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        made = self[key] = re.compile(f"[{'' if these else '^'}{listed}]+")
        return made
