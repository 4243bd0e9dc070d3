"""The pure parts of the screen: words, rows, rolls and layouts."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui.commands import COMMANDS, EVERYWHERE, LINES, SEARCH
from tui.feeds.health import Coverage
from tui.follow import FrontFigures
from tui.incidents.standing import POSTURE, Posture, Standing
from tui.keymap import Keymap
from tui.model import Incident, Kind, Place, Severity, State
from tui.store.rows import Counts
from tui.themes import NIGHT, ink
from tui.widgets.drawn import difference
from tui.widgets.front_words import SPARK_LEAST, border, context_forms, head
from tui.widgets.layout import (
    PANE_HEIGHT,
    PANE_WIDTH,
    TILE_LEAST,
    TILE_WIDTH,
    WALL_PANE_HEIGHT,
    arrange,
    tile,
)
from tui.widgets.roll import Roll
from tui.widgets.row import RowLook, draw_row
from tui.widgets.words import age, fold_hours, local, long_age, plural, row_age, spark, when, zulu

NOW = 1_700_000_000.0
SCOPES = (*LINES, SEARCH)

INCIDENT_ROW = Incident(
    id=1,
    kind=Kind.INCIDENT,
    fronts=("north",),
    headline="Drone strike kills two near Naqoura",
    language="en",
    type="drone",
    by="axis",
    killed=2,
    severity=Severity.HIGH,
    place=Place("Naqoura", 33.1, 35.1),
    first_seen=NOW - 180,
    last_seen=NOW - 60,
    publishers=("gazette", "herald"),
    reports=2,
    grade="B2",
)


def incident(number: int, at: float, headline: str = "Strike") -> Incident:
    return INCIDENT_ROW._replace(id=number, first_seen=at, last_seen=at, headline=headline)


class TestWords:
    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (-5, "0s"),
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (90 * 60, "90m"),
            (7200, "2h"),
            (47 * 3600, "47h"),
            (48 * 3600, "2d"),
            (13 * 86400, "13d"),
            (15 * 86400, "2w"),
        ],
    )
    def test_an_age_is_short(self, seconds: float, words: str) -> None:
        assert age(seconds) == words

    def test_a_row_ages_in_minutes(self) -> None:
        assert row_age(59) == "now"
        assert row_age(61) == "1m"

    def test_a_time_of_the_last_day_is_zulu_and_of_another_its_date(self) -> None:
        assert zulu(NOW) == "22:13Z"
        assert zulu(NOW, NOW + 60) == "22:13Z"
        assert zulu(NOW, NOW + 86_399) == "22:13Z"  # past midnight too: the age beside it is plain
        assert zulu(NOW, NOW + 86_400) == "14 Nov"
        assert zulu(NOW, NOW + 366 * 86_400) == "2023-11-14"

    def test_a_row_of_another_year_tells_the_year_in_no_more_cells(self) -> None:
        told = [when(NOW, NOW + ago) for ago in (60, 86_400, 40 * 7 * 86_400, 151 * 7 * 86_400)]
        assert told == ["22:13Z  1m", "14 Nov 24h", "2023-11-14", "2023-11-14"]

    def test_a_local_clock(self) -> None:
        assert local(NOW, "Asia/Beirut") == "00:13"

    @given(st.lists(st.integers(0, 10_000), max_size=30))
    def test_a_spark_has_a_block_a_bucket_and_its_full_block_at_the_highest(self, counts: list[int]) -> None:
        bars = spark(counts)
        assert len(bars) == len(counts)
        if counts and max(counts) > 0:
            assert bars[counts.index(max(counts))] == "█"
            assert all((bar == "▁") == (count == 0) for bar, count in zip(bars, counts, strict=True))

    @given(st.lists(st.integers(0, 100), max_size=30), st.integers(-1, 40))
    def test_folding_hours_loses_no_incident(self, counts: list[int], buckets: int) -> None:
        folded = fold_hours(counts, buckets)
        assert len(folded) == max(0, min(buckets, len(counts)))
        assert sum(folded) == (sum(counts) if buckets > 0 else 0)

    def test_plurals(self) -> None:
        assert (plural(1, "feed"), plural(3, "feed"), plural(2, "city", "cities")) == (
            "1 feed",
            "3 feeds",
            "2 cities",
        )


class TestRow:
    @given(st.text(max_size=200), st.integers(1, 200), st.sampled_from((1, 2, 3)), st.booleans())
    def test_a_row_is_as_wide_and_high_as_asked_for_any_headline(
        self, headline: str, width: int, height: int, cursor: bool
    ) -> None:
        look = RowLook(width, height, ink(NIGHT.name), NOW, "visual")
        strips = draw_row(INCIDENT_ROW._replace(headline=headline), look, look.ink.ground, cursor=cursor)
        assert len(strips) == height
        assert all(strip.cell_length == width for strip in strips)

    def test_severity_has_a_shape_and_a_letter_and_new_a_bar(self) -> None:
        look = RowLook(60, 2, ink(NIGHT.name), NOW, "visual")
        for severity, sign in zip(Severity, ("· L", "● M", "◆ H", "▲ C"), strict=True):
            first, second = draw_row(
                INCIDENT_ROW._replace(severity=severity), look, look.ink.ground, cursor=False
            )
            assert first.text.startswith(f"┃{sign} 22:10Z  3m drone · Naqoura")
            assert first.text.rstrip().endswith("×2 B2 ✝2")
            assert second.text.startswith("┃ Drone strike kills two")

    def test_what_is_acknowledged_or_a_day_old_has_no_bar(self) -> None:
        look = RowLook(60, 1, ink(NIGHT.name), NOW, "visual")
        known = INCIDENT_ROW._replace(state=State.ACKNOWLEDGED)
        old = INCIDENT_ROW._replace(last_seen=NOW - 90_000)
        for each in (known, old):
            assert draw_row(each, look, look.ink.ground, cursor=False)[0].text.startswith(" ◆ H")

    def test_a_narrow_row_keeps_the_place_before_the_type(self) -> None:
        look = RowLook(36, 2, ink(NIGHT.name), NOW, "visual")
        text = draw_row(INCIDENT_ROW, look, look.ink.ground, cursor=False)[0].text
        assert "Naqoura" in text
        assert "drone" not in text

    def test_arabic_stands_at_the_right_in_the_order_of_the_eye(self) -> None:
        look = RowLook(40, 2, ink(NIGHT.name), NOW, "visual")
        headline = "غارة على الناقورة"
        text = draw_row(INCIDENT_ROW._replace(headline=headline), look, look.ink.ground, cursor=False)[1].text
        assert text.endswith("ﻏﺎﺭﺓ"[::-1])
        assert cell_len(text) == 40


class TestRoll:
    def test_newest_first_and_an_update_keeps_its_place(self) -> None:
        roll = Roll([incident(1, 10), incident(2, 30), incident(3, 20)])
        assert [each.id for each in roll.rows] == [2, 3, 1]
        roll.put(roll[1]._replace(last_seen=99, headline="More is known"))
        assert [each.id for each in roll.rows] == [2, 3, 1]
        assert roll[1].headline == "More is known"

    @given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 50)), max_size=60))
    def test_each_incident_stands_once_in_order_whatever_comes(self, puts: list[tuple[int, int]]) -> None:
        roll = Roll()
        last: dict[int, int] = {}
        for number, at in puts:
            roll.put(incident(number, at))
            last[number] = at
        assert [each.id for each in roll.rows] == sorted(last, key=lambda number: (-last[number], -number))
        assert all(roll.index(each.id) == index for index, each in enumerate(roll.rows))
        roll.trim(3)
        assert len(roll) == min(3, len(last))
        for number in last:
            roll.drop(number)
        assert len(roll) == 0


class TestLayout:
    @pytest.mark.parametrize(
        ("panes", "width", "height", "columns", "rows", "single"),
        [
            (3, 120, 37, 3, 1, False),
            (3, 119, 37, 1, 3, False),
            (3, 80, 21, 1, 3, False),
            (3, 80, 20, 1, 1, True),
            (10, 200, 47, 5, 2, False),
            (10, 320, 87, 5, 2, False),
            (4, 80, 40, 2, 2, False),
            (1, 20, 5, 1, 1, True),
        ],
    )
    def test_panes_share_the_screen(
        self, panes: int, width: int, height: int, columns: int, rows: int, single: bool
    ) -> None:
        got = arrange(panes, width, height)
        assert (got.columns, got.rows, got.single) == (columns, rows, single)

    @given(st.integers(1, 30), st.integers(1, 400), st.integers(1, 120))
    def test_every_pane_has_a_place_that_is_large_enough(self, panes: int, width: int, height: int) -> None:
        got = arrange(panes, width, height)
        if not got.single:
            assert got.columns * got.rows >= panes
            assert got.columns == 1 or width // got.columns >= PANE_WIDTH
            assert got.rows == 1 or height // got.rows >= PANE_HEIGHT

    @given(st.integers(1, 40), st.integers(1, 400), st.integers(3, 120))
    def test_every_tile_has_a_place_and_scrolls_only_where_there_is_no_room(
        self, tiles: int, width: int, height: int
    ) -> None:
        got = tile(tiles, width, height)
        assert (got.columns - 1) * got.rows < tiles <= got.columns * got.rows
        assert got.columns == 1 or width // got.columns >= TILE_WIDTH * 3 // 4
        if got.height:
            assert (got.height, got.rows * got.height > height) == (TILE_LEAST, True)
        else:
            assert height // got.rows >= TILE_LEAST

    @pytest.mark.parametrize(
        ("tiles", "width", "height", "columns", "rows"),
        [(3, 60, 15, 1, 3), (3, 120, 37, 1, 3), (12, 80, 21, 2, 6), (12, 200, 47, 4, 3), (10, 320, 87, 5, 2)],
    )
    def test_tiles_share_the_screen(
        self, tiles: int, width: int, height: int, columns: int, rows: int
    ) -> None:
        got = tile(tiles, width, height)
        assert (got.columns, got.rows, got.height) == (columns, rows, 0)

    def test_a_wall_has_panes_only_where_three_rows_of_three_lines_fit(self) -> None:
        assert not arrange(3, 140, 22, WALL_PANE_HEIGHT).single
        assert arrange(3, 140, 11, WALL_PANE_HEIGHT).single
        assert arrange(3, 80, 22, WALL_PANE_HEIGHT).single


class TestFrontWords:
    FIGURES = FrontFigures(
        Counts(12, 31, 44, tuple(range(24)), 2, 7),
        Coverage(16, 16, NOW, False, None),
        NOW - 60,
        Standing(POSTURE, "north", Posture.SURGE, NOW, NOW, "2 critical in 24 h; 9 in 6 h, usual 2.1"),
    )

    @pytest.mark.parametrize(
        ("room", "counts", "sight"),
        [
            (96, "12 new · 31 in 24 h · 2 shelved · 7 suppressed", "16/16 1m"),
            (50, "12 new · 31 in 24 h · 2 shelved", "16/16 1m"),
            (36, "12 new · 2 shelved", "16/16 1m"),
            (17, "12 new", "16/16 1m"),
            (12, "12 new", "1m"),
            (6, "12 new", ""),
        ],
    )
    def test_a_head_leaves_parts_out_and_cuts_no_word(self, room: int, counts: str, sight: str) -> None:
        told, bars, seen = head(self.FIGURES, NOW, room, polls=True)
        assert (told, seen) == (counts, sight)
        assert cell_len(told) + cell_len(seen) + len(bars) + (4 if bars else 0) <= room
        assert not bars or len(bars) >= SPARK_LEAST

    @given(st.integers(1, 120), st.booleans(), st.integers(0, 99))
    def test_a_border_has_room_at_any_width_and_its_foot_cuts_no_word(
        self, room: int, blind: bool, above: int
    ) -> None:
        figures = self.FIGURES._replace(coverage=Coverage(3, 16, NOW, blind, NOW - 900))
        tail = context_forms(figures.counts, "c", shown=False)
        told = border("North", figures, NOW, room, unread=False, polls=True, above=above, hidden=0, tail=tail)
        assert cell_len(told.title) <= room
        assert cell_len(told.subtitle) <= room
        assert "…" not in told.subtitle
        assert (told.blind, told.surge) == (blind, True)

    def test_a_time_ago_has_two_units(self) -> None:
        spans = (59, 840, 7800, 7200, 266_400, 259_200)
        words = ["0 min", "14 min", "2 h 10 min", "2 h", "3 d 2 h", "3 d"]
        assert [long_age(seconds) for seconds in spans] == words


class TestCommands:
    @pytest.mark.parametrize("scope", SCOPES)
    def test_no_key_does_two_things_on_a_screen(self, scope: str) -> None:
        keys = [key for command in Keymap({}).commands_of(scope) for key in command.keys]
        assert len(keys) == len(set(keys))

    def test_every_command_says_what_it_does(self) -> None:
        for command in COMMANDS:
            assert command.help.endswith(".")
            assert command.label
            assert set(command.scopes) <= {EVERYWHERE, *SCOPES}

    def test_the_table_in_the_readme_is_that_of_the_commands(self) -> None:
        docs = Path(__file__).parent.parent / "docs"
        spec = importlib.util.spec_from_file_location("make_keys", docs / "make_keys.py")
        assert spec is not None
        assert spec.loader is not None
        make_keys = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(make_keys)
        text = (docs.parent / "README.md").read_text(encoding="utf-8")
        assert make_keys.written(text) == text


def test_a_changed_style_is_drawn_although_a_character_beside_it_changed_too() -> None:
    before = Strip([Segment("30s", Style(color="green"))])
    after = Strip([Segment("31s", Style(color="red"))])
    assert difference(before, after, 4) == Region(0, 4, 3, 1)
    ticked = Strip([Segment("31s", Style(color="green"))])
    assert difference(before, ticked, 4) == Region(1, 4, 1, 1)
