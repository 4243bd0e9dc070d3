"""``frontwatch export``: incidents as a situation report, a table, JSON lines or a map layer."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final, TextIO

from tui.briefing import Briefing, Section, figures, gravest_first, item_of, posture_words
from tui.incidents.standing import POSTURE
from tui.listing import as_dict, pages
from tui.model import Front, Incident, Kind, Place, Timestamp, Watch
from tui.store.reader import Reader
from tui.words import full_zulu, plural


class Format(StrEnum):
    """What can be written."""

    MD = "md"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


COLUMNS: Final = (
    "id",
    "fronts",
    "type",
    "by",
    "killed",
    "severity",
    "headline",
    "place",
    "lat",
    "lon",
    "first_seen",
    "last_seen",
    "publishers",
    "grade",
    "state",
    "reports",
    "link",
)
"""Of the CSV, in order; lists stand in one cell, with a semicolon and a space between."""

_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the last four are the wide ones of Chinese and Japanese
_FORMULA: Final = re.compile(rf"""^(?=[{_SIGNS}\t\r])|(?<=[;"])(?=\s*[{_SIGNS}])""")
"""Where a spreadsheet would begin to read a formula (OWASP, CSV Injection): at the start of a cell, and where
one starts for a spreadsheet that takes semicolons for the ends of cells, as half of Europe's do."""


def export(
    reader: Reader, watch: Watch, format: Format, *, front: str | None, since: Timestamp, out: TextIO
) -> None:
    """Writes the incidents told of since then, on a front or (None) on any, those that began last first.

    Raises ``StoreError``.
    """
    if format is Format.MD:
        fronts = [each for each in watch.fronts if front in (None, each.id)]
        out.write(situation(reader, watch, fronts, since).markdown())
        return
    incidents = pages(reader, front, Kind.INCIDENT, None, since)
    if format is Format.JSON:
        out.writelines(json.dumps(as_dict(each, reader), ensure_ascii=False) + "\n" for each in incidents)
    elif format is Format.CSV:
        _write_csv(reader, incidents, out)
    else:
        _write_geojson(reader, incidents, out)


def situation(reader: Reader, watch: Watch, fronts: Iterable[Front], since: Timestamp) -> Briefing:
    """The situation since then, by front: figures, posture, and every incident told of, the gravest first.

    An incident on several of the fronts stands on the first of them.
    """
    now = reader.clock().now()
    standings, told = reader.standings(), set[int]()
    sections = []
    for front in fronts:
        found = pages(reader, front.id, Kind.INCIDENT, None, since)
        mine = [each for each in found if each.id not in told]
        told.update(each.id for each in mine)
        lead = [f"{figures(reader, front, since, now)}."]
        standing = standings.get((POSTURE, front.id))
        lead += posture_words(standing, now)
        if not mine:
            lead.append("Nothing was told.")
        items = tuple(item_of(each, reader.reports(each.id), now) for each in gravest_first(mine))
        title = front.name if standing is None else f"{front.name}: {standing.state}"
        sections.append(Section(title, tuple(lead), items))
    lead = [f"{full_zulu(since)} to {full_zulu(now)}: {plural(len(told), 'incident')}."]
    return Briefing(f"Situation: {watch.title}", tuple(lead), tuple(sections))


def _write_csv(reader: Reader, incidents: Iterable[Incident], out: TextIO) -> None:
    # RFC 4180. Texts stand in quotes, so that no sign in them ends a cell.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    for incident in incidents:
        told = as_dict(incident, reader)
        link = next((report["link"] for report in told["reports"] if report["link"]), "")
        told |= {"reports": incident.reports, "link": link}
        writer.writerow([_cell(told[name]) for name in COLUMNS])


def _cell(value: Any) -> object:
    """A value for a cell that no spreadsheet takes for a formula; a number is none, below zero or not."""
    if value is None or isinstance(value, int | float):
        return value
    text = "; ".join(value) if isinstance(value, list | tuple) else str(value)
    return _FORMULA.sub("'", text)


def _position(place: Place | None) -> list[float] | None:
    """Longitude and latitude as RFC 7946 has them (section 3.1.1); None where there is none on the globe.

    A store that a hand has changed may hold anything. What lies behind the 180th meridian is told from the
    other side of it, as no reader of maps takes more than 180 degrees.
    """
    if place is None or not all(isinstance(each, float | int) for each in (place.lat, place.lon)):
        return None
    if not (math.isfinite(place.lon) and -90.0 <= place.lat <= 90.0):
        return None
    lon = place.lon if -180.0 <= place.lon <= 180.0 else (place.lon + 180.0) % 360.0 - 180.0
    return [lon, place.lat]


def _write_geojson(reader: Reader, incidents: Iterable[Incident], out: TextIO) -> None:
    """A FeatureCollection of points (RFC 7946), one feature a line; how many have no place goes to stderr."""
    out.write('{"type": "FeatureCollection", "features": [')
    without, separator = 0, "\n"
    for incident in incidents:
        position = _position(incident.place)
        if position is None:
            without += 1
            continue
        told = as_dict(incident, reader)
        del told["lon"], told["lat"]
        feature = {
            "type": "Feature",
            "id": told.pop("id"),
            "geometry": {"type": "Point", "coordinates": position},
            "properties": told,
        }
        out.write(separator + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        separator = ",\n"
    out.write("\n]}\n")
    if without:
        print(f"frontwatch: {plural(without, 'incident')} without a place left out", file=sys.stderr)
