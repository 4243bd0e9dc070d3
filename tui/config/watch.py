"""feeds.toml -> Watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tui import paths
from tui.config import files
from tui.config import values as check
from tui.config.alarms import alarm_policy, suppressions
from tui.config.faults import Faults, header
from tui.config.lexicon_file import check_lexicon
from tui.config.lines import KeyPath
from tui.config.screen import screen_policy
from tui.config.syntax import read_toml
from tui.config.tables import FRONT_POSTURE_KEYS, KEYS, Table, rows
from tui.model import ACT_TYPES, Feed, Front, Kind, Tripwire, Watch
from tui.policy import FetchPolicy, PosturePolicy

_FRONT_LEXICONS: Final = Path(__file__).parents[1] / "tagging" / "lexicons" / "fronts"

EVERY: Final = check.duration("1m", "7d")
"""The check of a poll interval."""
_USUAL_EVERY: Final = 300.0
_KEEP: Final = check.duration("1d", "3650d")
_USUAL_KEEP: Final = 90 * 86400.0
_PATIENCE: Final = check.duration("1s", "5m")
_TERM: Final = check.text(100, '"Bab al-Mandab"')
_CONDITIONS: Final = ("terms", "fronts", "by", "against", "types", "killed_at_least")


def lexicon_names() -> tuple[str, ...]:
    """Names of the built-in term lists that a front can use."""
    return tuple(sorted(path.stem for path in _FRONT_LEXICONS.glob("*.toml")))


def load(path: Path) -> Watch:
    """Read and check a config.

    Raises ConfigError with all faults at once; no other exception, whatever the file holds.
    """
    return checked(files.read(path, check.printable(str(path))), path)


def checked(text: str, path: Path) -> Watch:
    """The watch that ``text`` is, as the whole of the file at ``path``. Raises ConfigError."""
    file = check.printable(str(path))
    document, lines = read_toml(file, text)
    faults = Faults(file, document, lines)
    watch = _watch(document, faults, path)
    faults.raise_any()
    return watch


def _watch(document: Mapping[str, object], faults: Faults, path: Path) -> Watch:
    for name in document:
        if name not in KEYS:
            near = check.did_you_mean(name, KEYS)
            mend = (
                f"did you mean {header(near)}?" if near else f"the tables are {', '.join(map(header, KEYS))}"
            )
            faults.add((name,), "is no part of a feeds.toml", mend)
    table = Table(faults, ("watch",), document.get("watch", {}))
    every = table.optional("every", EVERY, _USUAL_EVERY)
    fronts = rows("fronts", document, faults)
    feeds = rows("feeds", document, faults)
    tripwires = rows("tripwires", document, faults, needed=False)
    front = _front_named(fronts.values())
    lexicon = _lexicon_named(path.parent)
    posture = _posture(Table(faults, ("posture",), document.get("posture", {})), PosturePolicy())
    alarms = document.get("alarms", {})
    return Watch(
        title=table.required("title", check.text(80, KEYS["watch"]["title"])),
        every=every,
        keep=table.optional("keep", _KEEP, _USUAL_KEEP),
        zones=table.items("zones", check.zone),
        fetch=_fetch(Table(faults, ("fetch",), document.get("fetch", {}))),
        posture=posture,
        alarms=alarm_policy(faults, alarms),
        suppressions=suppressions(faults, alarms, front, _publishers(feeds.values())),
        screen=screen_policy(faults, document),
        fronts=tuple(
            _front(Table(faults, at, row), lexicon, at, faults, _front_posture(row, at, faults, posture))
            for at, row in fronts.items()
        ),
        feeds=tuple(_feed(Table(faults, at, row), front, every) for at, row in feeds.items()),
        tripwires=tuple(_tripwire(Table(faults, at, row), front) for at, row in tripwires.items()),
        path=None if path == paths.builtin_config() else path,
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
    fastest = table.optional("fastest", EVERY, usual.fastest)
    slowest = table.optional("slowest", EVERY, usual.slowest)
    if fastest > slowest:
        table.fault("fastest is longer than slowest", "make fastest the shorter of the two")
    return FetchPolicy(
        allow_hosts=table.items("allow_hosts", check.allowed_host),
        timeout=table.optional("timeout", _PATIENCE, usual.timeout),
        silence=table.optional("silence", _PATIENCE, usual.silence),
        max_bytes=table.optional("max_bytes", check.size(64 * 1024, 256 * 1024**2), usual.max_bytes),
        max_redirects=table.optional("max_redirects", check.whole_number(0, 20), usual.max_redirects),
        max_entries=table.optional("max_entries", check.whole_number(1, 100_000), usual.max_entries),
        per_host=table.optional("per_host", check.whole_number(1, 16), usual.per_host),
        fastest=fastest,
        slowest=slowest,
        adaptive=table.optional("adaptive", check.yes_or_no, usual.adaptive),
    )


def _publishers(feeds: Iterable[object]) -> tuple[str, ...]:
    names = [feed.get("publisher") for feed in feeds if isinstance(feed, dict)]
    return tuple(dict.fromkeys(name.strip() for name in names if isinstance(name, str) and name))


def _front_posture(row: object, at: KeyPath, faults: Faults, usual: PosturePolicy) -> PosturePolicy | None:
    """``[fronts.posture]``: what it says, and of the rest what holds of the whole watch."""
    if not isinstance(row, dict) or "posture" not in row:
        return None
    keys = {**KEYS, "fronts": FRONT_POSTURE_KEYS}
    return _posture(Table(faults, (*at, "posture"), row["posture"], keys), usual)


def _posture(table: Table, usual: PosturePolicy) -> PosturePolicy:
    hours = check.duration("1m", "2d")
    elevated = table.optional("elevated", check.number(1e-9, 0.5), usual.elevated)
    surge = table.optional("surge", check.number(1e-9, 0.5), usual.surge)
    if surge > elevated:
        mend = "a surge is the rarer of the two: make surge the smaller"
        table.fault(f"surge is {surge:g} and elevated {elevated:g}", mend)
    return PosturePolicy(
        elevated=elevated,
        surge=surge,
        fewest=table.optional("fewest", check.whole_number(1, 1000), usual.fewest),
        hold=table.optional("hold", hours, usual.hold),
        active_fronts=table.optional("active_fronts", check.whole_number(2, 100), usual.active_fronts),
        active_within=table.optional("active_within", hours, usual.active_within),
        active_sides=table.items("active_sides", check.text(40, '"axis"')) or usual.active_sides,
    )


def _lexicon_named(folder: Path) -> check.Check[str]:
    """A check for a built-in term list, or for the path of one of the watch's own beside its file."""
    built_in = check.one_of(lexicon_names(), "lexicon")

    def check_name(value: object) -> str:
        if isinstance(value, str) and value.endswith(".toml"):
            name = check.text(400, '"./my-lexicon.toml"')(value)
            return str((folder / name).absolute())
        return built_in(value)

    return check_name


