"""What the demo's outlets have published by a given moment.

The story runs over :data:`PERIOD`: a day that lies behind the demo's start, so that sparks and
counts are full at once, and thirty hours that unfold while it is watched: a day with a surge, a
quiet night, a second day. Then it goes round, with the times moved on and new ids, for as long as the
clock runs.

A story file is a list of ``[[event]]`` tables. Each has an ``id``, ``at`` (``"-03:20"``: hours and minutes
from the demo's start), its labels after the tagging guide (``fronts``, ``kind`` and, for an incident on a
front, ``type``, ``by`` and ``severity``: what its texts come to without dead), perhaps the ``section`` of
its links, and ``[[event.report]]`` tables: ``feed`` (an outlet's slug), ``after`` (minutes after the
event's time), ``title``, ``summary``, ``killed`` (as this text tells it), ``hostile``, ``repeat`` (how
often the title is said) and any label of the event that this text does not bear out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tui.clock import iso
from tui.model import Severity, Timestamp

HISTORY: Final = 24 * 3600.0
"""Seconds of the story that lie before the demo's start."""
PERIOD: Final = 54 * 3600.0
"""Seconds after which the story goes round: over two days, so that no event is taken for its own repeat."""
LAST: Final = 30
"""Items in a feed's document, as outlets do it: the newest."""

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Outlet:
    """A feed of the demo and how it is served."""

    slug: str
    """Its name in addresses."""
    name: str
    publisher: str
    language: str
    reliability: str
    about: str
    """The feed's own description."""
    front: str | None = None
    format: str = "rss"
    """``rss`` (2.0), ``atom`` or ``rdf`` (RSS 1.0)."""
    encoding: str = "utf-8"
    html: bool = False
    """Summaries are sent as HTML, as many publishing systems do."""
    slow: bool = False
    moved: bool = False
    """The configured address redirects to the real one."""
    fault: str = ""
    """``page`` (HTML for a feed), ``truncated``, ``unavailable`` (503) or ``refused`` (a dead port)."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One report as one outlet tells it, with the labels that a careful person would give its text."""

    event: str
    """Id of what it tells of."""
    number: int
    """Its place among the reports of that event."""
    outlet: str
    at: float
    """Seconds after the demo's start in the first round; negative in the history."""
    title: str
    summary: str
    section: str
    """First part of the link's path, as outlets sort their pages."""
    hostile: bool
    """Carries what no terminal may ever see: the only texts that ``safe_text`` changes."""
    fronts: tuple[str, ...]
    kind: str
    type: str | None
    by: str | None
    killed: int | None
    severity: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A telling that has come out in some round of the story."""

    id: str
    path: str
    published: Timestamp
    telling: Telling


class World:
    """The outlets and what they have published, by a story that began :data:`HISTORY` before ``start``."""

    def __init__(self, start: Timestamp) -> None:
        self.begin = start - HISTORY
        self.outlets = {outlet.slug: outlet for outlet in read_outlets()}
        self._items: dict[str, list[Telling]] = {slug: [] for slug in self.outlets}
        self._by_name: dict[tuple[str, int], Telling] = {}
        for telling in read_tellings():
            self._items[telling.outlet].append(telling)
            self._by_name[telling.event, telling.number] = telling

    def items(self, slug: str, now: Timestamp, last: int = LAST) -> list[Item]:
        """The newest ``last`` items that this outlet has published by ``now``, newest first."""
        current = int((now - self.begin) // PERIOD)
        items = [
            item
            for story in range(max(0, current - 1), current + 1)
            for telling in self._items[slug]
            if (item := self._item(telling, story)).published <= now
        ]
        items.sort(key=lambda item: (item.published, item.id), reverse=True)
        return items[:last]

    def find(self, item_id: str) -> Item | None:
        """The item of that id, or None; any text may be asked."""
        event, _, rest = item_id.partition(".")
        number, _, story = rest.partition(".")
        if not (_is_count(number) and _is_count(story)):
            return None
        telling = self._by_name.get((event, int(number)))
        return self._item(telling, int(story)) if telling else None

    def _item(self, telling: Telling, story: int) -> Item:
        item_id = f"{telling.event}.{telling.number}.{story}"
        published = self.begin + HISTORY + telling.at + story * PERIOD
        return Item(item_id, f"/{telling.section}/{item_id}", published, telling)


def _is_count(text: str) -> bool:
    return len(text) < 10 and text.isascii() and text.isdigit()


@cache
def read_outlets() -> tuple[Outlet, ...]:
    """The demo's outlets in the order in which the watch lists them."""
    tables = tomllib.loads((_FOLDER / "outlets.toml").read_text("utf-8"))
    return tuple(Outlet(**table) for table in tables["outlet"])


