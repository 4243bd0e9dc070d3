"""The board, driven as a person drives it: keys in, screen out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.watchfloor import Watchfloor
from tui.app import FrontwatchApp
from tui.model import Kind, Severity, State
from tui.screens.help import HelpScreen
from tui.screens.incident import IncidentScreen


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Watchfloor]:
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.poll(good=4)
    yield floor
    floor.writer.close()


@asynccontextmanager
async def watching(
    floor: Watchfloor, size: tuple[int, int] = (120, 40), *, wall: bool = False
) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    session = floor.session(wall=wall)
    app = FrontwatchApp(session)
    try:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield app, pilot
    finally:
        session.close()


def text_of(app: FrontwatchApp) -> str:
    """What stands on the screen, line by line."""
    _, height = app.size
    lines = app.screen._compositor.render_strips()
    assert len(lines) == height
    return "\n".join(strip.text for strip in lines)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait for the follower's thread, which looks four times a second."""
    for _ in range(100):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"still not so after five seconds:\n{text_of(pilot.app)}")  # type: ignore[arg-type]  # ours


async def test_the_board_paints_what_the_store_holds_before_any_collector_is_up(floor: Watchfloor) -> None:
    floor.tell(
        "Drone strike kills two near Naqoura", severity=Severity.HIGH, killed=2, sources=("Gazette", "Herald")
    )
    async with watching(floor, (140, 40)) as (app, _):
        screen = text_of(app)
        assert "Drone strike kills two" in screen
        assert "drone · Naqoura" in screen
        assert "×2 B2 ✝2" in screen
        assert "◆ H" in screen
        assert "1 to acknowledge" in screen


async def test_what_arrives_is_shown_within_a_second_and_never_moves_the_selected_line(
    floor: Watchfloor,
) -> None:
    for number in range(6):
        floor.tell(f"Shelling number {number}", ago=600 - number)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "down")
        incident_list = app.board.pane.list
        held = incident_list.selected
        assert held is not None
        row = (
            text_of(app)
            .splitlines()
            .index(next(line for line in text_of(app).splitlines() if held.headline in line))
        )
        floor.tell("Rockets fired at Naqoura", ago=1)
        await until(pilot, lambda: "1 new above" in text_of(app) or "new above" in text_of(app))
        assert incident_list.selected is not None
        assert incident_list.selected.id == held.id
        assert held.headline in text_of(app).splitlines()[row]
        assert "Rockets fired" not in text_of(app)
        await pilot.press("escape")
        await until(pilot, lambda: "Rockets fired" in text_of(app))
        assert incident_list.selected is None


async def test_a_list_with_nothing_selected_follows_the_newest(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=900)
    async with watching(floor) as (app, pilot):
        floor.tell("New rockets", ago=1)
        await until(pilot, lambda: "New rockets" in text_of(app))
        assert "new above" not in text_of(app)


