"""The built-in term lists as they stand once read, kept beside them so that the next start is quick.

The file lies where Python keeps what it compiles of a module (``__pycache__``, or ``PYTHONPYCACHEPREFIX``),
so who can write it could write the program. It is plain JSON, is used only where it was made of these very
lists by this very code, and is never needed: what is wrong with it is told in the log for debugging and the
lists are read instead.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import unicodedata
from dataclasses import astuple, fields
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, Final

from tui.model import Place
from tui.tagging.lexicon import FOLDER, Default, Form, Lexicon, Section, Sense, Spelling, load

_LOG: Final = logging.getLogger(__name__)
_CODE: Final = ("compiled.py", "fold.py", "language.py", "lexicon.py")
"""What the result depends on besides the lists."""
_FIELDS: Final = tuple(each.name for each in fields(Sense))
_PLACE: Final = _FIELDS.index("place")
_NEEDS: Final = _FIELDS.index("needs")
_PLAIN: Final = ("enemies", "great_powers", "outsiders", "roaming", "calm")


def load_built_in(folder: Path = FOLDER) -> Lexicon:
    """The same as :func:`tui.tagging.lexicon.load`, from the kept file where it fits."""
    digest, cache = _digest(folder), _cache_of(folder)
    if cache is None:
        return load(folder)
    try:
        return _unpack(json.loads(cache.read_bytes()), digest)
    except FileNotFoundError:
        _LOG.debug("%s: not there yet", cache)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as fault:
        _LOG.debug("%s: not used: %r", cache, fault)
    lexicon = load(folder)
    _keep(cache, _pack(lexicon, digest))
    return lexicon


def _cache_of(folder: Path) -> Path | None:
    try:
        return Path(cache_from_source(str(folder / "lexicons.py"))).with_suffix(".json")
    except NotImplementedError:  # an interpreter that keeps no compiled code
        return None


def _digest(folder: Path) -> str:
    """Of every list, of the code that reads them, and of the tables of Unicode."""
    digest = blake2b(unicodedata.unidata_version.encode(), digest_size=16)
    here = Path(__file__).parent
    lists = sorted([*folder.glob("*.toml"), *folder.glob("fronts/*.toml"), *folder.glob("places.csv")])
    for path in (*lists, *(here / name for name in _CODE)):
        body = path.read_bytes()
        digest.update(f"{path.name} {len(body)}\n".encode() + body)
    return digest.hexdigest()


def _pack(lexicon: Lexicon, digest: str) -> dict[str, Any]:
    """Each sense and each way to spell it once, by number. A key with one spelling holds its bare number."""
    senses: dict[Sense, int] = {}
    ways: dict[tuple[object, ...], int] = {}
    keys: dict[str, int | list[int]] = {}
    for key, spellings in lexicon.spellings.items():
        numbers = []
        for spelling in spellings:
            way = (senses.setdefault(spelling.sense, len(senses)), *spelling[1:])
            numbers.append(ways.setdefault(way, len(ways)))
        keys[key] = numbers[0] if len(numbers) == 1 else numbers
    return {
        "digest": digest,
        "senses": [[_plain(getattr(sense, name)) for name in _FIELDS] for sense in senses],
        "ways": list(ways),
        "keys": keys,
        "forms": [astuple(form) for form in lexicon.forms],
        "sections": [astuple(section) for section in lexicon.sections],
        "defaults": [astuple(default) for default in lexicon.defaults],
        "homes": sorted(lexicon.homes),
        **{name: getattr(lexicon, name) for name in _PLAIN},
    }


def _plain(value: object) -> object:
    return astuple(value) if isinstance(value, Place) else value


def _unpack(packed: dict[str, Any], digest: str) -> Lexicon:
    """Raises ValueError where it was made of other lists, and whatever it meets in a damaged one."""
    if packed["digest"] != digest:
        raise ValueError("made of other lists or by other code")
    senses = []
    for row in packed["senses"]:
        row[_PLACE] = None if row[_PLACE] is None else Place(*row[_PLACE])
        row[_NEEDS] = tuple(row[_NEEDS])
        senses.append(Sense(*row))
    single = [(Spelling(senses[number], *rest),) for number, *rest in packed["ways"]]
    return Lexicon(
        spellings={
            key: single[at] if isinstance(at, int) else tuple(single[number][0] for number in at)
            for key, at in packed["keys"].items()
        },
        forms=[Form(*row) for row in packed["forms"]],
        sections=[Section(*_tuples(row)) for row in packed["sections"]],
        defaults=[Default(*_tuples(row)) for row in packed["defaults"]],
        homes=set(packed["homes"]),
        **{name: packed[name] for name in _PLAIN},
    )


def _tuples(row: list[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]


def _keep(cache: Path, packed: dict[str, Any]) -> None:
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=cache.parent, prefix=cache.name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(packed, stream, ensure_ascii=False, separators=(",", ":"))
            Path(name).replace(cache)  # whole or not at all, whoever else writes it at the same time
        except BaseException:  # an interrupt too: no half file stays behind; raised on
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as fault:
        _LOG.debug("%s: not kept: %s", cache, fault)