@cache
def read_tellings() -> tuple[Telling, ...]:
    """Every report of the story, by file, event and number."""
    return tuple(
        telling
        for path in sorted((_FOLDER / "stories").glob("*.toml"))
        for event in tomllib.loads(path.read_text("utf-8"))["event"]
        for telling in _tellings(event)
    )


def _tellings(event: dict[str, Any]) -> Iterator[Telling]:
    """The reports of one event: its labels are theirs, but for what a report says otherwise."""
    began = _seconds(event["at"])
    for number, report in enumerate(event["report"]):
        told: dict[str, Any] = {**event, **report}
        killed = report.get("killed")
        incident = told["kind"] == "incident"
        yield Telling(
            event=event["id"],
            number=number,
            outlet=report["feed"],
            at=began + 60.0 * report["after"],
            title=report["title"] * report.get("repeat", 1),
            summary=report.get("summary", ""),
            section=told.get("section", "news"),
            hostile=report.get("hostile", False),
            fronts=tuple(told["fronts"]),
            kind=told["kind"],
            type=told.get("type") if incident else None,
            by=told.get("by") if incident else None,
            killed=killed,
            severity=_severity(told.get("severity"), killed) if incident else None,
        )


def _severity(told: str | None, killed: int | None) -> str | None:
    """The severity of the event without its dead, raised by the dead of this report (tagging guide)."""
    if told is None:
        return None
    toll = Severity.CRITICAL if (killed or 0) >= 10 else Severity.HIGH if killed else Severity.LOW
    return str(max(Severity(told), toll, key=lambda severity: severity.rank))


def _seconds(text: str) -> float:
    """``-03:20`` is three hours and twenty minutes before the demo's start."""
    hours, minutes = text.lstrip("+-").split(":")
    seconds = 3600.0 * int(hours) + 60.0 * int(minutes)
    return -seconds if text.startswith("-") else seconds


def labelled(start: Timestamp = 1_700_000_000.0) -> Iterator[dict[str, Any]]:
    """The whole story as labelled lines for ``frontwatch evaluate``, in order of time.

    ``event`` is the same for reports of one incident and None for what is no incident; ``published``,
    ``source`` and ``link`` make the lines fit for ``frontwatch replay`` too. Hostile texts are left out.
    """
    outlets = {outlet.slug: outlet for outlet in read_outlets()}
    for telling in sorted(read_tellings(), key=lambda telling: telling.at):
        if telling.hostile:
            continue
        outlet = outlets[telling.outlet]
        yield {
            "id": f"{telling.event}.{telling.number}",
            "lang": outlet.language,
            "source": outlet.name,
            "link": f"http://demo.invalid/{telling.section}/{telling.event}.{telling.number}",
            "published": iso(start + telling.at),
            "title": telling.title,
            "summary": telling.summary,
            "fronts": list(telling.fronts),
            "kind": telling.kind,
            "type": telling.type,
            "by": telling.by,
            "killed": telling.killed,
            "severity": telling.severity,
            "event": telling.event if telling.kind == "incident" else None,
        }
