"""What a hostile or careless person writes, types or clicks: refused with a reason, or nothing breaks."""

from __future__ import annotations

import json
import random
import tomllib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual._callback import invoke
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.test_every_key import SIZES, WAYS, floor, take  # noqa: F401 - a fixture
from tests.watchfloor import CONFIG, Watchfloor
from tests.watching import watching
from tui.app import FrontwatchApp
from tui.commands import PAGE
from tui.config import ConfigError, load
from tui.incidents.alarms import is_quiet
from tui.keymap import Keymap, key_name, names
from tui.memory import Memory
from tui.palette import ROLES
from tui.policy import QuietHours
from tui.screens.base import FrontwatchScreen
from tui.store.log import Wanted
from tui.store.rows import Action

ESCAPES = ("\x1b", "\x9b", "\x07", "\x9d")

# What is written into the config

KEY_WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["a", "ctrl+a", "ctrl+ctrl+a", "+", "++", "ctrl++", "f99", "ctrl+c", "ctrl+q", "NULL", "esc"]
    ),
)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.text())
)
KEYS = st.dictionaries(
    st.one_of(st.sampled_from(names()), st.text(max_size=10)),
    st.one_of(KEY_WORDS, st.lists(KEY_WORDS, max_size=8), ANYTHING.filter(lambda value: value is not None)),
    max_size=5,
)
COLOURS = st.one_of(st.just("#ffffff"), st.text(max_size=9), st.integers())
THEMES = st.dictionaries(
    st.one_of(st.just("mine"), st.just("night"), st.text(max_size=10)),
    st.dictionaries(
        st.one_of(st.sampled_from([*ROLES, "base"]), st.text(max_size=8)),
        st.one_of(COLOURS, st.just("day"), st.just("terminal")),
        max_size=4,
    ),
    max_size=3,
)


def written(path: Path, **tables: object) -> bool:
    """Whether a config with these tables can be written as TOML at all."""
    try:
        text = CONFIG + tomli_w.dumps(tables)
        tomllib.loads(text)
        path.write_text(text, encoding="utf-8")
    except (ValueError, TypeError, tomllib.TOMLDecodeError):
        return False
    return True


@settings(max_examples=60)
@given(KEYS, THEMES)
def test_whatever_keys_and_themes_are_written_the_watch_loads_or_every_fault_is_told(
    tmp_path_factory: pytest.TempPathFactory, keys: dict[str, object], themes: dict[str, object]
) -> None:
    path = tmp_path_factory.getbasetemp() / "attacked.toml"
    if not written(path, keys=keys, themes=themes):
        return
    try:
        watch = load(path)
    except ConfigError as error:
        assert error.faults
        for fault in error.faults:
            assert fault.what and fault.mend
            assert str(fault).isprintable()
        return
    keymap = Keymap(dict(watch.screen.keys))
    assert {"ctrl+c", "ctrl+q"} <= {key for each in keymap.commands for key in each.keys}
    assert all(key_name(key).isprintable() for each in keymap.commands for key in each.keys)
    assert keymap.for_textual().keys() <= set(names())
    assert all(palette.name.isprintable() for palette in watch.screen.themes)


# The file of what was remembered

JUNK: tuple[object, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "x" * 9000,
    "\x1b[2J",
    [],
    [[]],
    [{}],
    {},
    {"a": [1]},
)


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: repr(junk)[:12])
async def test_whatever_was_remembered_the_screen_starts(floor: Watchfloor, junk: object) -> None:  # noqa: F811
    session = floor.session()
    remembered = ("theme", "rtl", "row_height", "context", "front", "initials", "welcomed")
    session.memory._path.write_text(json.dumps(dict.fromkeys(remembered, junk)))
    session.close()
    again = floor.session(initials="")
    again.memory._path.write_text(json.dumps(dict.fromkeys(remembered, junk)))
    again.memory._values = None
    app = FrontwatchApp(again)
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("n", "N")
            whole(app)
            assert app.session.initials in ("", "TST")
    finally:
        again.close()


@pytest.mark.parametrize("kind", ["folder", "unreadable", "huge", "zeros", "gone folder"])
def test_a_memory_that_is_no_file_of_ours_is_the_defaults(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "state" / "screen.json"
    path.parent.mkdir()
    match kind:
        case "folder":
            path.mkdir()
        case "unreadable":
            path.write_text("{}")
            path.chmod(0)
        case "huge":
            path.write_bytes(b'{"theme": "day", "x": "' + b"x" * 10_000_000 + b'"}')
        case "zeros":
            path.write_bytes(bytes(1000))
        case "gone folder":
            path.parent.rmdir()
    memory = Memory(path)
    assert memory.get("theme", "night") == "night"
    memory.set("theme", "high-contrast")
    assert memory.get("theme", "night") == "high-contrast"


# What is typed

ASKED = {"note": ("L", "N"), "time": ("T",), "tally": ("t", "s"), "shift": ("H", "s"), "search": ("slash",)}
TYPED = {
    "control": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(0x80, 0xA0))),
    "escapes": "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "megabyte": "x" * 1_000_000,
    "lines": "a\n" * 5000,
    "arabic": "غارة على الناقورة " * 40,
    "overrides": "\u202eevil\u2066\u200f\u061c" * 20,
    "marks": "e" + "\u0301" * 3000,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️" * 50,
    "surrogate": "\ud800\udfff",
    "filters": "front:x " * 2000,
}


