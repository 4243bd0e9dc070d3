"""The search screen by keys alone: answers while one types, faults, completion, opening, right-to-left."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from tests import samples
from tests.samples import NOON
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.model import Front, Kind
from tui.paths import STORE_NAME
from tui.screens.board import BoardScreen
from tui.screens.help import HelpScreen
from tui.screens.incident import IncidentScreen
from tui.screens.report import ReportScreen
from tui.screens.search import SearchScreen
from tui.store.desk import Desk
from tui.store.filters import Known
from tui.store.query import Query, parse
from tui.store.search import Answer
from tui.store.seeker import Delivery, Seeker

SIZES = [(80, 24), (120, 40), (200, 50), (320, 90)]
ARABIC = "غارة على الحديدة فجر اليوم"


@pytest.fixture
def floor(tmp_path: Path) -> Watchfloor:
    """Three incidents, a statement, and a report of no incident."""
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.tell("Drone strike hits a car near Naqoura", killed=2, ago=600, sources=("Gazette", "Herald"))
    floor.tell("Missile fired from Hodeidah falls into the sea", front="south", ago=1200)
    floor.tell(ARABIC, front="south", ago=1800)
    floor.tell("Minister speaks of the drone strike", kind=Kind.STATEMENT, ago=900)
    none = samples.tags(kind=Kind.OTHER)._replace(fronts=())
    other = samples.report(
        "Thousand-drone show opens the festival", at=floor.now - 300, tagged=none, source="The Reviewer"
    )
    floor.writer.add([(other, None)], ())
    return floor


@asynccontextmanager
async def search(
    floor: Watchfloor, size: tuple[int, int] = (120, 40), *, wall: bool = False
) -> AsyncIterator[tuple[SearchScreen, Pilot[None]]]:
    async with watching(floor, size, "slash", wall=wall) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen._known.spellings is not None and bool(screen._known.places))
        yield screen, pilot


async def write(pilot: Pilot[None], words: str) -> None:
    for char in words:
        await pilot.press("space" if char == " " else char)


async def found(pilot: Pilot[None], words: str, expected: str) -> str:
    """Type a query and wait for what the line below it says of the answer."""
    await write(pilot, words)
    await until(pilot, lambda: expected in text_of(pilot.app))
    return text_of(pilot.app)


def top(pilot: Pilot[None]) -> Screen[Any]:
    """The screen that is shown now."""
    return pilot.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_it_answers_while_one_types_at_every_size(floor: Watchfloor, size: tuple[int, int]) -> None:
    async with search(floor, size) as (screen, pilot):
        text = await found(pilot, "drone st", "1 incident, 1 context")
        assert "Drone strike hits a car near Naqoura" in text
        assert "Minister speaks of the drone strike" in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        text = await found(pilot, "rike car", "1 incident")
        assert "Minister" not in text
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: "Drone strike hits a car near Naqoura" in text_of(pilot.app))
        assert screen.input.value == "drone strike car"


async def test_incidents_and_reports_of_none_are_counted(floor: Watchfloor) -> None:
    async with search(floor) as (_, pilot):
        text = await found(pilot, "drone", "1 incident, 1 context, 1 other report")
        assert "The Reviewer  other, no incident" in text


async def test_without_a_query_the_language_is_explained_with_what_works_here(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        text = text_of(pilot.app)
        assert "front:east severity:high+ since:24h" in text
        assert "front:north" in text
        assert "publisher:gazette" in text
        assert "yemen" not in text
        assert "ukmto" not in text
        assert "publisher:gazette" in text
        assert "lang:ar" in text
        await found(pilot, "drone", "1 incident")
        assert "severity:high+" not in text_of(pilot.app)
        assert screen.results.display


async def test_a_name_is_found_in_every_script_and_the_line_says_so(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        text = await found(pilot, "Hudaydah ", "2 incidents")
        assert "Hudaydah = Hodeidah" in text
        assert {each.incident.headline for each in screen.results._found if each.incident} == {
            "Missile fired from Hodeidah falls into the sea",
            ARABIC,
        }


async def test_a_fault_is_told_at_its_place_and_the_results_stay(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "drone ", "1 incident, 1 context")
        screen.input.insert_text_at_cursor("frnt:x")
        await until(pilot, lambda: "no such filter frnt" in text_of(pilot.app))
        text = text_of(pilot.app)
        lines = text.splitlines()
        query = next(line for line in lines if "/ drone frnt:x" in line)
        caret = next(line for line in lines if "no such filter" in line)
        assert caret.index("^") == query.index("frnt")
        assert "did you mean front:?" in caret
        assert "Drone strike hits a car" in text


async def test_tab_completes_names_and_walks_through_values(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await write(pilot, "fr")
        await pilot.press("tab")
        assert screen.input.value == "front:"
        await until(pilot, lambda: "north North" in text_of(pilot.app))
        await pilot.press("tab")
        assert screen.input.value == "front:north"
        await pilot.press("tab", "tab")
        assert screen.input.value == "front:south"
        await until(pilot, lambda: "2 incidents" in text_of(pilot.app))
        await pilot.press("shift+tab")
        assert screen.input.value == "front:east"
        await pilot.press("escape")
        await pilot.press("tab")
        assert "Nothing to complete" in text_of(pilot.app)


async def test_an_empty_answer_says_what_to_leave_out(floor: Watchfloor) -> None:
    async with search(floor) as (_, pilot):
        await found(pilot, "drone front:south ", "without front:south there are 3")


async def test_arrows_move_through_results_while_typing_goes_on(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "front:south", "2 incidents")
        first = screen.results.selected
        await pilot.press("down")
        assert screen.results.selected != first
        await pilot.press("up", "up")
        assert screen.results.selected == first
        await found(pilot, " missile", "1 incident")
        assert screen.input.value == "front:south missile"


async def test_the_mouse_selects_and_opens_and_the_line_keeps_the_keys(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "front:south", "2 incidents")
        await pilot.click(screen.results, offset=(5, 3))
        assert screen.results.selected == screen.results._found[1]
        assert screen.input.has_focus
        await pilot.click(screen.results, offset=(5, 3), times=2)
        await pilot.pause()
        assert isinstance(top(pilot), IncidentScreen)


async def test_the_help_scrolls_and_says_where_it_ends(floor: Watchfloor) -> None:
    async with search(floor, (80, 24)) as (screen, pilot):
        await pilot.press("down")
        assert screen.page.scroll_offset.y == 1
        assert "No results yet" not in text_of(pilot.app)
        await pilot.press("up", "up")
        assert "No results yet" in text_of(pilot.app)


async def test_enter_opens_the_incident_and_coming_back_keeps_everything(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "naqoura car", "1 incident")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(top(pilot), IncidentScreen)
        assert "Drone strike hits a car near Naqoura" in text_of(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert top(pilot) is screen
        assert screen.input.value == "naqoura car"
        assert screen.input.has_focus


async def test_a_report_of_no_incident_opens_on_a_page_of_its_own(floor: Watchfloor) -> None:
    async with search(floor) as (_, pilot):
        await found(pilot, "festival", "1 other report")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(top(pilot), ReportScreen)
        text = text_of(pilot.app)
        assert "Thousand-drone show opens the festival" in text
        assert "https://wire.example/" in text
        await pilot.press("o")
        assert "copied: https://wire.example/" in text_of(pilot.app)


async def test_escape_clears_and_then_leaves_and_the_query_is_remembered(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "missile", "1 incident")
        await pilot.press("escape")
        assert screen.input.value == ""
        await found(pilot, "drone", "1 incident, 1 context")
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert isinstance(top(pilot), BoardScreen)
        await pilot.press("slash")
        await until(pilot, lambda: "1 incident, 1 context, 1 other report" in text_of(pilot.app))
        again = top(pilot)
        assert isinstance(again, SearchScreen)
        assert again.input.value == "drone"
        await pilot.press("ctrl+up")
        assert again.input.value == "missile"
        await pilot.press("ctrl+up")
        assert "no query further back" in text_of(pilot.app)
        await pilot.press("ctrl+down")
        assert again.input.value == "drone"


async def test_letters_are_typed_and_f1_helps(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await write(pilot, "Fdbq")
        await pilot.press("question_mark", "slash")
        assert screen.input.value == "Fdbq?/"
        footer = text_of(pilot.app).splitlines()[-1]
        assert "F1 help" in footer
        assert "F feeds" not in footer
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(top(pilot), HelpScreen)
        assert "Complete a filter's name or value" in text_of(pilot.app)


async def test_the_wall_may_search(floor: Watchfloor) -> None:
    async with search(floor, wall=True) as (_, pilot):
        await found(pilot, "missile", "1 incident")


async def test_an_arabic_query_reads_from_right_to_left(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        screen.input.insert_text_at_cursor("غارة")
        await until(pilot, lambda: "1 incident" in text_of(pilot.app))
        line = next(line for line in text_of(pilot.app).splitlines() if line.startswith(" / "))
        assert line.split()[1] == "\ufe93\ufead\ufe8e\ufecf"  # joined forms, the last letter first
        await pilot.press("ctrl+a")
        assert screen.input.cursor_position == 0


async def test_what_is_pasted_carries_no_escape_to_the_screen(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        screen.input.post_message(events.Paste("dro\x1b[31mne\u202e\nseverity:<high\r\n"))
        await pilot.pause()
        assert screen.input.value == "drone severity:<high"
        await until(pilot, lambda: "1 incident" in text_of(pilot.app))


async def test_what_is_acknowledged_elsewhere_is_shown_and_nothing_moves(floor: Watchfloor) -> None:
    async with search(floor) as (screen, pilot):
        await found(pilot, "front:south", "2 incidents")
        before = [each.incident.id for each in screen.results._found if each.incident]
        with closing(Desk(floor.data / STORE_NAME)) as desk:
            desk.acknowledge([before[0]], "ab", floor.now)
        await until(
            pilot,
            lambda: (
                [each.incident.state.value for each in screen.results._found if each.incident]
                == ["acknowledged", "new"]
            ),
        )
        assert [each.incident.id for each in screen.results._found if each.incident] == before


def test_only_the_newest_question_is_answered(floor: Watchfloor) -> None:
    answers: list[Query] = []
    done = threading.Event()
    learnt = threading.Event()

    def deliver(delivery: Delivery) -> None:
        if isinstance(delivery, Answer):
            answers.append(delivery.query)
            if delivery.query.text == "drone":
                done.set()
        elif isinstance(delivery, Known) and delivery.places:
            learnt.set()

    seeker = Seeker(floor.data / STORE_NAME, (Front("north", "North", "UTC", "Beirut"),), deliver)
    asked = [parse("drone"[:length], Known(), NOON) for length in range(2, 6)]
    for query in asked:
        seeker.ask(query)
    seeker.start()
    assert done.wait(10)
    assert answers == [asked[-1]]
    assert learnt.wait(10)
    seeker.close()
    assert not seeker._thread.is_alive()
