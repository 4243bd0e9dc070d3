"""feeds.toml -> Watch."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tui import paths
from tui.config import files
from tui.config import values as check
from tui.config.faults import ConfigError, Fault, Faults, header
from tui.config.lines import KeyLines
from tui.config.tables import KEYS, Table, rows
from tui.model import Feed, FetchPolicy, Front, Watch

_FRONT_LEXICONS: Final = Path(__file__).parents[1] / "tagging" / "lexicons" / "fronts"

_EVERY: Final = check.duration("1m", "7d")
_USUAL_EVERY: Final = 300.0
_KEEP: Final = check.duration("1d", "3650d")
_USUAL_KEEP: Final = 90 * 86400.0
_PATIENCE: Final = check.duration("1s", "5m")
_TERM: Final = check.text(100, '"Bab al-Mandab"')

_SYNTAX_MENDS: Final = (
    ("Cannot overwrite a value", "a key may stand once in a table: delete one of the two"),
    ("Cannot declare", "a table may stand once, but for [[fronts]] and [[feeds]] in double brackets"),
    ("Unescaped '\\' in a string", "write the text in single quotes, or each \\ as \\\\"),
    ("Illegal character", "end the text with its quote on the same line, and delete invisible characters"),
    ("Unclosed array", "put commas between the items, and end the list with ]"),
    ("Unterminated string", "end the text with its quote"),
    ('Expected "\'"', "end the text with its quote"),
    ("Expected '=' after a key", 'write key = value, as in title = "Axis of Resistance"'),
    ("Invalid value", "put text in quotes, and end every list with ]"),
    ("Expected newline or end of document", "begin each key on a line of its own, and a comment with #"),
)
"""The mend for a complaint of tomllib that begins so."""


def lexicon_names() -> tuple[str, ...]:
    """Names of the built-in term lists that a front can use."""
    return tuple(sorted(path.stem for path in _FRONT_LEXICONS.glob("*.toml")))


def load(path: Path) -> Watch:
    """Read and check a config.

    Raises ConfigError with all faults at once; no other exception, whatever the file holds.
    """
    file = check.printable(str(path))
    text = files.read(path, file)
    try:
        document = tomllib.loads(text)
        lines = KeyLines(text)
    except RecursionError:
        raise ConfigError(
            (Fault(file, "is nested too deep", "write each table under a header of its own"),)
        ) from None
    except ValueError as error:  # a TOMLDecodeError, or a number of more digits than Python reads
        raise ConfigError((_syntax_fault(file, text, str(error)),)) from None
    faults = Faults(file, document, lines)
    watch = _watch(document, faults, None if path == paths.builtin_config() else path)
    faults.raise_any()
    return watch


def _syntax_fault(file: str, text: str, complaint: str) -> Fault:
    """A fault out of tomllib's message, which ends with where it was at."""
    match = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", complaint)
    if match is None:
        return Fault(file, "holds a value that can't be read", "write numbers of at most nine digits")
    line = match[1] or str(text.count("\n") + (not text.endswith("\n")))
    what = check.printable(complaint[: match.start()])
    mend = next((mend for begin, mend in _SYNTAX_MENDS if what.startswith(begin)), "correct the TOML there")
    return Fault(f"{file} line {line}", what, mend)


def _watch(document: Mapping[str, object], faults: Faults, path: Path | None) -> Watch:
    for name in document:
        if name not in KEYS:
            near = check.did_you_mean(name, KEYS)
            mend = (
                f"did you mean {header(near)}?" if near else f"the tables are {', '.join(map(header, KEYS))}"
            )
            faults.add((name,), "is no part of a feeds.toml", mend)
    table = Table(faults, ("watch",), document.get("watch", {}))
    every = table.optional("every", _EVERY, _USUAL_EVERY)
    fronts = rows("fronts", document, faults)
    feeds = rows("feeds", document, faults)
    front = _front_named(fronts.values())
    lexicon = check.one_of(lexicon_names(), "lexicon")
    return Watch(
        title=table.required("title", check.text(80, KEYS["watch"]["title"])),
        every=every,
        keep=table.optional("keep", _KEEP, _USUAL_KEEP),
        zones=table.items("zones", check.zone),
        fetch=_fetch(Table(faults, ("fetch",), document.get("fetch", {}))),
        fronts=tuple(_front(Table(faults, at, row), lexicon) for at, row in fronts.items()),
        feeds=tuple(_feed(Table(faults, at, row), front, every) for at, row in feeds.items()),
        path=path,
    )


def _front_named(fronts: Iterable[object]) -> check.Check[str]:
    """A check for the id of one of these fronts.

    Ids that are faulty themselves count, and where there are none any id passes: one fault is told once.
    """
    ids = [front.get("id") for front in fronts if isinstance(front, dict)]
    known = tuple(name for name in ids if isinstance(name, str) and name)
    return check.one_of(known, "front") if known else check.front_id


def _fetch(table: Table) -> FetchPolicy:
    usual = FetchPolicy()
    return FetchPolicy(
        allow_hosts=table.items("allow_hosts", check.allowed_host),
        timeout=table.optional("timeout", _PATIENCE, usual.timeout),
        silence=table.optional("silence", _PATIENCE, usual.silence),
        max_bytes=table.optional("max_bytes", check.size(64 * 1024, 256 * 1024**2), usual.max_bytes),
        max_redirects=table.optional("max_redirects", check.whole_number(0, 20), usual.max_redirects),
        max_entries=table.optional("max_entries", check.whole_number(1, 100_000), usual.max_entries),
        per_host=table.optional("per_host", check.whole_number(1, 16), usual.per_host),
    )


def _front(table: Table, lexicon: check.Check[str]) -> Front:
    zone = table.required("zone", check.zone)
    return Front(
        id=table.required("id", check.front_id, same=str),
        name=table.required("name", check.text(40, KEYS["fronts"]["name"]), same=str.casefold),
        zone=zone,
        city=table.optional("city", check.text(20, '"Sanaa"'), zone.rpartition("/")[2].replace("_", " ")),
        lexicons=table.items("lexicons", lexicon),
        terms=table.items("terms", _TERM),
        vetoes=table.items("vetoes", _TERM),
    )


def _feed(table: Table, front: check.Check[str], every: float) -> Feed:
    return Feed(
        name=table.required("name", check.text(60, KEYS["feeds"]["name"]), same=str.casefold),
        url=table.required("url", check.url, same=check.url_identity),
        publisher=table.required("publisher", check.text(60, KEYS["feeds"]["publisher"])),
        language=table.required("language", check.language),
        reliability=table.required("reliability", check.reliability),
        front=table.optional("front", front, "") or None,
        every=table.optional("every", _EVERY, every),
    )
