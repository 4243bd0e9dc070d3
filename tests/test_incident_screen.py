"""The incident's page: what was told of it, by whom and when, and why it has its grade."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests import samples
from tests.samples import HOUR, MINUTE
from tests.watchfloor import NAQOURA, Watchfloor
from tests.watching import text_of, watching
from tui.incidents.merge import Merger
from tui.model import Report
from tui.screens.incident import IncidentScreen

TOLD = (
    ("Drone strike kills two near Naqoura", "Gazette", 0.0, {"killed": 2}),
    ("Third man dies after raid on car at Naqoura", "Herald", 0.6, {"killed": 3, "type": "air-strike"}),
    (
        "Naqoura strike: jets of coalition hit car, three dead",
        "Courier",
        0.9,
        {"killed": 3, "by": "us-coalition"},
    ),
)


def tell(floor: Watchfloor) -> list[Report]:
    """One incident in three voices, through the real merger and writer."""
    merger, start = Merger(), floor.now - 2 * HOUR
    reports = []
    for title, source, hours, facts in TOLD:
        tags = samples.tags("north", places=(NAQOURA,))._replace(**facts)
        named = {"source": source, "publisher": source.lower(), "link": "https://wire.example/naqoura"}
        reports.append(samples.report(title, at=start + hours * HOUR, tagged=tags, **named))
        merger.place(reports[-1])
    changes = merger.changes()
    assert len(changes.incidents) == 1
    floor.writer.add([(each, changes.incident_of[each.key]) for each in reports], changes.incidents)
    return reports


@asynccontextmanager
async def page(floor: Watchfloor, size: tuple[int, int]) -> AsyncIterator[tuple[IncidentScreen, Pilot[None]]]:
    """The page of the newest incident, open."""
    async with watching(floor, size, "down", "enter") as (app, pilot):
        assert isinstance(app.screen, IncidentScreen)
        yield app.screen, pilot


@pytest.mark.parametrize("size", [(80, 60), (120, 60)])
async def test_each_fact_is_shown_with_its_sources_and_its_history(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    tell(floor)
    async with page(floor, size) as (screen, _):
        text = text_of(screen.app)
        for row in (
            r"killed +2  \(\d\d:\d\dZ Gazette\), superseded",
            r" +3  \(\d\d:\d\dZ Herald and 1 other\)",
            r"by +israel  \(\d\d:\d\dZ Gazette and 1 other\)  ! contradicted",
            r" +us-coalition  \(\d\d:\d\dZ Courier\)  ! contradicted",
            r"where +Naqoura  33.12, 35.14  \(\d\d:\d\dZ Gazette and 2 others\)",
        ):
            assert re.search(row, text)


async def test_the_grade_is_explained_in_sentences(floor: Watchfloor) -> None:
    tell(floor)
    async with page(floor, (120, 80)) as (screen, _):
        text = text_of(screen.app)
        assert "WHY B2" in text
        assert "Contested: who did it (israel, us-coalition)." in text
        assert "2: probably true, with 3 independent accounts." in text


async def test_an_incident_whose_reports_went_to_another_says_so(floor: Watchfloor) -> None:
    reports = tell(floor)
    async with page(floor, (120, 60)) as (screen, pilot):
        other = screen.incident._replace(id=screen.incident.id + 1)
        moved = {report.key: other.id for report in reports}
        floor.writer.add((), (other,), moved=moved, emptied=(screen.incident.id,))
        for _ in range(100):
            await pilot.pause(MINUTE / 1200)
            if "are of another" in text_of(screen.app):
                break
        assert "0 REPORTS" in text_of(screen.app)
        assert "are of another" in text_of(screen.app)
        await pilot.press("escape")
        await pilot.pause()
        assert text_of(screen.app).count("Naqoura") == 1


async def test_a_page_without_room_for_its_map_is_written_without_it(floor: Watchfloor) -> None:
    tell(floor)
    async with page(floor, (120, 60)) as (screen, pilot):
        await pilot.resize_terminal(1, 1)
        screen.refresh_picture()  # as when something comes before the page is laid out
        await pilot.resize_terminal(120, 60)
        assert "WHERE" in text_of(pilot.app)
