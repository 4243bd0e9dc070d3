"""Every pair of text and ground that a screen may draw can be read, by any eye and on any terminal."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color
from rich.terminal_theme import TerminalTheme

from tests.colours import DEFICIENCIES, VGA, XTERM, contrast, difference, in_256, lab, linear, seen_with
from tui.memory import Memory
from tui.model import Severity
from tui.palette import (
    COLOUR_BLIND,
    HIGH_CONTRAST,
    IN_256,
    NIGHT,
    PAIRS,
    PALETTES,
    ROLES,
    TERMINAL,
    Palette,
    own_palette,
    theme_names,
    too_faint,
)
from tui.policy import ScreenPolicy
from tui.themes import ink, know, textual_theme
from tui.themes.choice import ThemeChoice

OURS = [palette for palette in PALETTES.values() if not palette.native]
SIGNS = ("critical_ground", "high", "medium", "low", "blind", "good")
"""What a colour has to tell apart: the severities, blind, good; an alarm's is that of high."""
TOLD_APART = 10.0
"""CIEDE2000; 2.3 is a difference that can just be noticed side by side."""

each_of_ours = pytest.mark.parametrize("palette", OURS, ids=lambda palette: palette.name)
each_in_256 = pytest.mark.parametrize("palette", IN_256.values(), ids=lambda palette: palette.name)


def test_contrast_is_computed_as_the_standard_has_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, -1.1848, -84.8006), (50.0, 0.0, -82.7485), 1.0000),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_a_difference_is_computed_as_its_authors_tables_have_it(
    first: tuple[float, float, float], second: tuple[float, float, float], expected: float
) -> None:
    assert difference(first, second) == pytest.approx(expected, abs=0.0001)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_a_deficiency_leaves_greys_as_they_are(deficiency: str) -> None:
    for grey in ("#000000", "#808080", "#ffffff"):
        assert seen_with(deficiency, grey) == pytest.approx(linear(grey), abs=0.0001)


@each_of_ours
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_a_contrast_of_seven_to_one(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 7.0


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_the_high_contrast_theme_has_ten_to_one(text: str, ground: str) -> None:
    assert contrast(getattr(HIGH_CONTRAST, text), getattr(HIGH_CONTRAST, ground)) >= 10.0


@each_in_256
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_in_256_colours_text_can_still_be_read(palette: Palette, text: str, ground: str) -> None:
    assert contrast(in_256(getattr(palette, text)), in_256(getattr(palette, ground))) >= 4.5


@each_in_256
def test_in_256_colours_grounds_and_severities_stay_apart(palette: Palette) -> None:
    assert len({in_256(getattr(palette, role)) for role in ("ground", "selected", "held")}) == 3
    signs = ("critical_ground", "high", "medium", "low", "blind")
    assert len({in_256(getattr(palette, role)) for role in signs}) == len(signs)


def test_every_theme_of_ours_has_its_colours_for_256() -> None:
    assert set(IN_256) == {palette.name for palette in OURS}


@each_of_ours
def test_severities_differ_in_colour(palette: Palette) -> None:
    styles = ink(palette.name).severity.values()
    assert len({style.color for style in styles}) == len(styles)


def apart(palette: Palette, first: str, second: str, deficiency: str) -> float:
    """How far two roles are from each other for that eye, in CIEDE2000."""
    seen = [lab(seen_with(deficiency, getattr(palette, role))) for role in (first, second)]
    return difference(seen[0], seen[1])


@pytest.mark.parametrize("palette", [COLOUR_BLIND, IN_256["colour-blind"]], ids=lambda palette: palette.name)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize(("first", "second"), list(combinations(SIGNS, 2)))
def test_the_colour_blind_safe_theme_is_told_apart_by_eyes_that_lack_a_cone(
    palette: Palette, deficiency: str, first: str, second: str
) -> None:
    assert apart(palette, first, second, deficiency) >= TOLD_APART


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_bound_would_refuse_the_day_theme(deficiency: str) -> None:
    nearest = min(apart(PALETTES["day"], *pair, deficiency) for pair in combinations(SIGNS, 2))
    assert nearest < TOLD_APART


@pytest.mark.parametrize("sixteen", [VGA, XTERM], ids=["console", "xterm"])
@pytest.mark.parametrize("ground", ["#000000", "#ffffff"])
def test_the_signs_of_the_terminals_own_theme_are_seen_on_black_and_on_white(
    sixteen: TerminalTheme, ground: str
) -> None:
    used = {getattr(TERMINAL, role) for role in ROLES} - {"default"}
    assert used == {"bright_red", "bright_blue", "magenta"}
    for name in used:
        assert contrast(Color.parse(name).get_truecolor(sixteen).hex, ground) >= 3.0


def test_the_terminals_own_theme_tells_severity_by_weight_and_reversing() -> None:
    styles = ink("terminal").severity
    assert (styles[Severity.CRITICAL].reverse, styles[Severity.CRITICAL].bold) == (True, True)
    assert (bool(styles[Severity.HIGH].reverse), styles[Severity.HIGH].bold) == (False, True)
    assert not styles[Severity.MEDIUM].bold
    assert ink("terminal").selected.reverse
    assert textual_theme(TERMINAL).ansi


def test_every_role_is_a_variable_of_the_stylesheets() -> None:
    for palette in OURS:
        assert textual_theme(palette).variables["fw-critical-ground"] == palette.critical_ground
    assert textual_theme(TERMINAL).variables["fw-focus"] == "ansi_bright_blue"


# A watch's own themes


def test_a_theme_of_ones_own_is_another_one_but_for_what_it_says() -> None:
    mine = own_palette("mine", NIGHT, {"ground": "#ffffff", "high": "#123456"})
    assert (mine.name, mine.dark, mine.high, mine.medium) == ("mine", False, "#123456", NIGHT.medium)


def test_pairs_of_too_little_contrast_are_found_with_their_ratio() -> None:
    mine = own_palette("mine", NIGHT, {"high": "#664400"})
    expected = {
        ground: contrast("#664400", getattr(mine, ground)) for ground in ("ground", "selected", "held")
    }
    assert {text for text, _, _ in too_faint(mine)} == {"high"}
    assert {ground: ratio for _, ground, ratio in too_faint(mine)} == pytest.approx(expected)
    assert too_faint(NIGHT) == too_faint(TERMINAL) == []


def test_new_colours_of_a_theme_that_is_known_are_drawn() -> None:
    know([own_palette("mine", NIGHT, {"high": "#ffffff"})])
    assert ink("mine").palette.high == "#ffffff"
    know([own_palette("mine", NIGHT, {"high": "#eeeeee"})])
    assert ink("mine").palette.high == "#eeeeee"


# Which theme is on


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "screen.json")


