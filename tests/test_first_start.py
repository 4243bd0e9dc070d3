"""The first start explains itself once; every later one stands as the last screen stood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.watchfloor import CONFIG, Watchfloor
from tests.watching import driven, text_of, watching
from tui import paths
from tui.app import FrontwatchApp
from tui.memory import Memory
from tui.model import Kind
from tui.session import Session

OWN_THEME = '[screen]\ntheme = "mine"\n[themes.mine]\nbase = "day"\nhigh = "#222222"\n'


@asynccontextmanager
async def without_a_config(
    data: Path, size: tuple[int, int], *, wall: bool = False, label: str = ""
) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    session = Session(paths.builtin_config(), data, collector=None, wall=wall, label=label)
    async with driven(session, size) as (app, pilot):
        yield app, pilot


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90)])
async def test_with_no_config_the_first_start_explains_itself_in_five_lines_that_fit(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with without_a_config(tmp_path, size) as (app, _):
        lines = text_of(app).splitlines()[-6:-1]
        assert [line.split()[0] for line in lines] == ["WELCOME", "BOARD", "YOURS", "DEMO", "KEYS"]
        assert "3 fronts" in lines[0]
        assert "frontwatch init writes ~/.config/frontwatch/feeds.toml" in lines[2]
        assert "frontwatch demo" in lines[3]
        assert not any("…" in line for line in lines)


async def test_the_lines_take_no_key_go_with_escape_and_never_come_again(tmp_path: Path) -> None:
    async with without_a_config(tmp_path, (120, 40)) as (app, pilot):
        await pilot.press("tab")
        assert app.board.pane.front.id == "iraq-syria"
        assert "WELCOME" in text_of(app)
        await pilot.press("escape")
        assert "WELCOME" not in text_of(app)
        assert "No line is held" not in text_of(app)
    async with without_a_config(tmp_path, (120, 40)) as (app, _):
        assert "WELCOME" not in text_of(app)


async def test_a_click_closes_the_lines(tmp_path: Path) -> None:
    async with without_a_config(tmp_path, (120, 40)) as (app, pilot):
        await pilot.click("Welcome")
        assert "WELCOME" not in text_of(app)


async def test_a_wall_a_demo_and_a_watch_of_ones_own_explain_nothing(
    tmp_path: Path, floor: Watchfloor
) -> None:
    async with without_a_config(tmp_path / "wall", (120, 40), wall=True) as (app, _):
        assert "WELCOME" not in text_of(app)
    async with without_a_config(tmp_path / "demo", (120, 40), label="DEMO") as (app, _):
        assert "WELCOME" not in text_of(app)
    async with watching(floor) as (app, _):
        assert "WELCOME" not in text_of(app)
    assert not Memory(paths.memory_file()).get("welcomed", False)


async def test_wall_mode_hides_the_lines_and_leaving_it_shows_them(tmp_path: Path) -> None:
    async with without_a_config(tmp_path, (120, 40)) as (app, pilot):
        await pilot.press("w")
        assert "WELCOME" not in text_of(app)
        await pilot.press("w")
        assert "WELCOME" in text_of(app)


# What comes back


async def test_theme_ordering_row_height_context_and_front_come_back(floor: Watchfloor) -> None:
    floor.tell("Minister speaks of Naqoura", front="south", kind=Kind.STATEMENT)
    async with watching(floor) as (app, pilot):
        await pilot.press("d", "b", "shift+tab", "c", "plus")
        assert "Minister speaks" in text_of(app)
        assert app.board.pane.list.row_height == 3
    async with watching(floor) as (app, _):
        assert (app.theme, app.rtl_mode) == ("day", "terminal")
        assert app.board.pane.front.id == "south"
        assert app.focused is app.board.pane.list
        assert app.board.pane.list.row_height == 3
        assert "Minister speaks" in text_of(app)


async def test_what_was_remembered_of_another_watch_is_no_harm(floor: Watchfloor) -> None:
    memory = Memory(paths.memory_file())
    memory.set("front", "mars")
    memory.set("row_height", 9)
    memory.set("theme", "sepia")
    memory.set("context", ["mars"])
    async with watching(floor) as (app, _):
        assert (app.theme, app.board.pane.front.id, app.board.pane.list.row_height) == ("night", "north", 2)


async def test_a_row_height_for_a_desk_is_none_for_a_wall(floor: Watchfloor) -> None:
    Memory(paths.memory_file()).set("row_height", 1)
    async with watching(floor, wall=True) as (app, _):
        assert app.board.pane.list.row_height == 3


# Themes on the screen


async def test_d_goes_round_the_themes_and_says_which_is_on(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        for theme in ("day", "high-contrast", "colour-blind", "terminal", "night"):
            await pilot.press("d")
            await pilot.pause()
            assert app.theme == theme
            assert f"Theme {theme}." in text_of(app)


async def test_a_theme_of_the_config_is_on_goes_with_it_and_is_drawn_anew_when_it_changes(
    floor: Watchfloor,
) -> None:
    floor.config.write_text(CONFIG + OWN_THEME, encoding="utf-8")
    floor.tell("Drone strike near Naqoura")
    async with watching(floor) as (app, pilot):
        assert app.theme == "mine"
        floor.config.write_text(CONFIG + OWN_THEME.replace("#222222", "#333333"), encoding="utf-8")
        app._look_at_config()
        await pilot.pause()
        assert app.theme_variables["fw-high"] == "#333333"
        await pilot.press("d")
        assert "The next start is mine again" in text_of(app)
        floor.config.write_text(CONFIG + '[screen]\nrtl = "terminal"\n', encoding="utf-8")
        app._look_at_config()
        await pilot.pause()
        assert (app.theme, app.rtl_mode) == ("night", "terminal")


async def test_every_theme_is_in_the_palette(floor: Watchfloor) -> None:
    async with watching(floor) as (app, _):
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        commands["Theme high-contrast"].callback()
        assert app.theme == "high-contrast"


@pytest.mark.parametrize(
    ("term", "colorterm", "theme"),
    [
        ("xterm-256color", "truecolor", "day"),
        ("xterm-256color", "", "day-256"),
        ("xterm-16color", "", "terminal"),
        ("linux", "", "terminal"),
    ],
)
async def test_the_colours_are_those_that_the_terminal_has(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch, term: str, colorterm: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("COLORTERM", colorterm)
    Memory(paths.memory_file()).set("theme", "day")
    async with watching(floor) as (app, pilot):
        assert app.theme == theme
        await pilot.press("d")
        assert ("16 colours" in text_of(app)) is (theme == "terminal")


async def test_without_colour_the_screen_is_drawn_in_weight_and_reversing(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    floor.tell("Drone strike near Naqoura")
    async with watching(floor) as (app, pilot):
        await pilot.press("down")
        assert app.theme == "terminal"
        styles = {segment.style for strip in app.screen._compositor.render_strips() for segment in strip}
        drawn = {(style.color, style.bgcolor) for style in styles if style}
        assert all(colour is None or colour.is_default for pair in drawn for colour in pair)
        assert any(style.reverse for style in styles if style)
