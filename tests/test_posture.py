"""The posture of a front: what raises it, what it says, and that it does not flicker."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, HOUR, NOON
from tui.incidents.posture import Signs, doubt_of, figure, judge, step
from tui.incidents.standing import Posture, Standing
from tui.incidents.surge import Excess, compare
from tui.incidents.tempo import REACH, Hours, learn
from tui.policy import PosturePolicy

POLICY = PosturePolicy()
CALM = Excess(24, 24, 2, 2.1, 1.0)
BUSY = Excess(24, 24, 9, 3.0, 0.005)
WAVE = Excess(6, 6, 9, 2.1, 0.0001)


def signs(
    *excesses: Excess, critical: int = 0, tripwires: tuple[str, ...] = (), blind: bool = False
) -> Signs:
    return Signs(excesses or (CALM,), critical, tripwires, "", blind)


def stepped(before: Standing | None, told: Signs, at: float, policy: PosturePolicy = POLICY) -> Standing:
    return step(before, "yemen", told, at, policy)


@pytest.mark.parametrize(
    ("told", "posture", "words"),
    [
        (signs(), "usual", "2 in 24 h, usual 2.1"),
        (signs(BUSY), "elevated", "9 in 24 h, usual 3.0"),
        (signs(CALM, critical=1), "elevated", "1 critical in 24 h; 2 in 24 h, usual 2.1"),
        (signs(BUSY, WAVE), "surge", "9 in 6 h, usual 2.1"),
        (signs(BUSY, WAVE, critical=2), "severe", "2 critical in 24 h; 9 in 6 h, usual 2.1"),
        (signs(tripwires=("A war",), critical=1), "severe",
         "tripwire A war; 1 critical in 24 h; 2 in 24 h, usual 2.1"),
        (Signs(doubt="no usual"), "usual", "no usual"),
        (Signs(critical=1, doubt="no usual"), "elevated", "1 critical in 24 h; no usual"),
        (Signs((BUSY,), doubt="of late"), "elevated", "9 in 24 h, usual 3.0 (of late)"),
        (signs(replace(BUSY, seen=18)), "elevated", "9 in the 18 h seen of 24, usual 3.0"),
    ],
)  # fmt: skip
def test_each_posture_has_its_sentence_of_reasons(told: Signs, posture: str, words: str) -> None:
    standing = stepped(None, told, NOON)
    assert (standing.state, standing.words, standing.since) == (posture, words, NOON)


@pytest.mark.parametrize(("usual", "words"), [(0.02, "under 0.1"), (2.14, "2.1"), (9.97, "10"), (41.2, "41")])
def test_the_usual_is_told_no_finer_than_it_is_known(usual: float, words: str) -> None:
    assert figure(usual) == words


@pytest.mark.parametrize(
    ("seen", "doubt"),
    [
        (0, "usual not known before 7 Dec"),  # three days seen, and three that are not learnt from
        (100, "usual not known before 3 Dec"),
        (144, "not to be trusted before 5 Dec"),
        (240, ""),
    ],
)
def test_it_is_told_from_when_the_usual_can_be_trusted(seen: int, doubt: str) -> None:
    hours = Hours(NOON, (0,) * 400, tuple(ago < seen for ago in range(400)))
    assert doubt_of(learn(hours, "UTC")) == doubt


def test_one_or_two_incidents_are_never_many_however_rare() -> None:
    few = Excess(6, 6, 2, 0.01, 1e-6)
    assert judge(signs(few), POLICY) is Posture.USUAL
    assert judge(signs(few), POLICY._replace(fewest=2)) is Posture.SURGE


def test_it_rises_at_once_and_falls_when_its_reasons_have_not_held_for_the_hold() -> None:
    calm = stepped(None, signs(), NOON)
    raised = stepped(calm, signs(WAVE), NOON + HOUR)
    assert (raised.state, raised.since) == ("surge", NOON + HOUR)
    still = stepped(raised, signs(), NOON + HOUR + POLICY.hold - 1)
    assert (still.state, still.words) == ("surge", "9 in 6 h, usual 2.1")
    fallen = stepped(still, signs(), NOON + HOUR + POLICY.hold)
    assert (fallen.state, fallen.since) == ("usual", NOON + HOUR + POLICY.hold)


def test_a_count_that_hovers_at_the_threshold_keeps_it_up() -> None:
    raised = stepped(None, signs(BUSY), NOON)
    hovering = signs(replace(BUSY, chance=3 * POLICY.elevated))
    assert judge(hovering, POLICY) is Posture.USUAL
    later = stepped(raised, hovering, NOON + 5 * DAY)
    assert (later.state, later.since, later.met) == ("elevated", NOON, NOON + 5 * DAY)


def test_it_falls_to_what_there_is_still_reason_for() -> None:
    raised = stepped(None, signs(WAVE), NOON)
    assert stepped(raised, signs(BUSY), NOON + DAY).state == "elevated"


def test_a_blind_front_never_calms_down() -> None:
    raised = stepped(None, signs(BUSY), NOON)
    blind = stepped(raised, signs(blind=True), NOON + 3 * DAY)
    assert blind.state == "elevated"
    assert stepped(blind, signs(), NOON + 3 * DAY + HOUR).state == "elevated"
    assert stepped(blind, signs(), NOON + 3 * DAY + POLICY.hold).state == "usual"
    assert stepped(blind, signs(WAVE, blind=True), NOON + 3 * DAY).state == "surge"


def test_a_clock_that_is_set_back_does_not_hold_it_for_good() -> None:
    raised = stepped(None, signs(BUSY), NOON + 300 * DAY)
    standing = raised
    for hour in range(14):
        standing = stepped(standing, signs(), NOON + hour * HOUR)
    assert standing.state == "usual"


chances = st.sampled_from([1.0, 0.5, 0.03, 0.015, 0.009, 0.0015, 0.0004, 0.0])


@given(
    st.lists(st.tuples(chances, st.integers(0, 2), st.booleans(), st.floats(60.0, 4 * HOUR)), max_size=120)
)
def test_whatever_comes_it_never_goes_up_and_down_within_the_hold(
    told: list[tuple[float, int, bool, float]],
) -> None:
    now, standing, changes = NOON, stepped(None, signs(), NOON), []
    for chance, critical, blind, passed in told:
        now += passed
        count = 9 if chance < 1.0 else 1
        after = stepped(
            standing, signs(Excess(24, 24, count, 2.0, chance), critical=critical, blind=blind), now
        )
        if after.state != standing.state:
            changes.append((now, Posture(after.state).rank - Posture(standing.state).rank))
        assert after.since <= now >= after.met
        standing = after
    for (earlier, up), (later, down) in pairwise(changes):
        if up > 0 > down:
            assert later - earlier >= POLICY.hold


@pytest.mark.parametrize("a_day", [1, 4, 12])
def test_on_a_steady_input_of_sixty_days_it_is_seldom_other_than_usual(a_day: int) -> None:
    chance = random.Random(a_day)
    counts = [sum(chance.random() < a_day / 24 / 8 for _ in range(8)) for _ in range(90 * 24)]
    standing, unusual, changes, looks = stepped(None, signs(), NOON), 0, [], 0
    for hour in range(30 * 24, len(counts)):
        newest_first = tuple(reversed(counts[max(0, hour - REACH) : hour]))
        hours = Hours(NOON + hour * HOUR, newest_first, (True,) * len(newest_first))
        if hour % 12 == 0:
            usual = learn(hours, "UTC")
        after = stepped(standing, Signs(compare(hours, usual)), hours.until)
        if after.state != standing.state:
            changes.append((hours.until, Posture(after.state).rank - Posture(standing.state).rank))
        standing = after
        looks += 1
        unusual += standing.state != "usual"
        assert standing.state in ("usual", "elevated")  # no surge where there is none
    assert unusual / looks < 0.15
    assert all(b[0] - a[0] >= POLICY.hold for a, b in pairwise(changes) if a[1] > 0 > b[1])


def test_four_times_the_usual_for_a_day_is_a_surge() -> None:
    counts = [*[1, 0, 0, 0, 0, 0] * 4 * 40, *[1] * 24]  # four a day, then one an hour
    newest_first = tuple(reversed(counts))[:REACH]
    hours = Hours(NOON, newest_first, (True,) * REACH)
    told = Signs(compare(hours, learn(hours, "UTC")))
    standing = stepped(None, told, NOON)
    assert (standing.state, standing.words) == ("surge", "24 in 24 h, usual 3.9")
