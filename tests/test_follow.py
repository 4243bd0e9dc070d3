"""What comes from the thread that follows a store for a screen, on its way to that screen."""

from __future__ import annotations

import time

from tests import samples
from tui.clock import STALE_HEARTBEAT
from tui.follow import _EMPTY, OneAtATime, Picture, clock_of
from tui.incidents.alarms import Bell, Cause, Muted
from tui.policy import Priority


def test_behind_a_frozen_terminal_no_pictures_pile_up_and_then_one_tells_all() -> None:
    shown: list[Picture] = []
    onward = OneAtATime(shown.append)
    for number in range(1, 1001):
        incident = samples.incident(number % 10, headline=f"as of {number}")
        onward.put(_EMPTY._replace(seq=number, incidents=(incident,)))
    assert [picture.seq for picture in shown] == [1]
    onward.taken()
    assert [picture.seq for picture in shown] == [1, 1000]
    told = {each.id: each.headline for each in shown[1].incidents}
    assert told == {number % 10: f"as of {number}" for number in range(991, 1001)}


def test_the_clock_of_a_replay_holds_while_it_runs_and_is_no_present_when_it_is_over() -> None:
    now = time.time()
    replay = samples.heartbeat(beat=now - 5.0, origin=samples.NOON, anchor=now, rate=0.0)
    assert clock_of(replay).now() == samples.NOON
    over = replay._replace(beat=now - STALE_HEARTBEAT - 1.0)
    assert abs(clock_of(over).now() - now) < STALE_HEARTBEAT


def test_pictures_that_are_taken_at_once_come_as_they_are() -> None:
    shown: list[Picture] = []
    onward = OneAtATime(shown.append)
    for number in (1, 2, 3):
        onward.put(_EMPTY._replace(seq=number))
        onward.taken()
    assert [picture.seq for picture in shown] == [1, 2, 3]


def test_no_bell_is_lost_among_pictures_that_became_one() -> None:
    shown: list[Picture] = []
    onward = OneAtATime(shown.append)
    bells = [Bell(samples.NOON, number, Priority.HIGH, Cause.NEW, Muted.NO, "words") for number in (1, 2, 3)]
    for bell in bells:
        onward.put(_EMPTY._replace(bells=(bell,)))
    onward.taken()
    assert [picture.bells for picture in shown] == [(bells[0],), (bells[1], bells[2])]