MINE = own_palette("mine", NIGHT, {"high": "#ffffff"})


@pytest.mark.parametrize(
    ("asked", "config", "remembered", "on"),
    [
        ("", "", "", "night"),
        ("", "", "day", "day"),
        ("", "mine", "day", "mine"),
        ("high-contrast", "mine", "day", "high-contrast"),
        ("", "", "a theme of another watch", "night"),
    ],
)
def test_what_is_asked_for_goes_before_the_config_and_that_before_what_was_on_last(
    memory: Memory, asked: str, config: str, remembered: str, on: str
) -> None:
    if remembered:
        memory.set("theme", remembered)
    policy = ScreenPolicy(theme=config, themes=(MINE,))
    assert ThemeChoice(policy, memory, asked=asked, colours="truecolor").name == on


def test_the_themes_follow_each_other_round_and_the_last_one_is_remembered(memory: Memory) -> None:
    choice = ThemeChoice(ScreenPolicy(themes=(MINE,)), memory, asked="", colours="truecolor")
    seen = []
    for _ in theme_names([MINE]):
        choice.choose(choice.following())
        seen.append(choice.palette.name)
    assert seen == ["day", "high-contrast", "colour-blind", "terminal", "mine", "night"]
    choice.choose("day")
    assert ThemeChoice(ScreenPolicy(), memory, asked="", colours="truecolor").name == "day"


@pytest.mark.parametrize(
    ("colours", "drawn"),
    [("truecolor", "day"), ("256", "day-256"), ("standard", "terminal"), (None, "terminal")],
)
def test_a_terminal_is_drawn_on_in_the_colours_that_it_has(
    memory: Memory, colours: str | None, drawn: str
) -> None:
    assert ThemeChoice(ScreenPolicy(), memory, asked="day", colours=colours).palette.name == drawn


def test_with_sixteen_colours_a_theme_is_refused_with_the_reason(memory: Memory) -> None:
    choice = ThemeChoice(ScreenPolicy(), memory, asked="", colours="standard")
    assert "16 colours" in choice.choose("day")
    assert memory.get("theme", "") == ""


def test_a_theme_that_the_config_newly_names_comes_on_and_one_that_is_gone_goes_off(memory: Memory) -> None:
    choice = ThemeChoice(ScreenPolicy(themes=(MINE,)), memory, asked="mine", colours="truecolor")
    choice.take(ScreenPolicy())
    assert choice.name == "night"
    choice.take(ScreenPolicy(theme="day"))
    assert choice.name == "day"
    choice.choose("high-contrast")
    choice.take(ScreenPolicy(theme="day", rtl="terminal"))
    assert choice.name == "high-contrast"
