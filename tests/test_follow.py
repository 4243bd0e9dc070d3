"""What comes from the thread that follows a store for a screen, on its way to that screen."""

from __future__ import annotations

from tests import samples
from tui.follow import _EMPTY, OneAtATime, Picture
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
