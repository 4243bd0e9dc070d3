"""The board, driven as a person drives it: keys in, screen out."""

from __future__ import annotations

import sqlite3

import pytest

from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.model import Kind, Severity, State
from tui.paths import STORE_NAME
from tui.screens.help import HelpScreen
from tui.screens.incident import IncidentScreen


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
        assert "1 new: 1 high" in screen


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
        await until(pilot, lambda: "1 new above" in text_of(app))
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
        await until(pilot, lambda: "nothing new" in text_of(app))
        assert "Acknowledged 1 incident" in text_of(app)
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.ACKNOWLEDGED
        await pilot.press("a")
        assert "Acknowledged already" in text_of(app)
        await pilot.press("u")
        await until(pilot, lambda: "1 new: 1 critical" in text_of(app))
        assert "Undone" in text_of(app)
        await pilot.press("u")
        assert "Nothing to undo" in text_of(app)


async def test_an_acknowledgement_at_one_desk_is_seen_at_another(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    other_desk = floor.session()
    async with watching(floor) as (app, pilot):
        assert "1 new: 1 high" in text_of(app)
        other_desk.desk.acknowledge((incident.id,), "other", floor.now)
        await until(pilot, lambda: "nothing new" in text_of(app))
    other_desk.close()


async def test_all_of_a_front_is_acknowledged_at_once(floor: Watchfloor) -> None:
    for number in range(3):
        floor.tell(f"Shelling number {number}", severity=Severity.HIGH)
    floor.tell("Rockets at a base", severity=Severity.HIGH, front="east")
    async with watching(floor) as (app, pilot):
        await pilot.press("A")
        await until(pilot, lambda: "1 new: 1 high" in text_of(app))


async def test_a_key_that_cannot_act_says_why(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        for key in ("a", "enter", "o"):
            await pilot.press(key)
            assert "No line is selected" in text_of(app)
        await pilot.press("n")
        assert "Nothing is new on any front" in text_of(app)
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
        await pilot.press("n", "a")
        await until(pilot, lambda: "2 new: 1 critical, 1 high" in text_of(app))
        assert "0 new" in text_of(app)  # on the first front, of which the one of medium severity was
        await pilot.press("n")
        assert app.board.pane.list.selected is not None
        assert app.board.pane.list.selected.id == worst.id  # that one is new no more: from the worst again


async def test_the_second_line_counts_what_the_panes_count_each_incident_once(floor: Watchfloor) -> None:
    floor.tell("Minor shelling", severity=Severity.MEDIUM)
    floor.tell("Alarm in the east", severity=Severity.LOW, front="east")
    async with watching(floor, (80, 24)) as (app, pilot):
        assert text_of(app).splitlines()[1].rstrip().endswith(" 2 new")
        floor.tell("Rocket on a base", severity=Severity.HIGH, front="east")
        await until(pilot, lambda: "3 new: 1 high" in text_of(app))
        assert "2 new" in text_of(app)  # on the tab of the east


async def test_context_is_hidden_behind_a_count_and_never_an_alarm(floor: Watchfloor) -> None:
    floor.tell("Minister warns of escalation", kind=Kind.STATEMENT)
    async with watching(floor) as (app, pilot):
        assert "Minister warns" not in text_of(app)
        assert "1 context (c)" in text_of(app)
        assert "nothing new" in text_of(app)
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
    from tui.commands import BOARD, EVERYWHERE, INCIDENT, PAGE
    from tui.keymap import Keymap
    from tui.screens.feeds import FeedsScreen

    incident = floor.tell("Strike")
    async with watching(floor) as (app, _):
        screens = {
            BOARD: app.board,
            INCIDENT: IncidentScreen(app.session, incident),
            PAGE: FeedsScreen(app.session),
        }
        for scope, screen in screens.items():
            for command in Keymap({}).commands_of(scope):
                action = f"action_{command.action.partition('(')[0]}"
                owner = FrontwatchApp if command.scopes == (EVERYWHERE,) else type(screen)
                assert hasattr(owner, action), f"{action} on {scope}"


async def test_markup_in_a_headline_is_shown_as_it_is(floor: Watchfloor) -> None:
    floor.tell("[bold red]Not markup[/] [link=x]y[/link] [/nothing]")
    async with watching(floor) as (app, pilot):
        assert "[bold red]Not markup[/] [link=x]y" in text_of(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert "[bold red]Not markup[/] [link=x]y[/link] [/nothing]" in text_of(app)


async def test_paging_reaches_every_incident_although_an_old_one_was_told_of_again(floor: Watchfloor) -> None:
    told = [floor.tell(f"Shelling {number}", ago=90_000 + 60 * number) for number in range(251)]
    async with watching(floor) as (app, pilot):
        floor.tell("Shelling told again", incident_id=told[-1].id, ago=90_000 + 60 * 250, sources=("Herald",))
        await until(pilot, lambda: app.board.pane.list.roll.get(told[-1].id) is not None)
        for _ in range(8):
            await pilot.press("end")
            await pilot.pause()
        assert len(app.board.pane.list.roll) == 251


async def test_a_tall_terminal_is_filled_beyond_the_first_page(floor: Watchfloor) -> None:
    for number in range(150):
        floor.tell(f"Shelling {number}", ago=60 * number)
    async with watching(floor, (120, 140)) as (app, pilot):
        await pilot.press("minus")
        await until(pilot, lambda: len(app.board.pane.list.roll) == 150)


async def test_wall_mode_lets_go_follows_the_newest_and_says_why_not(
    floor: Watchfloor,
) -> None:
    floor.tell("Old shelling", ago=900)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "w")
        assert app.board.pane.list.selected is None
        for key in ("down", "n", "enter", "pagedown"):
            await pilot.press(key)
            assert "The wall has no cursor" in text_of(app)
        await pilot.press("a")
        assert "nothing is changed from here" in text_of(app)
        floor.tell("New rockets", ago=1, severity=Severity.CRITICAL)
        await until(pilot, lambda: "New rockets" in text_of(app))


async def test_a_store_that_cannot_be_written_is_told_and_the_screen_stays(floor: Watchfloor) -> None:
    floor.tell("Tanker hit", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        blocker = sqlite3.connect(floor.data / STORE_NAME, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        await pilot.press("down", "a")
        assert "another program holds it" in text_of(app)
        blocker.execute("ROLLBACK")
        blocker.close()
        await pilot.press("a")
        assert "Acknowledged 1 incident" in text_of(app)


async def test_a_store_that_cannot_be_read_leaves_the_board_as_it_was_and_blind(floor: Watchfloor) -> None:
    floor.tell("Tanker hit", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        fault = app.session.picture._replace(incidents=(), fault="store: disk I/O error")
        app.post_message(FrontwatchApp.Changed(fault))
        await until(pilot, lambda: "STORE store: disk I/O error" in text_of(app))
        assert "Tanker hit" in text_of(app)
        assert "1 new: 1 high" in text_of(app)
        assert text_of(app).count("BLIND") == 3


async def test_n_after_a_front_was_taken_out_of_the_config(floor: Watchfloor) -> None:
    floor.tell("Strike in the south", front="south", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        text = floor.config.read_text(encoding="utf-8")
        start, end = text.index('[[fronts]]\nid = "south"'), text.index("[[feeds]]")
        floor.config.write_text(text[:start] + text[end:], encoding="utf-8")
        await until(pilot, lambda: "SOUTH" not in text_of(app))
        await pilot.press("n")
        screen = text_of(app)
        assert "on no front of this watch" in screen or "Nothing is new" in screen


async def test_a_change_of_the_feeds_alone_leaves_the_person_where_they_are(floor: Watchfloor) -> None:
    floor.tell("Drone strike near Naqoura")
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "enter")
        text = floor.config.read_text(encoding="utf-8")
        floor.config.write_text(text.replace('reliability = "B"', 'reliability = "C"'), encoding="utf-8")
        await until(pilot, lambda: app.session.watch.feeds[0].reliability == "C")
        assert isinstance(app.screen, IncidentScreen)
        await pilot.press("escape")
        assert app.board.pane.list.selected is not None


async def test_an_incident_under_the_help_goes_on_living(floor: Watchfloor) -> None:
    incident = floor.tell("Drone strike near Naqoura")
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "enter", "question_mark")
        floor.tell("Drone strike kills one", incident_id=incident.id, sources=("Herald",))
        await until(pilot, lambda: app.session.picture.seq >= app.session.reader.seq())
        await pilot.press("escape")
        await until(pilot, lambda: "2 REPORTS" in text_of(app))


async def test_when_the_held_incident_leaves_the_next_takes_its_line(floor: Watchfloor) -> None:
    told = [floor.tell(f"Shelling {number}", ago=600 + 60 * number) for number in range(60)]
    async with watching(floor) as (app, pilot):
        for _ in range(31):
            await pilot.press("down")
        incident_list = app.board.pane.list
        held, y = incident_list.selected, incident_list.scroll_offset.y
        assert held is not None
        assert y > 0
        floor.writer.add([], [held._replace(kind=Kind.STATEMENT, severity=None, type=None, by=None)])
        await until(pilot, lambda: incident_list.roll.get(held.id) is None)
        assert incident_list.scroll_offset.y == y
        assert incident_list.selected == told[told.index(held) + 1]


async def test_a_long_name_of_a_front_never_hides_that_it_is_blind(floor: Watchfloor) -> None:
    text = floor.config.read_text(encoding="utf-8")
    long = 'name = "Northern hills and their valleys"'
    floor.config.write_text(text.replace('name = "North"', long), encoding="utf-8")
    floor.poll(good=0)
    async with watching(floor) as (app, _):
        assert text_of(app).count("BLIND") == 3


async def test_a_click_selects_the_report_whose_reasons_are_told(floor: Watchfloor) -> None:
    floor.tell("Drone strike near Naqoura", sources=("Gazette", "Herald"), marks=((0, 5),))
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        row = next(y for y, line in enumerate(text_of(app).splitlines()) if "  Herald  B" in line)
        await pilot.click(offset=(10, row))
        await pilot.pause()
        assert "WHY: HERALD" in text_of(app)


async def test_with_more_fronts_than_room_the_shown_one_and_what_is_new_elsewhere_stay_in_sight(
    floor: Watchfloor,
) -> None:
    text = floor.config.read_text(encoding="utf-8")
    more = "".join(f'[[fronts]]\nid = "f{at}"\nname = "Front {at}"\nzone = "UTC"\n' for at in range(9))
    floor.config.write_text(text.replace("[[feeds]]", f"{more}[[feeds]]"), encoding="utf-8")
    floor.tell("Strike in the south", front="south")
    async with watching(floor, (80, 20)) as (app, pilot):
        for _ in range(12):
            tabs = text_of(app).splitlines()[2]
            assert f"[ {app.board.pane.front.name}" in tabs
            assert tabs.count("1 new") == 1
            await pilot.press("tab")
