"""Corrections from the screens: what is wrong of an incident, put right by keys, done by the collector."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests import samples
from tests.default_tagger import tagger_of
from tests.samples import MINUTE
from tests.watchfloor import NAQOURA, Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.incidents.merge import Merger
from tui.ingest import Ingest, merger_of
from tui.model import Incident, Kind, Severity
from tui.paths import STORE_NAME
from tui.screens.choice import ChoiceScreen
from tui.screens.incident import IncidentScreen
from tui.store.reader import Reader
from tui.tagging.gazetteer import find_places

SIZE = (120, 45)


@pytest.fixture
def floor(tmp_path: Path) -> Watchfloor:
    floor = Watchfloor(tmp_path)
    floor.beat()
    merger = Merger()
    stories = (
        ("Drone strike kills two near Naqoura", "Gazette", 0, "north"),
        ("Two dead as drone hits car near Naqoura", "Herald", 4, "north"),
        ("Rockets fired from the eastern hills at dawn", "Courier", 9, "north"),
    )
    reports = []
    for title, source, minutes, front in stories:
        tags = samples.tags(front, places=(NAQOURA,))._replace(severity=Severity.HIGH, killed=2)
        if source == "Courier":
            tags = tags._replace(places=(), killed=None, type="rocket-missile", severity=Severity.MEDIUM)
        named = {"source": source, "publisher": source.lower(), "link": f"https://{source.lower()}.example/1"}
        at = floor.now - 60 * MINUTE + minutes * MINUTE
        reports.append(samples.report(title, at=at, tagged=tags, **named))
        merger.place(reports[-1])
    changes = merger.changes()
    assert len(changes.incidents) == 2
    floor.writer.add([(each, changes.incident_of[each.key]) for each in reports], changes.incidents)
    return floor


def collect(floor: Watchfloor) -> None:
    """What the collector does each second."""
    Ingest(tagger_of(()), merger_of(floor.writer, floor.now), floor.writer).rule(floor.now)


def stored(floor: Watchfloor) -> dict[str, Incident]:
    reader = Reader(floor.data / STORE_NAME)
    try:
        return {each.headline: each for each in reader.incidents(limit=-1)}
    finally:
        reader.close()


async def choose(app: FrontwatchApp, pilot: Pilot[None], key: str) -> None:
    """Goes to that line of the list and takes it."""
    await pilot.pause()
    assert isinstance(app.screen, ChoiceScreen)
    await pilot.press("home", "g")
    while app.screen.page.key != key:
        before = app.screen.page.key
        await pilot.press("down")
        if app.screen.page.key == before:
            await pilot.press(*["up"] * 30)
    await pilot.press("enter")
    await pilot.pause()


def footer(app: FrontwatchApp) -> str:
    return list(app.screen._compositor.render_strips())[-1].text


STRIKE = "Drone strike kills two near Naqoura"
ROCKETS = "Rockets fired from the eastern hills at dawn"


@pytest.mark.parametrize(
    ("field", "value", "attribute", "expected"),
    [
        ("severity", "low", "severity", Severity.LOW),
        ("type", "air-strike", "type", "air-strike"),
        ("by", "axis", "by", "axis"),
        ("kind", "statement", "kind", Kind.STATEMENT),
    ],
)
async def test_a_field_is_chosen_from_what_it_can_be(
    floor: Watchfloor, field: str, value: str, attribute: str, expected: object
) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        await pilot.press("down", "e")
        await choose(app, pilot, field)
        await choose(app, pilot, value)
        assert "Corrected" in footer(app)
        collect(floor)
        found = stored(floor)
        assert getattr(found[STRIKE], attribute) == expected
        await pilot.press("u")
        await pilot.pause()
        collect(floor)
        assert getattr(stored(floor)[STRIKE], attribute) != expected


async def test_an_incident_can_be_put_on_other_fronts(floor: Watchfloor) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        await pilot.press("down", "e")
        await choose(app, pilot, "fronts")
        await choose(app, pilot, "front east")
        await choose(app, pilot, "front north")
        await choose(app, pilot, "done")
        collect(floor)
        assert stored(floor)[STRIKE].fronts == ("east",)


async def test_a_place_is_found_by_any_of_its_names_and_a_number_is_typed(floor: Watchfloor) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        await pilot.press("down", "e")
        await choose(app, pilot, "place")
        await pilot.press(*["backspace"] * 10, *"tyr", "enter")
        await pilot.pause()
        if isinstance(app.screen, ChoiceScreen):
            await choose(app, pilot, "0")
        await pilot.press("e")
        await choose(app, pilot, "killed")
        await pilot.press("backspace", *"five", "enter")
        await pilot.pause()
        await pilot.press(*["backspace"] * 5, *"5", "enter")
        await pilot.pause()
        collect(floor)
        found = stored(floor)[STRIKE]
        assert found.place is not None
        assert found.place.name.startswith("Tyr")
        assert found.killed == 5


async def test_what_is_no_incident_leaves_the_alarms_and_comes_back_with_undo(floor: Watchfloor) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        await pilot.press("down", "x")
        await pilot.pause()
        collect(floor)
        assert stored(floor)[STRIKE].kind is Kind.OTHER
        await pilot.press("u")
        await pilot.pause()
        assert "ndone" in footer(app)
        collect(floor)
        assert stored(floor)[STRIKE].kind is Kind.INCIDENT


async def test_two_incidents_are_merged_and_a_report_is_split_off_again(floor: Watchfloor) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        ids = {headline: each.id for headline, each in stored(floor).items()}
        await pilot.press("down", "M")
        await choose(app, pilot, str(ids[ROCKETS]))
        collect(floor)
        merged = stored(floor)
        assert merged[STRIKE].reports == 3
        assert [each.id for each in merged.values()] == [ids[STRIKE]]
        await until(pilot, lambda: app.session.picture.seq >= app.session.reader.seq())
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        await pilot.press("X")
        assert "No report is selected" in footer(app)
        await pilot.press("down", "down", "down", "X")
        await pilot.pause()
        assert "Split off" in footer(app)
        collect(floor)
        assert stored(floor)[STRIKE].reports == 2
        assert stored(floor)[ROCKETS].id not in ids.values()


async def test_the_page_tells_who_put_right_what(floor: Watchfloor) -> None:
    async with watching(floor, (120, 60), "down") as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        await pilot.press("e")
        await choose(app, pilot, "severity")
        await choose(app, pilot, "medium")
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "Corrected" in text
        collect(floor)
        await until(pilot, lambda: "severity: high → medium" in text_of(app))
        assert "TS" in text_of(app)


async def test_the_wall_corrects_nothing(floor: Watchfloor) -> None:
    async with watching(floor, SIZE, "down") as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        app.session.wall = True
        for key in ("e", "x", "M", "X"):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, IncidentScreen)
            assert "wall" in footer(app)
        assert app.session.reader.pending() == 0


def test_places_are_found_by_every_spelling_and_by_position() -> None:
    assert [each.name for each in find_places("Hudaydah")] == [each.name for each in find_places("الحديدة")]
    (own,) = find_places("Hill 402  33.25, 35.5")
    assert (own.name, own.lat, own.lon) == ("Hill 402", 33.25, 35.5)
    assert find_places("no such place anywhere") == []
    assert find_places("  ") == []