def whole(app: FrontwatchApp) -> None:
    """Every line is as wide as the screen, and nothing in it acts on a terminal."""
    width, height = app.size
    strips = list(app.screen._compositor.render_strips())
    assert len(strips) == height
    for strip in strips:
        assert strip.cell_length == width
        assert not any(escape in strip.text for escape in ESCAPES)


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        pytest.param(asked, typed, marks=() if number % len(ASKED) == at else pytest.mark.slow)
        for number, typed in enumerate(TYPED)
        for at, asked in enumerate(ASKED)
    ],
)
async def test_whatever_is_typed_where_one_may_type_the_screen_stays_whole(
    floor: Watchfloor,  # noqa: F811
    asked: str,
    typed: str,
) -> None:
    async with watching(floor, (80, 24), *ASKED[asked]) as (app, pilot):
        app.post_message(events.Paste(TYPED[typed]))
        await pilot.press("home", "right", "end", "left", "z")
        whole(app)
        await pilot.press("enter")
        await pilot.pause()
        whole(app)
        for line in app.session.reader.log(Wanted(), limit=-1):
            if isinstance(line.what, Action):
                text = str(line.what.payload.get("text", ""))
                assert len(text) <= 300
                assert text.isprintable()


# Quiet hours where clocks change

ZONES = ("Europe/London", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Tehran", "UTC")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hours", [(22 * 60, 6 * 60), (0, 24 * 60 - 1), (60, 180), (150, 151), (0, 0)])
def test_quiet_hours_are_those_of_the_clock_on_the_wall_on_every_day_of_a_year(
    zone: str, hours: tuple[int, int]
) -> None:
    start, end = hours
    begins = datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")).timestamp()
    for at in range(int(begins), int(begins) + 366 * 86_400, 1_800):
        wall = datetime.fromtimestamp(at, ZoneInfo(zone))
        minute = wall.hour * 60 + wall.minute
        between = start <= minute < end if start <= end else not end <= minute < start
        assert is_quiet(QuietHours(start, end, zone), float(at)) is between


def test_the_hour_that_comes_twice_is_quiet_twice_and_the_one_that_is_skipped_never() -> None:
    quiet = QuietHours(60, 120, "Europe/London")
    autumn = datetime(2024, 10, 27, tzinfo=ZoneInfo("UTC")).timestamp()
    spring = datetime(2024, 3, 31, tzinfo=ZoneInfo("UTC")).timestamp()
    assert [is_quiet(quiet, autumn + minutes * 60) for minutes in (-1, 0, 59, 60, 119, 120)] == [
        *(False, True, True, True, True, False)
    ]
    assert not any(is_quiet(quiet, spring + minutes * 60) for minutes in range(0, 180))


# The mouse


async def crawl(app: FrontwatchApp, pilot: Pilot[None], dice: random.Random, clicks: int) -> None:
    """Clicks, double clicks, drags and turns of the wheel, here and there, as a terminal sends them."""
    width, height = app.size
    for _ in range(clicks):
        place = Offset(dice.randrange(width), dice.randrange(height))
        to = Offset(dice.randrange(width), dice.randrange(height))
        way = dice.choice(("click", "double", "drag", "wheel", "wheel", "right"))
        if way in ("click", "double"):
            await pilot.click(offset=place, times=2 if way == "double" else 1)
        elif way == "drag":
            await pilot.mouse_down(offset=place)
            for spot in (to, place):
                await pilot.hover(offset=spot)
            await pilot.mouse_up(offset=to)
        elif way == "right":
            await pilot.click(offset=place, button=3)
        else:
            kind = dice.choice((events.MouseScrollDown, events.MouseScrollUp))
            app.post_message(
                kind(
                    None,
                    *place,
                    0,
                    0,
                    0,
                    shift=False,
                    meta=False,
                    ctrl=dice.random() < 0.3,
                    screen_x=place.x,
                    screen_y=place.y,
                )
            )
        assert isinstance(app.screen, FrontwatchScreen)
        whole(app)


@pytest.mark.parametrize(
    ("scope", "size"),
    [
        pytest.param(scope, size, marks=() if number % 4 == at else pytest.mark.slow)
        for number, scope in enumerate(WAYS)
        for at, size in enumerate(SIZES)
    ],
)
async def test_a_mouse_that_runs_wild_breaks_nothing(
    floor: Watchfloor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    scope: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(FrontwatchApp, "exit", lambda self: None)  # q stands in the footer
    async with watching(floor, size) as (app, pilot):
        await take(WAYS[scope], app, pilot)
        await crawl(app, pilot, random.Random(f"{scope}{size}"), 12)


# The palette


@pytest.mark.parametrize(
    "scope",
    [scope if scope == PAGE else pytest.param(scope, marks=pytest.mark.slow) for scope in WAYS],
)
async def test_every_command_of_the_palette_runs_from_every_screen(
    floor: Watchfloor,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    scope: str,
) -> None:
    monkeypatch.setattr(FrontwatchApp, "exit", lambda self: None)
    async with watching(floor, (80, 24)) as (app, pilot):
        await take(WAYS[scope], app, pilot)
        titles = [each.title for each in app.get_system_commands(app.screen)]
        assert len(titles) > 10
        for title in titles:
            if getattr(app.screen, "scope", None) != scope:
                app.session.wall = False
                while app.screen is not app.board:
                    app.pop_screen()
                await take(WAYS[scope], app, pilot)
            (run,) = [each.callback for each in app.get_system_commands(app.screen) if each.title == title]
            await invoke(run)
            await pilot.pause()
            whole(app)
