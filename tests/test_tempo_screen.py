"""The tempo screen: bars beside the usual, blind hours told, and the tally below them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.samples import DAY, HOUR
from tests.watchfloor import Watchfloor
from tests.watching import watching
from tui.incidents.surge import most, tail
from tui.incidents.tempo import REACH, Bar, Hours, Size, learn
from tui.policy import PosturePolicy
from tui.screens.tempo import TempoScreen
from tui.themes import NIGHT, Ink
from tui.widgets.tempo_chart import AXIS, Column, chart, columns, readout

INK = Ink(NIGHT)
MONDAY = 1_701_648_000.0
"""4 December 2023, 00:00Z."""
SIZES: tuple[Size, ...] = ("hour", "day", "week")


def drawn(told: list[Column], size: Size = "day", height: int = 6, width: int = 60) -> list[str]:
    return ["".join(text for text, _ in runs) for runs in chart(told, size, height, width, INK, None)]


def column(count: int, *, usual: float = 2.0, limit: int | None = 6, seen: int = 24, day: int = 0) -> Column:
    return Column(Bar(MONDAY + day * DAY, count, seen, usual), limit)


@given(
    st.floats(0.0, 200.0),
    st.floats(1.0, 9.0),
    st.sampled_from([0.05, 0.01, 0.0005]),
    st.integers(1, 5),
)
def test_one_more_than_the_most_is_unusual_and_the_most_is_not(
    mean: float, spread: float, chance: float, fewest: int
) -> None:
    limit = most(mean, mean * spread, chance, fewest)
    assert tail(limit + 1, mean, mean * spread) <= chance
    assert limit + 1 == max(fewest, 1) or tail(limit, mean, mean * spread) > chance


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 24), st.integers(0, 900)), min_size=1, max_size=60
    ),
    st.sampled_from(SIZES),
    st.integers(3, 14),
    st.integers(20, 320),
)
def test_a_chart_is_never_wider_than_its_room(
    told: list[tuple[int, int, int]], size: Size, height: int, width: int
) -> None:
    made = [column(n, seen=seen, limit=limit, day=day) for day, (n, seen, limit) in enumerate(told)]
    lines = drawn(made[-max(1, width - AXIS) :], size, height, width)
    assert len(lines) == height + 1
    assert max(map(len, lines)) <= width


def test_the_highest_bar_is_the_fullest_and_none_that_counts_is_empty() -> None:
    lines = drawn([column(1), column(9), column(5), column(0)], height=9)
    bars = ["".join(line[AXIS + x] for line in lines[:-1]) for x in range(0, 24, 6)]
    filled = [sum(char in "▁▂▃▄▅▆▇█" for char in bar) for bar in bars]
    assert filled[1] > filled[2] > filled[0] >= 1
    assert filled[3] == 0


def test_more_than_usual_has_a_sign_beside_its_colour() -> None:
    assert "▲" in "".join(drawn([column(2), column(9, limit=6)]))
    assert "▲" not in "".join(drawn([column(2), column(6, limit=6)]))


def test_a_bar_in_which_nobody_watched_is_no_quiet() -> None:
    blind = column(0, seen=0, limit=None)
    assert "?" in "".join(drawn([column(3), blind]))
    assert readout(blind, "day", MONDAY) == "Mon 4 Dec: nobody watched, or the front was blind"
    assert "seen 5 of 24 h" in readout(column(1, seen=5), "day", MONDAY)


def test_the_readout_says_what_is_usual_and_what_is_not() -> None:
    assert readout(column(9), "day", MONDAY) == "Mon 4 Dec: 9 incidents, usual 2.0, more than 6 is unusual"
    assert readout(column(1), "day", MONDAY) == "Mon 4 Dec: 1 incident, usual 2.0, up to 6 is not unusual"
    assert readout(column(1), "day", MONDAY + 365 * DAY).startswith("Mon 4 Dec 2023: 1 incident")
    assert "not known yet" in readout(column(9, limit=None), "day", MONDAY)


def test_the_time_before_the_first_watch_takes_no_room() -> None:
    hours = Hours(MONDAY, (1,) * REACH, tuple(ago < 10 * 24 for ago in range(REACH)))
    usual = learn(hours, "UTC")
    told = columns(hours, "day", usual, PosturePolicy(), 80)
    assert len(told) == 10
    never = replace(hours, seen=(False,) * REACH)
    assert len(columns(never, "day", usual, PosturePolicy(), 80)) == 1


@pytest.mark.parametrize(("size", "when"), [("hour", "3 Dec 23Z"), ("day", "Sun 3 Dec")])
@pytest.mark.parametrize("ago", [0, 1])
def test_a_front_that_has_been_watched_for_minutes_was_watched(size: Size, when: str, ago: int) -> None:
    """In the hour in which the watch begins, and in the first minutes of the next."""
    partly = tuple(hour <= ago for hour in range(REACH))
    counts = tuple(int(hour == ago) for hour in range(REACH))
    hours = Hours(MONDAY + ago * HOUR, counts, (False,) * REACH, partly)
    told = columns(hours, size, learn(hours, "UTC"), PosturePolicy(), 80)
    assert [each.bar.count for each in told] == [1]
    assert readout(told[0], size, MONDAY) == f"{when}: 1 incident; seen for too short a time to compare"
    assert "?" not in "".join(drawn(told, size))


@pytest.fixture
def floor(tmp_path: Path) -> Watchfloor:
    floor = Watchfloor(tmp_path)
    floor.beat()
    hour = int(floor.now // HOUR)
    floor.writer.saw({(front, hour - ago): HOUR for front in ("north", "east") for ago in range(400)})
    for ago in (1, 2, 3, 30, 60, 90, 300):
        floor.tell(f"Strike {ago}", ago=ago * HOUR, killed=None)
    floor.tell("Strike in the east", front="east", ago=5 * HOUR)
    return floor


@asynccontextmanager
async def tempo(floor: Watchfloor, size: tuple[int, int]) -> AsyncIterator[tuple[TempoScreen, Pilot[None]]]:
    async with watching(floor, size, "t") as (app, pilot):
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, TempoScreen)
        yield app.screen, pilot


def words(screen: TempoScreen) -> str:
    lines = screen.page._lines
    assert lines is not None
    return "\n".join("".join(text for text, _ in runs) for runs in lines.runs)


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90)])
async def test_every_front_has_a_chart_and_the_tally_counts_them(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    async with tempo(floor, size) as (screen, _):
        told = words(screen)
        for name in ("NORTH", "EAST", "SOUTH"):
            assert name in told
        assert "8 incidents" in told
        assert "drone" in told.partition("TALLY")[2]


async def test_tab_chooses_a_front_for_charts_and_tally(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "tab", "tab")
        told = words(screen)
        assert "EAST" in told
        assert "NORTH" not in told
        assert "\n1 incident " in told
        await press(pilot, "tab", "tab")
        assert "NORTH" in words(screen)
        await press(pilot, "shift+tab")
        assert "SOUTH" in words(screen)
        assert "NORTH" not in words(screen)


async def test_hours_days_and_weeks_and_the_cursor_between_their_bars(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "1")
        assert "INCIDENTS BY HOUR" in words(screen)
        newest = words(screen)
        await press(pilot, "left", "left")
        assert words(screen) != newest
        await press(pilot, "right", "right")
        assert words(screen) == newest
        await press(pilot, "right")
        assert words(screen) == newest
        await press(pilot, "3")
        assert "week of" in words(screen)


async def test_a_type_and_a_side_bound_charts_and_tally(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "x")
        assert "only air-strike" in words(screen)
        assert "0 incidents" in words(screen)
        await press(pilot, "x")
        assert "8 incidents" in words(screen)
        while "by axis" not in words(screen):
            await press(pilot, "y")
        assert "only drone by axis" in words(screen)
        assert "8 incidents" in words(screen)


async def test_the_tally_since_a_time_that_is_typed(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "s", *"24h", "enter")
        assert "SINCE" in words(screen)
        assert "4 incidents" in words(screen)
        await press(pilot, "s", "enter")
        assert "IN ALL THAT IS STORED" in words(screen)
        assert "8 incidents" in words(screen)


async def test_a_time_that_is_none_is_told_and_counts_nothing(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "s", *"soon", "enter")
        assert "Say 06:00" in "\n".join(str(each.render()) for each in screen.query("Prompt Static"))
        await press(pilot, "escape")
        assert "8 incidents" in words(screen)


async def test_a_time_to_come_is_refused(floor: Watchfloor) -> None:
    async with tempo(floor, (120, 40)) as (screen, pilot):
        await press(pilot, "s", *"2099-01-01", "enter")
        assert "yet to come" in "\n".join(str(each.render()) for each in screen.query("Prompt Static"))
        await press(pilot, "escape")
        assert "8 incidents" in words(screen)


@pytest.mark.parametrize("size", SIZES)
def test_a_bar_that_has_only_begun_is_not_called_blind(size: Size) -> None:
    seen = (False, *[True] * 400)
    hours = Hours(MONDAY + HOUR, tuple([0] * 401), seen)  # the first hour of an hour, a day and a week
    told = columns(hours, size, learn(hours, "UTC"), PosturePolicy(), 60)
    assert "blind" not in readout(told[-1], size, MONDAY)
    later = Hours(MONDAY + 2 * HOUR, tuple([0] * 402), (False, False, *[True] * 400))
    told = columns(later, "day", learn(later, "UTC"), PosturePolicy(), 60)
    assert "blind" in readout(told[-1], "day", MONDAY)
