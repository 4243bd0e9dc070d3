"""Keys: one table, and a watch's own in place of the usual ones, everywhere that keys are told or pressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.keys import _character_to_key

from tests.watchfloor import CONFIG, Watchfloor
from tests.watching import text_of, watching
from tui.commands import COMMANDS
from tui.config import ConfigError, load
from tui.keymap import RESERVED, BadKey, Keymap, clashes, key_name, names, parse_key, table
from tui.model import Severity, State
from tui.screens.help import HelpScreen


@pytest.mark.parametrize("character", "aZ5?/\\@+-_=[]#!.,;:'\"|~ñشש")
def test_a_character_is_named_as_textual_names_it(character: str) -> None:
    key = parse_key(character)
    assert key == _character_to_key(character)
    assert key_name(key) == character


@pytest.mark.parametrize(
    ("words", "key", "shown"),
    [
        ("F5", "f5", "F5"),
        ("esc", "escape", "Esc"),
        ("PgDn", "pagedown", "PgDn"),
        (" ", "space", "Space"),
        ("ctrl+x", "ctrl+x", "Ctrl+X"),
        ("Ctrl+X", "ctrl+x", "Ctrl+X"),
        ("shift+tab", "shift+tab", "Shift+Tab"),
        ("alt+ctrl+f2", "ctrl+alt+f2", "Ctrl+Alt+F2"),
        ("question_mark", "question_mark", "?"),
        ("slash", "slash", "/"),
    ],
)
def test_a_key_may_be_written_as_people_write_it(words: str, key: str, shown: str) -> None:
    assert parse_key(words) == key
    assert key_name(key) == shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "no such key"),
        ("??", "no such key"),
        ("f25", "no such key"),
        ("shift+a", "as it is typed"),
        ("hyper+a", "none of ctrl"),
        ("ctrl+ctrl+a", "each once"),
        ("ctrl+i", "can't tell it from Tab"),
        ("ctrl+[", "can't tell it from Esc"),
        ("\x1b", "no one can see it"),
        ("\u0301", "no one can see it"),
    ],
)
def test_what_no_terminal_could_send_is_refused_with_the_reason(words: str, why: str) -> None:
    with pytest.raises(BadKey, match=why.replace("+", r"\+")):
        parse_key(words)


def test_no_key_does_two_things_on_one_screen() -> None:
    assert list(clashes({})) == []


def test_every_command_has_a_name_that_a_config_can_write() -> None:
    for name in names():
        assert name.replace("_", "").isalnum()
    assert {"undo", "feeds", "quit", "command_palette"} <= set(names())


def test_keys_that_trade_places_do_not_clash() -> None:
    assert list(clashes({"taller": ("minus",), "shorter": ("plus", "equals_sign")})) == []


# In feeds.toml


def faults_of(folder: Path, keys: str) -> list[str]:
    path = folder / "feeds.toml"
    path.write_text(f"{CONFIG}\n[keys]\n{keys}\n", encoding="utf-8")
    try:
        load(path)
    except ConfigError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("keys", "place", "what", "mend"),
    [
        ('acknowlege = "x"', "[keys] acknowlege", "is no key of this table", "did you mean acknowledge?"),
        (
            'acknowledge = "q"',
            "[keys] acknowledge",
            'q is also the key of "quit" (board)',
            "choose another key",
        ),
        ('undo = "ctrl+q"', "[keys] undo", "Ctrl+Q leaves from any screen", "choose another key"),
        ('undo = ["z", "nix"]', "[keys] undo #2", '"nix" is no key', 'as in "f5"'),
        ("undo = 7", "[keys] undo", "is a whole number", 'undo = ["x"]'),
        ("undo = []", "[keys] undo", "has no keys", "give it one"),
        ('undo = "ß"\nquit = "ß"', "[keys] quit", 'ß is also the key of "undo"', "choose another key"),
    ],
)
def test_each_fault_is_told_with_its_line_and_its_mend(
    tmp_path: Path, keys: str, place: str, what: str, mend: str
) -> None:
    faults = faults_of(tmp_path, keys)
    line = CONFIG.count("\n") + 2 + len(keys.splitlines())
    told = [fault for fault in faults if place in fault and what in fault and mend in fault]
    assert told, faults
    assert f"line {line}" in told[0]


def test_reserved_keys_are_no_name_of_the_table_and_stay_what_they_are() -> None:
    leave = [each for each in Keymap({"quit": ("Q",)}).commands if each.name == "quit"]
    assert {each.keys for each in leave} == {("Q",), tuple(reversed(RESERVED))}


def test_the_table_lists_every_command_with_the_watchs_own_keys() -> None:
    own = Keymap({"acknowledge": ("f5",)})
    plain, markdown = table(own, markdown=False), table(own, markdown=True)
    assert len(plain.splitlines()) == len(COMMANDS)
    assert any(line.startswith("F5 ") and " acknowledge " in line for line in plain.splitlines())
    assert "| `F5` | acknowledge |" in markdown
    assert len(markdown.splitlines()) == len(COMMANDS) + 2


# On the screen


def set_keys(floor: Watchfloor, keys: str) -> None:
    floor.config.write_text(f"{CONFIG}\n[keys]\n{keys}\n", encoding="utf-8")


async def test_ones_own_keys_work_and_stand_in_footer_help_and_palette(floor: Watchfloor) -> None:
    set_keys(floor, 'acknowledge = ["ß", "f5"]\nnext_front = "`"\nhelp = "f1"')
    floor.tell("Drone strike near Naqoura", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        app.session.memory.set("initials", "AB")
        footer = text_of(app).splitlines()[-1]
        assert "ß acknowledge" in footer
        assert "F1 help" in footer
        names = [command.title for command in app.get_system_commands(app.screen)]
        assert "Acknowledge  (ß)" in names
        await pilot.press("n", "a")
        assert app.session.reader.incidents()[0].state is State.NEW
        await pilot.press("ß")
        assert app.session.reader.incidents()[0].state is State.ACKNOWLEDGED
        await pilot.press("grave_accent")
        assert app.board.pane.front.id == "east"
        await pilot.press("question_mark")
        assert app.screen is app.board
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        assert "ß F5" in text_of(app)


async def test_keys_that_the_config_is_given_while_running_hold_at_once(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        set_keys(floor, 'next_front = "f9"')
        app._look_at_config()
        await pilot.press("tab")
        assert app.board.pane.front.id == "north"
        await pilot.press("f9")
        assert app.board.pane.front.id == "east"
        assert "F9 front" in text_of(app)


async def test_a_letter_that_opens_the_palette_still_belongs_to_who_is_typing(floor: Watchfloor) -> None:
    set_keys(floor, 'command_palette = ":"')
    async with watching(floor) as (app, pilot):
        await pilot.press("colon")
        await pilot.pause()
        assert "Search for commands" in text_of(app)
        await pilot.press("colon")
        assert ":" in app.screen.query_one("CommandInput").value  # type: ignore[attr-defined]  # Textual's own


async def test_a_click_on_a_key_of_the_footer_does_what_the_key_does(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        footer = text_of(app).splitlines()[-1]
        await pilot.click("Footer", offset=(footer.index("front"), 0))
        assert app.board.pane.front.id == "east"
        await pilot.click("Footer", offset=(footer.index("help"), 0))
        assert isinstance(app.screen, HelpScreen)


async def test_a_click_on_a_sentence_of_the_footer_shows_the_keys_again(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("enter")
        assert "No line is selected" in text_of(app)
        await pilot.click("Footer", offset=(30, 0))
        assert "No line is selected" not in text_of(app)
        assert app.board.pane.front.id == "north"
