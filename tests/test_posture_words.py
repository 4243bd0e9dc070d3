"""The words for how fronts stand, in whatever room there is."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import NOON
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.incidents.standing import POSTURE, Posture, Standing
from tui.model import Kind
from tui.widgets import rtl
from tui.widgets.posture_words import SIGNS, header_forms, subtitle, title, title_forms

BLIND = (" ── BLIND since 14:05Z · 3 of 16 feeds", " ── BLIND since 14:05Z 3/16", " ── BLIND")
ACTIVE = Standing("active", "axis", "active", NOON, NOON, "2 fronts active at once, by axis: North 12:00Z")


def standing(state: str, words: str = "9 in 6 h, usual 2.1", subject: str = "south") -> Standing:
    return Standing(POSTURE, subject, state, NOON, NOON, words)


def test_the_usual_posture_takes_no_room() -> None:
    assert title_forms(None) == title_forms(standing("usual")) == ("",)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (60, "YEMEN / RED SEA ── ▲▲ surge: 9 in 6 h, usual 2.1"),
        (34, "YEMEN / RED SEA ── ▲▲ surge"),
        (24, "YEMEN /… ── ▲▲ surge"[:24]),
        (16, "YEMEN /… ── ▲▲"),
    ],
)
def test_a_title_gives_up_the_reason_then_the_name_and_never_the_sign(room: int, shown: str) -> None:
    words, _ = title("YEMEN / RED SEA", title_forms(standing("surge")), ("",), "", room)
    assert rtl.cells(words) <= room
    assert words.split("──")[1:] == shown.split("──")[1:]
    assert words.startswith("YEMEN")


def test_that_a_pane_is_blind_comes_before_the_reason_of_its_posture() -> None:
    forms = title_forms(standing("surge"))
    assert (
        title("YEMEN", forms, BLIND, "", 58)[0] == "YEMEN ── ▲▲ surge ── BLIND since 14:05Z · 3 of 16 feeds"
    )
    assert title("YEMEN", forms, BLIND, "", 34)[0] == "YEMEN ── ▲▲ surge ── BLIND"


@given(
    st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=40),
    st.sampled_from(list(Posture)),
    st.sampled_from([("",), BLIND]),
    st.integers(0, 120),
    st.integers(34, 150),
)
def test_in_any_pane_the_sign_and_the_blindness_stand_whole(
    name: str, posture: Posture, blinds: tuple[str, ...], above: int, room: int
) -> None:
    told = f" ── {above} new above" if above else ""
    if rtl.cells(told) > 0 and blinds is BLIND and room < 40:
        told = ""  # the three together need forty cells
    words, _ = title(name, title_forms(standing(posture)), blinds, told, room)
    assert rtl.cells(words) <= room
    assert SIGNS[posture] in words
    assert ("BLIND" in words) is (blinds is BLIND)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, "9 in 6 h, usual 2.1 · 12 context (c)"),
        (30, "9 in 6 h, usual 2.1 · 12 (c)"),
        (20, "9 in 6 h · 12 (c)"),
        (10, "12 context"),
        (9, "12 (c)"),
        (5, ""),
    ],
)
def test_below_a_pane_the_reason_gives_up_a_part_rather_than_cut_a_word(room: int, shown: str) -> None:
    context = ("12 context (c)", "12 context", "12 (c)")
    words = subtitle("9 in 6 h, usual 2.1", context, room)
    assert rtl.cells(words) <= room
    assert words == shown


def test_below_a_pane_that_is_usual_stands_its_context_alone() -> None:
    assert subtitle("", ("",), 20) == ""
    assert subtitle("", ("12 context (c)", "12 (c)"), 20) == "12 context (c)"


def test_the_header_tells_the_worst_first_and_leaves_out_what_is_only_elevated() -> None:
    fronts = [
        ("North", standing("elevated")),
        ("East", standing("surge")),
        ("South", standing("severe", "war")),
    ]
    full, *_, brief = header_forms(fronts, [ACTIVE])
    assert full == (
        "▲▲▲ SOUTH severe: war   ▲▲ EAST surge: 9 in 6 h, usual 2.1   "
        "◆ 2 fronts active at once, by axis: North 12:00Z"
    )
    assert brief == "▲▲▲ SOUTH severe   ▲▲ EAST surge   ◆ 2 fronts active at once, by axis"
    assert header_forms(fronts[:1], []) == ()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90), (50, 15)])
async def test_a_change_of_posture_is_seen_on_the_board_at_any_size(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    floor.tell("Drone strike near the harbour", front="south")
    floor.tell("Minister warns", front="south", kind=Kind.STATEMENT)
    async with watching(floor, size) as (app, pilot):
        await asyncio.sleep(0)
        assert "▲▲" not in text_of(app)
        south = standing("surge")
        floor.writer.stand([south, ACTIVE], floor.now)
        await until(pilot, lambda: "▲▲ SOUTH surge" in text_of(app))
        screen = text_of(app)
        assert "◆ 2" in screen.splitlines()[1]
        assert "▲▲" in "\n".join(screen.splitlines()[2:])  # the pane's title, or its tab
        floor.writer.stand([standing("usual")], floor.now)
        await until(pilot, lambda: "▲▲" not in text_of(app))


async def test_a_fault_of_the_board_comes_before_any_posture(floor: Watchfloor) -> None:
    floor.writer.stand([standing("severe", "war")], floor.now)
    floor.beat(ago=300.0)
    async with watching(floor) as (app, _):
        second = text_of(app).splitlines()[1]
        assert "COLLECTOR silent" in second
        assert "severe" not in second
        assert "▲▲▲ severe" in text_of(app)
