"""``frontwatch corrections``: what people corrected, as labelled lines that ``frontwatch evaluate`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TextIO

from tui.clock import iso
from tui.incidents.rulings import Correction
from tui.model import Incident, Report
from tui.store.reader import Reader

_STANDING: Final = ("fronts", "kind", "type", "by")
"""A person who corrects one of these has seen the others and left them: they are labels too.

Not so ``killed`` and ``severity``: they are the highest that any report tells, and each report tells its own.
"""


def write_labelled(reader: Reader, out: TextIO) -> None:
    """Writes a JSON line for each report of a corrected incident: its text, and what is right of it.

    Besides what evaluate reads it says of which ``incident`` it is and which fields were ``corrected``. What
    was taken back is left out. Raises ``StoreError``.
    """
    corrections = reader.corrections()
    for id, some in groupby(corrections, key=attrgetter("incident")):
        incident = reader.incident(id)
        if incident is not None:
            out.writelines(
                json.dumps(line, ensure_ascii=False) + "\n" for line in _lines(reader, incident, list(some))
            )


def _lines(reader: Reader, incident: Incident, corrections: list[Correction]) -> Iterator[dict[str, Any]]:
    corrected = [each.field for each in corrections if each.field != "place"]
    if not corrected:
        return  # a place is no label that evaluate knows
    labels = {name: getattr(incident, name) for name in dict.fromkeys((*_STANDING, *corrected))}
    for report in reader.reports(incident.id):
        yield _text(report) | labels | {"incident": incident.id, "corrected": corrected}


def _text(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "summary": report.summary,
        "lang": report.language,
        "source": report.source,
        "link": report.link,
        "published": iso(report.published),
    }
