"""``frontwatch list``: incidents of the store as a table for a person, or as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from tui.clock import iso
from tui.model import Incident, Kind, Report, Severity, State, Timestamp
from tui.store.reader import Reader
from tui.usage import must_be
from tui.words import plural

if TYPE_CHECKING:
    from tui.store.search import Answer

PAGE: Final = 500
"""Incidents read at a time: the list may be as long as the store."""

_COLUMNS: Final = {"STATE": 5, "SEV": 3, "BEGAN": 17, "TYPE": 14, "PLACE": 18, "TOLD": 4, "GRADE": 5}
"""Name and width of each column before the headline, which has no end."""

_STATES: Final = {
    State.NEW: "new",
    State.ACKNOWLEDGED: "ack",
    State.SHELVED: "shelf",
    State.CLOSED: "close",
    State.SUPPRESSED: "rule",
}


def list_incidents(
    reader: Reader,
    *,
    front: str | None,
    since: Timestamp,
    kind: str | None,
    severity: str | None,
    as_json: bool,
    out: TextIO,
) -> int:
    """Writes the incidents told of from ``since`` on, those that began last first.

    ``kind`` None is an incident; ``severity`` is that or worse. Returns the exit code. Raises ``StoreError``,
    and ``WrongUsage`` where there is no such kind or severity.
    """
    must_be(kind, tuple(Kind), "kind")
    must_be(severity, tuple(Severity), "severity")
    found = pages(
        reader,
        front,
        Kind(kind or Kind.INCIDENT),
        Severity(severity) if severity else None,
        since,
    )
    if front is not None and reader.newest(front) is None:
        print(f"frontwatch: nothing was ever stored of a front {front!r}", file=sys.stderr)
    if as_json:
        out.writelines(json.dumps(as_dict(each, reader), ensure_ascii=False) + "\n" for each in found)
    else:
        out.write(_line(list(_COLUMNS), "HEADLINE"))
        out.writelines(_line(_cells(each), each.headline) for each in found)
    return 0


def as_dict(incident: Incident, reader: Reader) -> dict[str, Any]:
    """The object that ``list --json`` writes of an incident."""
    place = incident.place
    return {
        "id": incident.id,
        "fronts": incident.fronts,
        "kind": incident.kind,
        "type": incident.type,
        "by": incident.by,
        "killed": incident.killed,
        "severity": incident.severity,
        "headline": incident.headline,
        "place": place.name if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "first_seen": iso(incident.first_seen),
        "last_seen": iso(incident.last_seen),
        "publishers": incident.publishers,
        "grade": incident.grade,
        "state": incident.state,
        "reports": [
            {
                "source": report.source,
                "link": report.link,
                "title": report.title,
                "published": iso(report.published),
            }
            for report in reader.reports(incident.id)
        ],
    }


def list_found(reader: Reader, answer: Answer, *, as_json: bool, out: TextIO, talk: TextIO) -> int:
    """Writes what a search found, the best first; to ``talk`` how many there are. Returns the exit code."""
    for found in answer.found:
        incident, report = found.incident, found.report
        if as_json:
            said = as_dict(incident, reader) if incident else _other(report) if report else {}
            out.write(json.dumps(said, ensure_ascii=False) + "\n")
        elif incident is not None:
            out.write(_line(_cells(incident), incident.headline))
        elif report is not None:
            began = iso(report.published)[:16].replace("T", " ") + "Z"
            out.write(_line(["-", "-", began, report.tags.kind, "-", "x1", "-"], report.title))
    more = "at least " if answer.at_least else ""
    counts = [plural(answer.incidents, "incident"), plural(answer.others, "other report")]
    if answer.context:
        counts.insert(1, f"{answer.context} context")
    talk.write(f"{more}{', '.join(counts)}\n")
    for part, count in answer.looser:
        talk.write(f"without {part}: {count}\n")
    return 0


def _other(report: Report) -> dict[str, Any]:
    """A report of no incident, under the keys of an incident."""
    told = {"source": report.source, "link": report.link, "title": report.title}
    published = iso(report.published)
    return {
        "id": None,
        "fronts": (),
        "kind": report.tags.kind,
        "headline": report.title,
        "first_seen": published,
        "last_seen": published,
        "publishers": (report.publisher,),
        "reports": [told | {"published": published}],
    }


def pages(
    reader: Reader, front: str | None, kind: Kind, severity: Severity | None, since: Timestamp
) -> Iterator[Incident]:
    """Incidents told of since then, those that began last first, read page by page."""
    before = None
    while True:
        page = reader.incidents(
            front=front, kinds=(kind,), severity=severity, since=since, before=before, limit=PAGE
        )
        yield from page
        if len(page) < PAGE:
            return
        before = (page[-1].first_seen, page[-1].id)


def _cells(incident: Incident) -> list[str]:
    return [
        _STATES[incident.state],
        incident.severity[0].upper() if incident.severity else "-",
        iso(incident.first_seen)[:16].replace("T", " ") + "Z",
        incident.type or incident.kind,
        incident.place.name if incident.place else "-",
        f"x{len(incident.publishers)}",
        incident.grade,
    ]


def _line(cells: Sequence[str], headline: str) -> str:
    """One line; a cell that is too long is cut. No escape codes: it may go to a file or a pipe."""
    fitted = (
        cell.ljust(width) if len(cell) <= width else cell[: width - 1] + "…"
        for cell, width in zip(cells, _COLUMNS.values(), strict=True)
    )
    return f"{' '.join(fitted)} {headline}\n"
