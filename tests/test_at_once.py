"""A side that attacks on several fronts at once is told once, and while it is so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.samples import HOUR, NOON
from tui.incidents.at_once import Attack, active
from tui.incidents.standing import Standing
from tui.policy import PosturePolicy

POLICY = PosturePolicy()
NAMES = {"north": "North", "east": "East", "south": "South"}


def stands(before: dict[str, Standing], now: float, *attacks: Attack) -> dict[str, Standing]:
    return active(before, attacks, now, POLICY, NAMES)


NORTH, EAST = Attack(NOON, "north", "axis"), Attack(NOON + HOUR, "east", "axis")


def test_one_side_on_two_fronts_within_six_hours_is_an_event_with_its_sentence() -> None:
    made = stands({}, NOON + 2 * HOUR, EAST, NORTH)
    assert made["axis"].state == "active"
    assert made["axis"].words == "2 fronts active at once, by axis: North 12:00Z, East 13:00Z"
    assert made["axis"].since == NOON + 2 * HOUR


def test_it_is_none_by_two_sides_or_on_one_front_or_further_apart_or_off_the_watch() -> None:
    other = replace(EAST, by="israel")
    assert stands({}, NOON + 2 * HOUR, NORTH, other) == {}
    assert stands({}, NOON + 2 * HOUR, NORTH, replace(EAST, front="north")) == {}
    assert stands({}, NOON + 6.5 * HOUR, NORTH, EAST) == {}
    assert stands({}, NOON + 2 * HOUR, NORTH, replace(EAST, front="elsewhere")) == {}
    assert stands({}, NOON, NORTH, EAST) == {}  # not yet


def test_it_goes_on_until_the_side_has_attacked_nowhere_for_as_long() -> None:
    before = stands({}, NOON + 2 * HOUR, NORTH, EAST)
    going_on = stands(before, NOON + 6.5 * HOUR, NORTH, EAST)
    words = "several fronts active at once until 14:00Z, by axis: only East 13:00Z"
    assert going_on == {"axis": before["axis"]._replace(words=words)}
    assert stands(going_on, NOON + 6.6 * HOUR, NORTH, EAST) == going_on
    over = stands(before, NOON + 7 * HOUR, NORTH, EAST)
    assert (over["axis"].state, over["axis"].words) == ("over", "no attack by axis within 6 h")
    assert stands(over, NOON + 8 * HOUR) == {}


def test_a_front_that_is_taken_out_of_the_watch_is_named_no_more() -> None:
    before = stands({}, NOON + 2 * HOUR, NORTH, EAST)
    assert "North" in before["axis"].words
    after = active(before, (NORTH, EAST), NOON + 2.1 * HOUR, POLICY, {"east": "East"})
    assert (after["axis"].state, "North" in after["axis"].words) == ("active", False)


def test_only_the_sides_asked_for_are_told() -> None:
    one = POLICY._replace(active_sides=("israel",))
    assert active({}, (NORTH, EAST), NOON + 2 * HOUR, one, NAMES) == {}
    theirs = [replace(attack, by="israel") for attack in (NORTH, EAST)]
    assert set(active({}, (*theirs, NORTH, EAST), NOON + 2 * HOUR, one, NAMES)) == {"israel"}


def test_more_fronts_may_be_asked_for() -> None:
    three = POLICY._replace(active_fronts=3)
    south = Attack(NOON + 2 * HOUR, "south", "axis")
    assert active({}, (NORTH, EAST), NOON + 2 * HOUR, three, NAMES) == {}
    assert "3 fronts" in active({}, (NORTH, EAST, south), NOON + 2 * HOUR, three, NAMES)["axis"].words


attacks = st.builds(
    Attack, st.floats(NOON, NOON + 60 * HOUR), st.sampled_from([*NAMES, "elsewhere"]), st.sampled_from("ab")
)


@given(st.lists(attacks, max_size=30))
def test_however_the_attacks_fall_an_event_lasts_at_least_until_the_last_of_them_is_old(
    told: list[Attack],
) -> None:
    before: dict[str, Standing] = {}
    for quarter in range(70 * 4):
        now = NOON + quarter * HOUR / 4
        after = stands(before, now, *told)
        for side, standing in after.items():
            recent = {
                a.front for a in told if a.by == side and now - 6 * HOUR < a.at <= now and a.front in NAMES
            }
            began = standing.state == "active" and before.get(side, standing).state != "active"
            assert (len(recent) >= 2) or not began
            assert (standing.state == "over") == (not recent)
        before |= after
