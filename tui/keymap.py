"""The keys of each command as this watch has them: the usual ones, or its own by ``[keys]`` in feeds.toml."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

from tui.commands import COMMANDS, EVERYWHERE, Command

RESERVED: Final = ("ctrl+c", "ctrl+q")
"""They leave from anywhere, whatever else is broken."""

NAMED: Final = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape", "tab"),
    *("space", "backspace", "delete", "insert", *(f"f{number}" for number in range(1, 25))),
)
"""Keys that are no character, as Textual names them."""
_ALIASES: Final = {"esc": "escape", "return": "enter", "pgup": "pageup", "pgdn": "pagedown", "del": "delete"}
_SAME: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}
"""What a terminal sends as the very same byte (ECMA-48 control characters)."""
_SHORT: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Unicode's name of a character, and Textual's where it is another."""
_MODIFIERS: Final = ("ctrl", "alt", "shift")

KEY_NAMES: Final = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "space": "Space",
    "backspace": "Backspace",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "underscore": "_",
    "question_mark": "?",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "ctrl+p": "Ctrl+P",
    "ctrl+q": "Ctrl+Q",
    "ctrl+c": "Ctrl+C",
}
"""How a key is written for a person, where it is not its own name."""


class BadKey(ValueError):
    """Words that name no key that a terminal could send; the message says why."""


class Keymap:
    """Every command with the keys that do it."""

    def __init__(self, own: Mapping[str, tuple[str, ...]]) -> None:
        self._own = dict(own)
        self.commands = tuple(
            each._replace(keys=own.get(each.name, each.keys)) if changeable(each) else each
            for each in COMMANDS
        )

    def commands_of(self, scope: str) -> list[Command]:
        """The commands that work on a screen: its own first, then those that work everywhere."""
        own = [command for command in self.commands if scope in command.scopes]
        return own + [command for command in self.commands if EVERYWHERE in command.scopes]

    def key(self, name: str) -> str:
        """The first key of a command as a person knows it: for sentences that name a key."""
        return next(key_name(each.keys[0]) for each in self.commands if each.name == name)

    def for_textual(self) -> dict[str, str]:
        """The watch's own keys as Textual wants them: by the id of the binding, with commas between."""
        return {name: ",".join(keys) for name, keys in self._own.items()}


def changeable(command: Command) -> bool:
    """Whether a watch may choose the keys of a command."""
    return not set(command.keys) <= set(RESERVED)


def names() -> tuple[str, ...]:
    """Names of the commands whose keys a watch may choose."""
    return tuple(dict.fromkeys(each.name for each in COMMANDS if changeable(each)))


def clashes(own: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str, str]]:
    """Keys that two commands of one screen share: the watch's command, the key, the other one, the screen."""
    keymap = Keymap(own)
    scopes = dict.fromkeys(scope for each in COMMANDS for scope in each.scopes)
    told: set[tuple[str, str, str]] = set()
    for scope in scopes:
        held: dict[str, str] = {}
        for command in keymap.commands_of(scope):
            for key in command.keys:
                other = held.setdefault(key, command.name)
                if other == command.name:
                    continue
                mine, theirs = (command.name, other) if command.name in own else (other, command.name)
                if (mine, key, theirs) not in told:
                    told.add((mine, key, theirs))
                    yield mine, key, theirs, scope


def key_name(key: str) -> str:
    """The key as a person knows it: ``Ctrl+P``, ``?``, ``F5``."""
    if key in KEY_NAMES:
        return KEY_NAMES[key]
    *modifiers, last = key.split("+")
    if len(last) > 1:
        last = KEY_NAMES.get(last) or _character(last)
    elif modifiers:
        last = last.upper()
    return "+".join([*(each.capitalize() for each in modifiers), last])


def _character(name: str) -> str:
    """The character that Textual calls so by its name in Unicode; else the name, as a keyboard has it."""
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name.capitalize()


def parse_key(words: str) -> str:
    """The key that a person means, as Textual names it: ``?`` is ``question_mark``. Raises BadKey."""
    *modifiers, last = words.split("+") if words != "+" else ["+"]
    modifiers = [each.strip().lower() for each in modifiers]
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        raise BadKey("its modifiers are none of ctrl, alt and shift, each once")
    key = _base(last)
    if "shift" in modifiers and key not in NAMED:
        raise BadKey("a character is written as it is typed with Shift: A, not shift+a")
    if "ctrl" in modifiers and len(key) == 1:
        key = key.lower()
    name = "+".join([*(each for each in _MODIFIERS if each in modifiers), key])
    if name in _SAME:
        raise BadKey(f"a terminal can't tell it from {key_name(_SAME[name])}")
    return name


def _base(words: str) -> str:
    """The key itself, without modifiers."""
    if len(words) == 1:
        if words == " ":
            return "space"
        if not words.isprintable() or unicodedata.combining(words):
            raise BadKey("no one can see it")
        return words if words.isalnum() else _named_character(words)
    key = _ALIASES.get(words.lower(), words.lower())
    if key in NAMED:
        return key
    try:
        character = unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        long_names = {short: name for name, short in _SHORT.items()}
        if key in long_names:
            return key
        raise BadKey("there is no such key") from None
    return _base(character)


def _named_character(character: str) -> str:
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    if not name:
        raise BadKey("there is no such key")
    return _SHORT.get(name, name)


def table(keymap: Keymap, *, markdown: bool) -> str:
    """Every command: its keys, what it does, on which screens, and what ``[keys]`` calls it."""
    rows = [
        (
            " ".join(key_name(key) for key in each.keys),
            each.name if changeable(each) else "",
            ", ".join(each.scopes),
            each.help,
        )
        for each in keymap.commands
    ]
    if markdown:
        lines = ["| key | name in `[keys]` | where | does |", "|---|---|---|---|"]
        escaped = ([cell.replace("|", "\\|") for cell in row] for row in rows)
        lines += [f"| `{keys}` | {name} | {where} | {words} |" for keys, name, where, words in escaped]
        return "\n".join(lines)
    wide = [max(len(row[column]) for row in rows) for column in range(2)]
    return "\n".join(
        f"{keys:{wide[0]}}  {name:{wide[1]}}  {words} ({where})" for keys, name, where, words in rows
    )