def _front(
    table: Table,
    lexicon: check.Check[str],
    at: KeyPath,
    faults: Faults,
    posture: PosturePolicy | None,
) -> Front:
    lexicons = table.items("lexicons", lexicon)
    for path in lexicons:
        if path.endswith(".toml"):
            faults.adopt((*at, "lexicons"), check_lexicon(Path(path)))
    zone = table.required("zone", check.zone)
    return Front(
        id=table.required("id", check.front_id, same=str),
        name=table.required("name", check.text(40, KEYS["fronts"]["name"]), same=str.casefold),
        zone=zone,
        city=table.optional("city", check.text(20, '"Sanaa"'), zone.rpartition("/")[2].replace("_", " ")),
        lexicons=lexicons,
        terms=table.items("terms", _TERM),
        vetoes=table.items("vetoes", _TERM),
        posture=posture,
    )


def _feed(table: Table, front: check.Check[str], every: float) -> Feed:
    return Feed(
        name=table.required("name", check.text(60, KEYS["feeds"]["name"]), same=str.casefold),
        url=table.required("url", check.url, same=check.url_identity),
        publisher=table.required("publisher", check.text(60, KEYS["feeds"]["publisher"])),
        language=table.required("language", check.language),
        reliability=table.required("reliability", check.reliability),
        front=table.optional("front", front, "") or None,
        every=table.optional("every", EVERY, every),
    )


def _tripwire(table: Table, front: check.Check[str]) -> Tripwire:
    if table.usable and not table.has(*_CONDITIONS):
        table.fault("has no condition, so every text would meet it", f"add one of {', '.join(_CONDITIONS)}")
    killed = table.optional("killed_at_least", check.whole_number(1, 100_000), 0)
    kinds = table.items("kinds", check.one_of(tuple(Kind), "kind"))
    side = check.text(40, '"other"')
    return Tripwire(
        name=table.required("name", check.text(60, KEYS["tripwires"]["name"]), same=str.casefold),
        terms=table.items("terms", _TERM),
        fronts=table.items("fronts", front),
        by=table.items("by", side),
        against=table.items("against", side),
        types=table.items("types", check.one_of(ACT_TYPES, "type")),
        killed_at_least=killed or None,
        kinds=tuple(map(Kind, kinds)) or (Kind.INCIDENT,),
    )
