"""What Textual would keep in memory for weeks, and does not here."""

from __future__ import annotations

from functools import lru_cache, partial

from textual._styles_cache import StylesCache
from textual.strip import Strip
from textual.theme import Theme


def let_widgets_go() -> None:
    """Make Textual forget what it drew of a widget that is gone.

    ``StylesCache.get_inner_outer`` remembers two colours by its arguments, but the first of them is the
    widget's cache of drawn lines (8.2: an ``lru_cache`` on a method that was to be one of the class). So the
    lines of the last thousand widgets stay, a hundred megabytes and more on a large terminal. Without the
    widget among its arguments it remembers colours by colours.
    """
    found = vars(StylesCache).get("get_inner_outer")
    if hasattr(found, "cache_info"):  # not where it was done, nor in a Textual that does it itself
        plain = StylesCache.get_inner_outer.__wrapped__
        colours = lru_cache(1024)(partial(plain, StylesCache))
        setattr(StylesCache, "get_inner_outer", staticmethod(colours))  # noqa: B010 - no method of mypy's


def forget_colours(_: Theme) -> None:
    """A theme is put on: let go of the empty lines in the colours of the one before.

    Textual keeps a thousand by width and style, each with all that was ever cut from it.
    """
    Strip.blank.cache_clear()
