"""``[screen]``, ``[themes.NAME]`` and ``[keys]`` of a feeds.toml: looks, and the keys that screens go by.

They stand in the watch's own file: one save changes the running screens, and one list tells every fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tui.config import values as check
from tui.config.faults import Faults
from tui.config.tables import Table
from tui.keymap import RESERVED, BadKey, clashes, key_name, names, parse_key
from tui.palette import IN_256, PALETTES, ROLES, Palette, own_palette, theme_names
from tui.policy import ScreenPolicy

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_RTL: Final = check.one_of(("visual", "terminal"), "way")
_TAKEN: Final = (*PALETTES, *(palette.name for palette in IN_256.values()))
_BASES: Final = tuple(name for name, palette in PALETTES.items() if not palette.native)
_MOST: Final = 6
"""Keys of one command, and more than anybody remembers."""


def screen_policy(faults: Faults, document: Mapping[str, object]) -> ScreenPolicy:
    """The checked policy; faults are noted."""
    themes = _themes(faults, document.get("themes", {}))
    table = Table(faults, ("screen",), document.get("screen", {}))
    return ScreenPolicy(
        theme=table.optional("theme", check.one_of(theme_names(themes), "theme"), ""),
        rtl=table.optional("rtl", _RTL, ""),
        themes=themes,
        keys=_keys(faults, document.get("keys", {})),
    )


def _themes(faults: Faults, rows: object) -> tuple[Palette, ...]:
    if not isinstance(rows, dict):
        what = f"is {check.type_name(rows)}, not a table of themes"
        faults.add(("themes",), what, "head each theme with its name, as in [themes.mine]")
        return ()
    palettes = []
    for name, row in rows.items():
        at = ("themes", name)
        try:
            check.front_id(name)
        except check.Refused as refused:
            faults.add(at, refused.what, refused.mend)
        if name in _TAKEN:
            faults.add(at, "has the name of a built-in theme", 'call it something else, and say base = "..."')
        table = Table(faults, at, row)
        base = table.optional("base", check.one_of(_BASES, "theme to start from"), "night")
        colours = {role: colour for role in ROLES if (colour := table.optional(role, _colour, ""))}
        palettes.append(own_palette(name, PALETTES[base], colours))
    return tuple(palettes)


def _colour(value: object) -> str:
    """A colour as ``#rrggbb``."""
    colour = check.string(value, '"#ffb454"')
    if not _COLOUR.fullmatch(colour):
        mend = 'write # and six digits of 0 to 9 and a to f: red, green, blue, as in "#ffb454"'
        raise check.Refused(f"{check.shown(colour)} is no colour", mend)
    return colour.lower()


def _keys(faults: Faults, values: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    table = Table(faults, ("keys",), values)
    own = {}
    for name in names():
        if not isinstance(values, dict) or name not in values:
            continue
        value = values[name]
        keys = (table.optional(name, _key, ""),) if isinstance(value, str) else table.items(name, _key)
        if isinstance(value, list) and not 0 < len(value) <= _MOST:
            faults.add(("keys", name), f"has {len(value) or 'no'} keys", f"give it one to {_MOST}")
        if chosen := tuple(filter(None, keys)):
            own[name] = chosen
    for mine, key, theirs, scope in clashes(own) if own else ():
        what = f'{key_name(key)} is also the key of "{theirs}" ({scope})'
        faults.add(("keys", mine), what, f"choose another key, or give {theirs} another under [keys]")
    return tuple(own.items())


def _key(value: object) -> str:
    """A key, as Textual names it."""
    words = check.string(value, '"x"')
    try:
        key = parse_key(words)
    except BadKey as bad:
        mend = 'write a character, or a name as in "f5", "pagedown", "ctrl+x"'
        raise check.Refused(f"{check.shown(words)} is no key: {bad}", mend) from None
    if key in RESERVED:
        raise check.Refused(f"{key_name(key)} leaves from any screen, always", "choose another key")
    return key
