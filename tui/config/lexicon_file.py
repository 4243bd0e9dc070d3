"""A term list of the user's own, checked whole before the tagger reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui.config import files
from tui.config import values as check
from tui.config.errors import ConfigError, Fault
from tui.config.faults import Faults, header
from tui.config.syntax import read_toml
from tui.config.tables import Table, rows
from tui.model import ACT_TYPES

_LANGUAGES: Final = ("en", "fr", "ar", "fa", "he")
_SPELLINGS: Final = {
    f"{language}{how}": '["Timbuktu"]' for language in _LANGUAGES for how in ("", "_cased", "_exact")
}
_PLACE_KINDS: Final = (
    "country", "governorate", "region", "city", "town", "village", "neighbourhood", "camp", "base", "airport",
    "port", "strait", "sea", "island", "border", "mountain",
)  # fmt: skip
_WORD: Final = {
    "id": '"strike"', "name": '"strike"', "class": '"act"', "type": '"drone"', "mode": '"attack"',
    "form": '"verb"', "role": '"object"', "target": '"base"', "weight": "1.0", "reach": "60",
    "needs": '["weapon"]', "note": '"why"', **_SPELLINGS,
}  # fmt: skip
_KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "actor": {
        "id": '"coast-guard"', "name": '"Coast guard"', "side": '"island"', "role": '"group"',
        "home": "false", "note": '"why"', **_SPELLINGS,
    },
    "term": _WORD,
    "veto": {"id": '"film"', "name": '"film"', "whole": "true", "note": '"why"', **_SPELLINGS},
    "place": {
        "id": '"kinmen"', "name": '"Kinmen"', "kind": '"island"', "lat": "24.44", "lon": "118.33",
        "calm": "true", **_SPELLINGS,
    },
    "default": {
        "by": '"island"', "why": '"only they have drones here"', "targets": '["place"]', "types": '["drone"]',
        "modes": '["attack"]', "launched": "true", "words": '["strike"]',
    },
}  # fmt: skip
"""The tables of such a file and their keys, each with an example for the mend."""
_CLASSES: Final = (
    "topic", "act", "harm", "weapon", "force", "target", "mood", "claim", "statement", "diplomacy", "economy",
    "humanitarian", "analysis", "roundup", "other",
)  # fmt: skip
"""Classes of words that a watch may add to; those of grammar are the language's, not a region's."""
_CHOICES: Final = {
    "class": check.one_of(_CLASSES, "class"),
    "form": check.one_of(("verb", "noun", "passive", "both"), "form"),
}
_LISTS: Final = ("great_powers", "outsiders", "roaming")
"""Lists of sides or ids at the head of the file."""
_HEAD: Final = ("about", "class", *_LISTS)
_TEXT: Final = check.text(200, '"Timbuktu"')


def check_lexicon(path: Path) -> tuple[Fault, ...]:
    """Every fault of a lexicon file, in its order; none where the tagger can read it."""
    file = check.printable(str(path))
    try:
        document, lines = read_toml(file, files.read(path, file, "name a term list that is there"))
        faults = Faults(file, document, lines)
        _check(document, faults)
        faults.raise_any()
    except ConfigError as error:
        return error.faults
    return ()


def _check(document: Mapping[str, object], faults: Faults) -> None:
    known = (*_HEAD, "enemies", *_KEYS)
    for name, value in document.items():
        if name not in known:
            near = check.did_you_mean(name, known)
            mend = f"did you mean {header(near)}?" if near else f"its parts are {', '.join(known)}"
            faults.add((name,), "is no part of a lexicon file", mend)
        elif name in _LISTS and not _is_texts(value):
            faults.add((name,), "is no list of texts", f'write a list, as in {name} = ["island"]')
        elif name == "about" and not isinstance(value, str):
            faults.add((name,), f"is {check.type_name(value)}, not text", "write text in quotes")
        elif name == "class" and value not in _CLASSES:
            faults.add((name,), "is no class of words", f"there are: {', '.join(_CLASSES)}")
    enemies = document.get("enemies", {})
    if not isinstance(enemies, dict) or not _is_texts([*enemies.values()]):
        faults.add(("enemies",), "is no table of texts", 'write one side = "other side" a line')
    for name in _KEYS:
        for at, row in rows(name, document, faults, needed=False).items():
            _check_row(name, Table(faults, at, row, _KEYS))


def _check_row(name: str, table: Table) -> None:
    for key in ("side", "role", "type", "mode", "target", "note"):
        table.optional(key, _TEXT, "")
    for key, choice in _CHOICES.items():
        table.optional(key, choice, "")
    table.optional("weight", check.number(0, 1000), 1.0)
    table.optional("reach", check.whole_number(0, 1000), 0)
    for key in ("whole", "launched", "home", "calm"):
        table.optional(key, _yes_or_no, False)
    for key in ("needs", "targets", "modes", "words", *_SPELLINGS):
        table.items(key, _TEXT)
    if name == "default":
        table.required("by", _TEXT)
        table.required("why", _TEXT)
        table.items("types", check.one_of(ACT_TYPES, "type"))
        return
    table.required("id", _TEXT, same=str)
    table.optional("name", _TEXT, "")
    if table.usable and not table.has(*_SPELLINGS):
        table.fault("has no spelling", 'add one, as in en = ["Timbuktu"] or fr = ["Tombouctou"]')
    if name == "place":
        table.optional("kind", check.one_of(_PLACE_KINDS, "kind of place"), "")
        for key, most in (("lat", 90), ("lon", 180)):
            if table.usable and not table.has(key):
                table.fault(f"{key} is missing", f"add {key} = {_KEYS['place'][key]}, in degrees")
            table.optional(key, check.number(-most, most), 0.0)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise check.Refused(
        f"is {check.type_name(value)}, not true or false", "write true or false, without quotes"
    )
