"""A month of entries: those of a replay file, or made up here, from words that the project wrote."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import tui.tagging
from tests.benchmarks.realistic import Outlet
from tests.faults.publisher import ACTS
from tui.clock import DAY, utc
from tui.model import Timestamp

START: Final = datetime(2023, 12, 1, tzinfo=UTC).timestamp()
"""Of a month that is made up."""
SOURCES: Final = 40
A_DAY: Final = 1500
"""Entries, as the feeds of December 2023 had."""
ON_A_FRONT: Final = 0.02
"""Share of them; in December it was one in 94."""
RETOLD: Final = 0.5
"""Chance that an act on a front is told by one more outlet, and by another one after that."""
WEIGHTS: Final = (
    [0.4, 0.3, 0.3, 0.4, 0.6, 0.8, 1.0, 1.2, 1.3, 1.3, 1.3, 1.3] + [1.3] * 6 + [1.2] * 3 + [0.8] * 3
)
"""Of the hours of a day: nights are quiet."""
_PLACES: Final = Path(tui.tagging.__file__).parent / "lexicons" / "places.csv"


class Text(NamedTuple):
    """One entry, as a feed will carry it."""

    published: Timestamp
    path: str
    """Of its page."""
    title: str
    summary: str
    language: str = "en"


Month = dict[str, list[Text]]
"""Entries by source, the oldest first."""


def of_file(path: Path) -> Month:
    """The entries of a replay file (JSON lines, ``.gz`` or not)."""
    month: Month = defaultdict(list)
    body = path.read_bytes()
    text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8")
    for line in text.splitlines():
        entry = json.loads(line)
        published = datetime.fromisoformat(entry["published"]).timestamp()
        page = urlsplit(entry["link"]).path or "/"
        month[entry["source"]].append(Text(published, page, entry["title"], entry["summary"] or ""))
    for texts in month.values():
        texts.sort()
    return dict(month)


def made_up(days: float, seed: int = 2023) -> Month:
    """So many days of :data:`SOURCES` outlets: much that is of no front, and acts that several tell."""
    dice = random.Random(seed)
    outlets = [Outlet(number, "en", 0, 0) for number in range(SOURCES)]
    shares = [1 / (number + 2) for number in range(SOURCES)]
    places = _places()
    month: Month = {f"outlet-{number}": [] for number in range(SOURCES)}
    for number in range(int(A_DAY * days)):
        hour = dice.choices(range(24), WEIGHTS)[0]
        at = START + int(dice.random() * days) * DAY + (hour + dice.random()) * 3600.0
        at = min(at, START + days * DAY)
        teller = dice.choices(range(SOURCES), shares)[0]
        if dice.random() >= ON_A_FRONT:
            words = outlets[teller]
            text = Text(at, f"/world/{number}", words.words(70).capitalize(), words.words(200).capitalize())
            month[f"outlet-{teller}"].append(text)
            continue
        title = f"{dice.choice(ACTS)} near {dice.choice(places)}"
        while True:
            text = Text(at, f"/world/{number}-{teller}", title, f"{dice.randint(1, 9)} wounded.")
            month[f"outlet-{teller}"].append(text)
            if dice.random() >= RETOLD:
                break
            teller, at = dice.randrange(SOURCES), at + dice.uniform(60.0, 5400.0)
    for texts in month.values():
        texts.sort()
    return month


def again(month: Month, days: float) -> Month:
    """The month over and over until so many days are full, each time as news of its own days and pages."""
    start = start_of(month)
    length = -(-(max(texts[-1].published for texts in month.values() if texts) - start) // DAY)
    return {
        source: [
            text._replace(published=text.published + turn * length * DAY, path=f"{text.path}/{turn}")
            for turn in range(max(1, int(-(-days // length))))
            for text in texts
        ]
        for source, texts in month.items()
    }


def _places() -> list[str]:
    """Towns of the fronts that come with the program."""
    rows = csv.DictReader(_PLACES.read_text(encoding="utf-8").splitlines())
    return [row["name"] for row in rows if row["kind"] in ("village", "town", "city")]


def start_of(month: Month) -> Timestamp:
    """Midnight before its first entry."""
    first = utc(min(texts[0].published for texts in month.values() if texts))
    return first.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
