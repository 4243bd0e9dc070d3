"""What people do: logged, told to every screen, and taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.samples import NOON
from tui.model import State
from tui.store.desk import Desk
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.store.writer import Writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "s.db"
    with closing(Writer(path)) as writer:
        writer.add((), [samples.incident(1), samples.incident(2), samples.incident(3)])
    return path


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with closing(Desk(path)) as desk:
        yield desk


@pytest.fixture
def reader(path: Path) -> Iterator[Reader]:
    with closing(Reader(path)) as reader:
        yield reader


def states(reader: Reader) -> dict[int, str]:
    """Who acknowledged which; what is new is left out."""
    acknowledged = [each for each in reader.incidents() if each.state is State.ACKNOWLEDGED]
    return {each.id: each.state_by for each in acknowledged}


def test_an_acknowledgement_has_a_name_and_a_line_in_the_log(desk: Desk, reader: Reader) -> None:
    assert desk.acknowledge([1, 3], "ab", NOON) == [1, 3]
    assert states(reader) == {1: "ab", 3: "ab"}
    (line,) = desk.actions()
    assert (line.at, line.who, line.verb, line.payload["ids"]) == (
        NOON,
        "ab",
        "acknowledge",
        [1, 3],
    )


def test_what_is_acknowledged_stays_with_whoever_was_first(desk: Desk, reader: Reader) -> None:
    desk.acknowledge([1], "ab", NOON)
    desk.acknowledge([1, 2], "cd", NOON + 1)
    assert states(reader) == {1: "ab", 2: "cd"}
    assert desk.actions()[1].payload["ids"] == [2]


@pytest.mark.parametrize("ids", [[], [99], [1]])
def test_where_nothing_is_new_nothing_is_done_or_logged(desk: Desk, reader: Reader, ids: list[int]) -> None:
    desk.acknowledge([1], "ab", NOON)
    seq = reader.seq()
    assert desk.acknowledge(ids, "cd", NOON) == []
    assert len(desk.actions()) == 1
    assert reader.seq() == seq


def test_undo_takes_back_ones_own_last_act_and_then_the_one_before(desk: Desk, reader: Reader) -> None:
    desk.acknowledge([1], "ab", NOON)
    desk.acknowledge([2], "ab", NOON)
    first, second = (action.id for action in desk.actions())
    desk.acknowledge([3], "cd", NOON)
    taken_back = [desk.undo("ab", NOON), desk.undo("ab", NOON)]
    assert [action.id for action in taken_back if action] == [second, first]
    assert states(reader) == {3: "cd"}
    assert desk.undo("ab", NOON) is None
    assert states(reader) == {3: "cd"}


def test_the_log_keeps_what_was_taken_back_and_by_what(desk: Desk) -> None:
    desk.acknowledge([1], "ab", NOON)
    desk.undo("ab", NOON + 5)
    acknowledged, undone = desk.actions()
    assert acknowledged.undone_by == undone.id
    assert (undone.verb, undone.subject, undone.at) == ("undo", str(acknowledged.id), NOON + 5)


def test_undo_leaves_what_somebody_else_has_done_since(desk: Desk, reader: Reader) -> None:
    desk.acknowledge([1, 2], "ab", NOON)
    desk.undo("ab", NOON)
    desk.acknowledge([1], "cd", NOON)
    assert desk.undo("ab", NOON) is None
    assert states(reader) == {1: "cd"}


def test_asking_for_a_poll_is_logged_and_is_passed_over_by_undo(desk: Desk, reader: Reader) -> None:
    desk.acknowledge([1], "ab", NOON)
    desk.ask_poll("https://wire.example/feed", "ab", NOON)
    desk.ask_poll(None, "ab", NOON)
    assert [(action.verb, action.subject) for action in desk.actions()][1:] == [
        ("poll", "https://wire.example/feed"),
        ("poll", "feeds"),
    ]
    desk.undo("ab", NOON)
    assert states(reader) == {}


def test_the_log_can_be_read_from_a_time_on(desk: Desk) -> None:
    for minute in range(5):
        desk.ask_poll(None, "ab", NOON + minute)
    assert [action.at for action in desk.actions(NOON + 2)] == [NOON + 2, NOON + 3, NOON + 4]
    assert [action.at for action in desk.actions(NOON + 2, limit=1)] == [NOON + 2]


def test_two_desks_at_one_store_do_not_get_in_each_others_way(desk: Desk, path: Path, reader: Reader) -> None:
    with closing(Desk(path)) as other, closing(Writer(path)) as writer:
        for number in range(10, 30):
            writer.add((), [samples.incident(number)])
            (desk if number % 2 else other).acknowledge([number], f"desk-{number % 2}", NOON)
    assert states(reader) == {number: f"desk-{number % 2}" for number in range(10, 30)}


def test_an_act_waits_for_the_collectors_transaction_and_a_reader_does_not(
    desk: Desk, path: Path, reader: Reader
) -> None:
    with closing(open_store(path)) as collector:
        collector.execute("BEGIN IMMEDIATE")
        collector.execute("UPDATE incident SET reports = 9")
        end = threading.Timer(0.2, collector.execute, ["COMMIT"])
        end.start()
        assert [incident.reports for incident in reader.incidents()] == [1, 1, 1]
        assert desk.acknowledge([1], "ab", NOON) == [1]
        end.join()
    assert [incident.reports for incident in reader.incidents()] == [9, 9, 9]
    assert states(reader) == {1: "ab"}
