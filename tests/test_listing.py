"""``frontwatch list``: incidents for a person and for a script."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.samples import DAY, HOUR, NOON
from tui import paths
from tui.cli import main
from tui.listing import PAGE, list_incidents
from tui.model import Kind, Place, Severity
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.usage import WrongUsage

List = Callable[..., str]


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    """A store whose clock stands at noon, as after a replay."""
    with closing(Writer(path)) as writer:
        writer.beat(samples.heartbeat(origin=NOON, rate=0.0))
        yield writer


@pytest.fixture
def listed(path: Path, writer: Writer) -> Iterator[List]:
    with closing(Reader(path)) as reader:

        def listed(**more: Any) -> str:
            out = io.StringIO()
            asked: dict[str, Any] = {
                "front": None,
                "since": NOON - DAY,
                "kind": None,
                "severity": None,
                "as_json": False,
            }
            assert list_incidents(reader, out=out, **asked | more) == 0
            return out.getvalue()

        yield listed


def test_json_has_the_fields_that_scripts_are_promised(writer: Writer, listed: List, path: Path) -> None:
    told = samples.report("Drone strike hits a house near Naqoura", at=NOON - HOUR)
    writer.add([(told, 1)], [samples.incident(1, at=NOON - HOUR, killed=0)])
    with closing(Desk(path)) as desk:
        desk.acknowledge([1], "ab", NOON)
    assert json.loads(listed(as_json=True)) == {
        "id": 1,
        "fronts": ["lebanon-border"],
        "kind": "incident",
        "type": "drone",
        "by": "israel",
        "killed": 0,
        "severity": "medium",
        "headline": "Drone strike hits a house near Naqoura",
        "place": "Naqoura",
        "lat": 33.118,
        "lon": 35.139,
        "first_seen": "2023-12-01T11:00:00Z",
        "last_seen": "2023-12-01T11:00:00Z",
        "publishers": ["example-wire"],
        "grade": "B3",
        "state": "acknowledged",
        "reports": [
            {
                "source": "Example Wire",
                "link": told.link,
                "title": told.title,
                "published": "2023-12-01T11:00:00Z",
            }
        ],
    }


def test_now_is_the_stores_and_not_the_machines(
    writer: Writer, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "STORE_NAME", path.name)
    writer.add((), [samples.incident(1, at=NOON - 23 * HOUR), samples.incident(2, at=NOON - 25 * HOUR)])
    for since, wanted in ((), [1]), (("--since", "2d"), [1, 2]), (("--since", "2023-11-30"), [1, 2]):
        assert main(["--data", str(path.parent), "list", "--json", *since]) == 0
        assert ids(capsys.readouterr().out) == wanted


def test_the_list_is_of_incidents_unless_another_kind_is_asked_for(writer: Writer, listed: List) -> None:
    statement = samples.incident(2, kind=Kind.STATEMENT, severity=None, fronts=("yemen",))
    writer.add((), [samples.incident(1, severity=Severity.LOW), statement])
    assert ids(listed(as_json=True)) == [1]
    assert ids(listed(as_json=True, kind="statement")) == [2]
    assert ids(listed(as_json=True, kind="statement", front="lebanon-border")) == []
    assert ids(listed(as_json=True, severity="medium")) == []


def test_a_long_list_is_whole_and_newest_first(writer: Writer, listed: List) -> None:
    count = 2 * PAGE + 7
    writer.add((), [samples.incident(n, at=NOON - count + n // 3) for n in range(1, count + 1)])
    assert ids(listed(as_json=True)) == list(range(count, 0, -1))


def test_a_person_gets_aligned_lines_without_escape_codes(writer: Writer, listed: List, path: Path) -> None:
    place = Place("A very long name of a village", 33.0, 35.0)
    writer.add(
        (),
        [
            samples.incident(
                1, at=NOON - HOUR, severity=Severity.CRITICAL, headline="First", publishers=("a", "b")
            ),
            samples.incident(2, at=NOON, place=place, headline="Second", severity=None, type=None),
        ],
    )
    with closing(Desk(path)) as desk:
        desk.acknowledge([2], "ab", NOON)
    head, second, first = listed().splitlines()
    column = head.index("HEADLINE")
    assert (first[column:], second[column:]) == ("First", "Second")
    assert first.split() == ["new", "C", "2023-12-01", "11:00Z", "drone", "Naqoura", "x2", "B3", "First"]
    assert second.startswith("ack   -   2023-12-01 12:00Z incident       A very long name …")
    assert "\x1b" not in head + first + second


@pytest.mark.parametrize(("word", "known"), [("kind", "statement"), ("severity", "critical")])
def test_a_word_that_does_not_exist_is_answered_with_those_that_do(
    path: Path, writer: Writer, word: str, known: str
) -> None:
    out = io.StringIO()
    asked: dict[str, Any] = {
        "front": None,
        "since": NOON - DAY,
        "kind": None,
        "severity": None,
        word: "nonsense",
    }
    with closing(Reader(path)) as reader, pytest.raises(WrongUsage, match=known):
        list_incidents(reader, as_json=False, out=out, **asked)
    assert out.getvalue() == ""


def test_a_front_that_nothing_was_ever_stored_of_is_told(
    listed: List, capsys: pytest.CaptureFixture[str]
) -> None:
    assert listed(front="yemem", as_json=True) == ""
    assert "'yemem'" in capsys.readouterr().err


def ids(lines: str) -> list[int]:
    return [json.loads(line)["id"] for line in lines.splitlines()]
