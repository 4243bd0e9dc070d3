"""The handover's page: read, changed in its beginning, written to a file, copied."""

from __future__ import annotations

import os
import stat

import pytest

from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.model import Severity
from tui.screens.handover import FOLDER, HandoverScreen
from tui.screens.incident import IncidentScreen
from tui.when import FORMS


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90)])
async def test_the_page_tells_what_is_open_on_every_front_at_every_size(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL, killed=10)
    floor.tell("غارة على الناقورة تقتل اثنين", front="east", severity=Severity.HIGH)
    async with watching(floor, size) as (app, pilot):
        await pilot.press("H")
        await pilot.pause()
        assert isinstance(app.screen, HandoverScreen)
        assert "Open: 1 critical, 1 high; 2 of them not acknowledged." in text_of(app)
        assert "Drone kills ten near Naqoura" in text_of(app)
        seen = text_of(app)
        for _ in range(6):
            await pilot.press("pagedown")
            seen += text_of(app)
        for heading in ("NORTH", "EAST", "SOUTH", "OUTAGES", "ALARMS"):
            assert heading in seen
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert all(len(line) == 80 for line in text_of(app).splitlines())


async def test_enter_opens_the_selected_incident(floor: Watchfloor) -> None:
    told = floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        await pilot.press("H", "enter")
        assert "Nothing is selected" in text_of(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        assert app.screen.incident.id == told.id


async def test_w_writes_a_file_that_only_its_owner_reads_and_logs_it(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        await pilot.press("H", "w")
        assert "Written: " in text_of(app)
        await pilot.press("w")
        files = sorted((floor.data / FOLDER).iterdir(), key=lambda file: len(file.name))
        assert len(files) == 2
        text = files[0].read_text(encoding="utf-8")
        assert text.startswith("# Handover: Test watch")
        assert "made by TST" in text
        assert "Drone kills ten near Naqoura" in text
        if os.name == "posix":
            assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
        written = app.session.desk.actions()
        assert [(action.verb, action.who) for action in written] == [("handover", "TST")] * 2
        assert written[0].payload["where"] == f"file {files[0].name}"
        await pilot.press("L")
        assert "handover" in text_of(app)
        assert f"file {files[0].name}" in text_of(app)


async def test_y_copies_the_markdown_and_logs_it(floor: Watchfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(FrontwatchApp, "copy_to_clipboard", lambda _, text: copied.append(text))
    async with watching(floor) as (app, pilot):
        await pilot.press("H", "y")
        assert copied[0].startswith("# Handover: Test watch")
        assert f"Copied {len(copied[0]):,} characters" in text_of(app)
        (action,) = app.session.desk.actions()
        assert (action.verb, action.payload["where"]) == ("handover", "clipboard")


async def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_logged(floor: Watchfloor) -> None:
    (floor.data / FOLDER).write_text("in the way")
    async with watching(floor) as (app, pilot):
        await pilot.press("H", "w")
        assert "Not written:" in text_of(app)
        assert app.session.desk.actions() == []


async def test_the_beginning_is_changed_by_the_hour_and_by_a_time_that_is_typed(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("H")
        assert "(8h)" in text_of(app)
        await pilot.press("[", "[")
        assert "(10h)" in text_of(app)
        await pilot.press("]")
        assert "(9h)" in text_of(app)
        await pilot.press("s", *"soon", "enter")
        assert f"Say {FORMS}:" in text_of(app)
        await pilot.press(*["backspace"] * 4, *"2d", "enter")
        await until(pilot, lambda: "(2d)" in text_of(app))
        await pilot.press("s", *"2h", "enter", "]", "]")
        await until(pilot, lambda: "began at least a minute ago" in text_of(app))


async def test_the_page_stays_as_it_was_read_while_news_come(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("H")
        before = text_of(app).splitlines()[2:-1]
        floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
        await until(pilot, lambda: "1 new: 1 critical" in text_of(app))
        assert text_of(app).splitlines()[2:-1] == before


async def test_the_wall_shows_it_and_writes_none(floor: Watchfloor) -> None:
    async with watching(floor, wall=True) as (app, pilot):
        await pilot.press("H", "w")
        assert "This is the wall" in text_of(app)
        await pilot.press("y")
        assert "This is the wall" in text_of(app)
        assert not (floor.data / FOLDER).exists()
        assert app.session.desk.actions() == []


async def test_who_writes_the_first_one_is_asked_who_they_are_and_it_is_signed(floor: Watchfloor) -> None:
    session = floor.session(initials="")
    app = FrontwatchApp(session)
    try:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("H", "w", *"jd", "enter")
            await until(pilot, lambda: "Written: " in text_of(app))
            (file,) = (floor.data / FOLDER).iterdir()
            assert "made by JD" in file.read_text(encoding="utf-8")
    finally:
        session.close()
