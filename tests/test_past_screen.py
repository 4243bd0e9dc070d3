"""The time machine, driven by keys: the board as it stood, and back to now."""

from __future__ import annotations

import pytest

from tests.samples import DAY, HOUR, MINUTE, NOON
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.model import Severity, State
from tui.screens.incident import IncidentScreen
from tui.time_machine import past_minute, stepped
from tui.when import FORMS


def test_a_step_leads_to_a_whole_minute_and_never_beyond_now() -> None:
    now = NOON + 3 * HOUR + 7 * MINUTE + 31.5
    assert stepped(None, now, -600.0) == NOON + 2 * HOUR + 57 * MINUTE
    assert stepped(NOON, now, DAY) is None
    assert stepped(now // MINUTE * MINUTE - MINUTE, now, 600.0) is None
    assert past_minute("12:00", now) == NOON
    assert past_minute("-3h", now) == NOON + 7 * MINUTE
    assert past_minute("now", now) is past_minute("0m", now) is None
    for typed, wrong in (("noon", "Say 06:00"), ("2099-01-01", "yet to come")):
        with pytest.raises(ValueError, match=wrong):
            past_minute(typed, now)
    assert past_minute("16:00", now) == NOON + 4 * HOUR - DAY  # the last time that it was so late


async def test_a_bracket_goes_back_and_backspace_returns(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    floor.tell("New rockets", ago=5 * MINUTE)
    async with watching(floor) as (app, pilot):
        await pilot.press("left_square_bracket")
        screen = text_of(app)
        assert "◀ PAST" in screen.splitlines()[0]
        assert "Backspace: now" in screen.splitlines()[0]
        assert "Old shelling" in screen
        assert "New rockets" not in screen
        assert all(pane.has_class("-past") for pane in app.board.panes)
        await pilot.press("left_parenthesis")
        assert "No incident had been on record." in text_of(app)
        await pilot.press("right_parenthesis")
        assert "Old shelling" in text_of(app)
        await pilot.press("backspace")
        screen = text_of(app)
        assert "PAST" not in screen
        assert "New rockets" in screen
        assert not any(pane.has_class("-past") for pane in app.board.panes)
        for key in ("backspace", "right_square_bracket"):
            await pilot.press(key)
            assert "This is now." in text_of(app)


async def test_a_time_can_be_typed_and_what_is_none_is_told(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=5 * HOUR)
    floor.tell("New rockets", ago=HOUR)
    async with watching(floor) as (app, pilot):
        await pilot.press("T", *"soon", "enter")
        assert f"Say {FORMS}:" in text_of(app).splitlines()[-1]
        assert app.session.as_of is None
        await pilot.press(*["backspace"] * 4, *"3h", "enter")
        await pilot.pause()
        assert "◀ PAST" in text_of(app)
        assert "Old shelling" in text_of(app)
        assert "New rockets" not in text_of(app)
        await pilot.press("T", *"now", "enter")
        await pilot.pause()
        assert "New rockets" in text_of(app)


async def test_in_the_past_nothing_is_changed_and_the_key_says_why(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH, ago=HOUR)
    async with watching(floor) as (app, pilot):
        await pilot.press("left_square_bracket", "down")
        for key in ("a", "A", "s", "u", "r", "N"):
            await pilot.press(key)
            assert "the past is not changed" in text_of(app), key
        await pilot.press("enter")
        assert isinstance(app.screen, IncidentScreen)
        await pilot.press("a")
        assert "the past is not changed" in text_of(app)
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.NEW


async def test_an_acknowledgement_is_not_there_before_it_was_made(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH, ago=3 * HOUR)
    other = floor.session()
    other.desk.acknowledge((incident.id,), "ab", floor.now - HOUR)
    other.close()
    async with watching(floor) as (app, pilot):
        await until(pilot, lambda: "nothing new" in text_of(app))
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        assert "then: 1 new: 1 high" in text_of(app)
        assert "now: nothing new" in text_of(app)
        assert "┃" in text_of(app)


async def test_what_comes_while_the_board_is_in_the_past_is_told_and_waits(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    async with watching(floor) as (app, pilot):
        await pilot.press("left_curly_bracket")
        floor.tell("New rockets", ago=1, severity=Severity.CRITICAL)
        await until(
            pilot,
            lambda: "1 more critical or high since you left now. Backspace returns to now." in text_of(app),
        )
        assert "New rockets" not in text_of(app)
        assert "now: 2 new: 1 critical" in text_of(app)
        assert "then: 1 new " in text_of(app)
        await pilot.press("backspace")
        assert "New rockets" in text_of(app)


async def test_an_incident_opens_as_it_stood_then(floor: Watchfloor) -> None:
    incident = floor.tell("Drone strike near Naqoura", ago=3 * HOUR)
    floor.tell(
        "Drone strike kills three", killed=3, incident_id=incident.id, sources=("Herald",), ago=10 * MINUTE
    )
    async with watching(floor) as (app, pilot):
        await pilot.press("left_curly_bracket", "down", "enter")
        await pilot.pause()
        screen = text_of(app)
        assert "1 REPORT" in screen
        assert "kills three" not in screen
        assert "◀ PAST" in screen.splitlines()[0]
        assert "Esc: back" in screen.splitlines()[0]
        floor.tell("Now four dead", incident_id=incident.id, sources=("Courier",), ago=MINUTE)
        await until(pilot, lambda: app.session.picture.seq >= app.session.reader.seq())
        assert "1 REPORT" in text_of(app)
        await pilot.press("escape", "backspace", "enter")
        await pilot.pause()
        assert "PAST" not in text_of(app)


async def test_another_screen_shows_now_and_its_header_does_not_say_past(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("left_square_bracket", "F")
        await pilot.pause()
        assert "PAST" not in text_of(app)
        await pilot.press("escape")
        assert "◀ PAST" in text_of(app)


async def test_the_past_is_paged_as_now_is(floor: Watchfloor) -> None:
    for number in range(151):
        floor.tell(f"Shelling {number}", ago=2 * HOUR + 60 * number)
    async with watching(floor) as (app, pilot):
        await pilot.press("left_curly_bracket")
        for _ in range(4):
            await pilot.press("end")
            await pilot.pause()
        assert len(app.board.pane.list.roll) == 151


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40), (320, 90), (20, 5)])
async def test_at_every_size_the_first_line_says_that_this_is_the_past(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    async with watching(floor, size) as (app, pilot):
        await pilot.press("left_square_bracket")
        first = text_of(app).splitlines()[0]
        assert first.startswith(" ◀ ")
        assert "Z" in first


async def test_three_desks_on_one_store_show_the_same(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    async with watching(floor) as first, watching(floor) as second, watching(floor) as third:
        screens = (first[0], second[0], third[0])
        assert all("1 new: 1 high" in text_of(app) for app in screens)
        pilot = first[1]
        await pilot.press("down", "a")
        for app in screens:
            await until(pilot, lambda app=app: "nothing new" in text_of(app))  # type: ignore[misc]  # bound
        known = [app.session.reader.incident(incident.id) for app in screens]
        assert [each.state for each in known if each] == [State.ACKNOWLEDGED] * 3
        floor.tell("Rockets at a base", front="east", ago=1)
        for app in screens:
            await until(pilot, lambda app=app: "Rockets at a base" in text_of(app))  # type: ignore[misc]  # bound