async def test_acknowledging_takes_the_bar_away_and_undo_brings_it_back(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        assert "┃" in text_of(app)
        await pilot.press("down", "a")
        await until(pilot, lambda: "nothing to acknowledge" in text_of(app))
        assert "Acknowledged 1 incident" in text_of(app)
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.ACKNOWLEDGED
        await pilot.press("a")
        assert "Acknowledged already" in text_of(app)
        await pilot.press("u")
        await until(pilot, lambda: "1 to acknowledge" in text_of(app))
        assert "Undone" in text_of(app)
        await pilot.press("u")
        assert "Nothing to undo" in text_of(app)


async def test_an_acknowledgement_at_one_desk_is_seen_at_another(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    other_desk = floor.session()
    async with watching(floor) as (app, pilot):
        assert "1 to acknowledge" in text_of(app)
        other_desk.desk.acknowledge((incident.id,), "other", floor.now)
        await until(pilot, lambda: "nothing to acknowledge" in text_of(app))
    other_desk.close()


async def test_all_of_a_front_is_acknowledged_at_once(floor: Watchfloor) -> None:
    for number in range(3):
        floor.tell(f"Shelling number {number}", severity=Severity.HIGH)
    floor.tell("Rockets at a base", severity=Severity.HIGH, front="east")
    async with watching(floor) as (app, pilot):
        await pilot.press("A")
        await until(pilot, lambda: "1 to acknowledge" in text_of(app))


async def test_a_key_that_cannot_act_says_why(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        for key in ("a", "enter", "o"):
            await pilot.press(key)
            assert "No line is selected" in text_of(app)
        await pilot.press("n")
        assert "No critical or high incident waits" in text_of(app)
        await pilot.press("A")
        assert "Nothing is new on North" in text_of(app)
        await pilot.press("minus", "minus", "minus")
        assert "one to three lines" in text_of(app)


async def test_n_goes_to_the_worst_that_is_new_wherever_it_is(floor: Watchfloor) -> None:
    floor.tell("Minor shelling", severity=Severity.MEDIUM)
    floor.tell("Rocket on a base", severity=Severity.HIGH, front="east", ago=10)
    worst = floor.tell("Twelve killed in strike", severity=Severity.CRITICAL, front="south", ago=7200)
    async with watching(floor) as (app, pilot):
        await pilot.press("n")
        selected = app.board.pane.list.selected
        assert selected is not None
        assert selected.id == worst.id
        await pilot.press("n")
        second = app.board.pane.list.selected
        assert second is not None
        assert second.headline == "Rocket on a base"


async def test_context_is_hidden_behind_a_count_and_never_an_alarm(floor: Watchfloor) -> None:
    floor.tell("Minister warns of escalation", kind=Kind.STATEMENT)
    async with watching(floor) as (app, pilot):
        assert "Minister warns" not in text_of(app)
        assert "1 context (c)" in text_of(app)
        assert "nothing to acknowledge" in text_of(app)
        await pilot.press("c")
        assert "Minister warns" in text_of(app)
        await pilot.press("down", "a")
        assert "Context is never an alarm" in text_of(app)


async def test_enter_opens_the_incident_with_every_report_and_its_marks(floor: Watchfloor) -> None:
    floor.tell(
        "Drone strike near Naqoura",
        sources=("Gazette", "Herald", "Courier"),
        summary="A UNIFIL post was damaged.",
        marks=((0, 5),),
    )
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        screen = text_of(app)
        for words in (
            "3 REPORTS",
            "Gazette",
            "Herald",
            "Courier",
            "A UNIFIL post was damaged.",
            "act: an attack",
        ):
            assert words in screen
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape", "escape")
        assert app.screen_stack[-1] is app.board


async def test_an_open_incident_goes_on_living(floor: Watchfloor) -> None:
    incident = floor.tell("Drone strike near Naqoura")
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "enter")
        floor.tell(
            "Drone strike kills three near Naqoura", killed=3, incident_id=incident.id, sources=("Herald",)
        )
        await until(pilot, lambda: "2 REPORTS" in text_of(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90)])
async def test_every_front_is_on_the_screen_at_every_size(floor: Watchfloor, size: tuple[int, int]) -> None:
    for front in ("north", "east", "south"):
        floor.tell(f"Strike in the {front}", front=front)
    async with watching(floor, size) as (app, _):
        screen = text_of(app)
        for front in ("north", "east", "south"):
            assert front.upper() in screen
            assert f"Strike in the {front}" in screen


async def test_a_tiny_terminal_shows_one_front_and_the_counts_of_the_others(floor: Watchfloor) -> None:
    floor.tell("Strike in the south", front="south")
    async with watching(floor, (70, 12)) as (app, pilot):
        assert "Strike in the south" not in text_of(app)
        assert "South 1 new" in text_of(app)
        await pilot.press("shift+tab")
        assert "Strike in the south" in text_of(app)


async def test_resizing_keeps_the_selection_through_every_layout(floor: Watchfloor) -> None:
    for number in range(40):
        floor.tell(f"Shelling number {number}", ago=4000 - number)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "pagedown", "down")
        held = app.board.pane.list.selected
        assert held is not None
        for size in ((80, 24), (40, 10), (320, 90), (20, 5), (1, 1), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.board.pane.list.selected == held
        assert held.headline in text_of(app)


async def test_a_pane_whose_feeds_are_stale_says_that_it_is_blind(floor: Watchfloor) -> None:
    floor.poll(good=1)
    async with watching(floor) as (app, pilot):
        assert "BLIND" in text_of(app)
        assert "1 of 4 feeds" in text_of(app)
        floor.poll(good=4)
        await until(pilot, lambda: "BLIND" not in text_of(app))


async def test_no_reachable_feed_is_one_line_in_plain_words(floor: Watchfloor) -> None:
    floor.poll(good=0)
    async with watching(floor) as (app, _):
        assert "NO FEED CAN BE REACHED: DNS: no such host" in text_of(app)


async def test_a_silent_collector_is_told_with_the_time(floor: Watchfloor) -> None:
    floor.beat(ago=95)
    async with watching(floor) as (app, _):
        assert "COLLECTOR silent since" in text_of(app)


async def test_feeds_are_listed_worst_first_with_the_fault_in_words(floor: Watchfloor) -> None:
    floor.poll(good=3, error="TLS: certificate expired")
    async with watching(floor) as (app, pilot):
        await pilot.press("F")
        await pilot.pause()
        screen = text_of(app)
        assert "4 FEEDS, 3 FRESH" in screen
        assert screen.index("Feed 3") < screen.index("TLS: certificate expired") < screen.index("Feed 0")


async def test_the_wall_changes_nothing(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    async with watching(floor, wall=True) as (app, pilot):
        assert "acknowledge " not in text_of(app).splitlines()[-1]
        await pilot.press("down", "a", "A", "r", "u")
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.NEW
        await pilot.press("w")
        assert "Tab front" in text_of(app).splitlines()[-1]


async def test_a_changed_config_is_taken_and_a_broken_one_keeps_the_watch(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        good = floor.config.read_text(encoding="utf-8")
        floor.config.write_text(good.replace('name = "South"', 'nam = "South"'), encoding="utf-8")
        await until(pilot, lambda: "CONFIG" in text_of(app))
        assert "feeds.toml line" in text_of(app)
        assert "SOUTH" in text_of(app)
        floor.config.write_text(good.replace('name = "South"', 'name = "Deep south"'), encoding="utf-8")
        await until(pilot, lambda: "DEEP SOUTH" in text_of(app))
        assert "CONFIG" not in text_of(app)
        assert "Test watch" in text_of(app)


async def test_every_command_of_the_table_can_be_done_on_its_screen(floor: Watchfloor) -> None:
    from tui.commands import BOARD, INCIDENT, PAGE, commands_of
    from tui.screens.feeds import FeedsScreen

    incident = floor.tell("Strike")
    async with watching(floor) as (app, _):
        screens = {
            BOARD: app.board,
            INCIDENT: IncidentScreen(app.session, incident),
            PAGE: FeedsScreen(app.session),
        }
        for scope, screen in screens.items():
            for command in commands_of(scope):
                action = f"action_{command.action}"
                assert hasattr(screen, action) or hasattr(app, action), f"{action} on {scope}"


async def test_markup_in_a_headline_is_shown_as_it_is(floor: Watchfloor) -> None:
    floor.tell("[bold red]Not markup[/] [link=x]y[/link] [/nothing]")
    async with watching(floor) as (app, pilot):
        assert "[bold red]Not markup[/] [link=x]y" in text_of(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "[bold red]Not markup[/] [link=x]y[/link] [/nothing]" in text_of(app)
