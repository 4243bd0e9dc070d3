"""What people ruled, told to a person and as labelled lines, and done by whatever collects."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.loopback import Loopback
from tests.samples import NOON
from tests.test_merge import strike
from tests.test_replay import STRIKE as REPLAYED
from tests.test_replay import line
from tests.watchdesk import NOW, Watchdesk, copies
from tests.workbench import STRIKE, Workbench, document, until
from tui import paths
from tui.cli import main
from tui.model import Kind, Place, Severity
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.sentences import undone, words
from tui.tagging.evaluate import labelled


@pytest.fixture
def desk(path: Path) -> Iterator[Watchdesk]:
    with closing(Watchdesk(path)) as desk:
        yield desk


def test_a_corrected_incident_is_a_labelled_line_a_report(desk: Watchdesk) -> None:
    piece = strike(killed=2)
    desk.tell(
        piece, *copies(piece, 1), strike("Rockets at Erbil base", hours=30, fronts=("iraq-syria",), places=())
    )
    desk.desk.correct(1, "fronts", ["yemen"], "ab", NOW)
    desk.desk.correct(1, "severity", Severity.HIGH, "ab", NOW)
    desk.rule()
    lines = desk.labelled()
    assert [each["title"] for each in lines] == [piece.title] * 2
    assert {each["incident"] for each in lines} == {1}
    right = {
        name: lines[0].get(name, "not judged")
        for name in ("fronts", "kind", "type", "by", "severity", "killed")
    }
    assert right == {
        "fronts": ["yemen"],
        "kind": "incident",
        "type": "drone",
        "by": "israel",
        "severity": "high",
        "killed": "not judged",
    }
    assert lines[0]["corrected"] == ["fronts", "severity"]


def test_what_was_taken_back_is_no_labelled_line_and_a_place_alone_is_none(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.correct(1, "place", Place("Khiam", 33.3, 35.6), "ab", NOW)
    desk.desk.correct(1, "kind", Kind.OTHER, "ab", NOW)
    desk.rule()
    assert [each["kind"] for each in desk.labelled()] == ["other"]
    desk.desk.undo("ab", NOW)
    desk.rule()
    assert desk.labelled() == []


def test_the_command_writes_what_evaluate_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Watchdesk(tmp_path / paths.STORE_NAME)) as desk:
        desk.tell(strike("Drone strike kills two near Naqoura"), samples.report("Goalless draw in cup final"))
        for id in desk.incidents():
            desk.desk.correct(id, "kind", Kind.OTHER, "ab", NOW)
            desk.desk.correct(id, "fronts", (), "ab", NOW)
        desk.rule()
    assert main(["corrections", "--data", str(tmp_path)]) == 0
    mine = tmp_path / "mine.jsonl"
    mine.write_text(capsys.readouterr().out, encoding="utf-8")
    assert len(list(labelled(mine))) == 2
    assert main(["evaluate", str(mine), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert (measured["lines"], len(measured["misses"])) == (2, 1)
    assert measured["misses"][0]["wrong"] == [
        "fronts: lebanon-border, should be none",
        "kind: incident, should be other",
    ]


def test_a_ruling_is_told_in_a_sentence(desk: Watchdesk) -> None:
    keys = desk.tell(strike(), *copies(strike(), 2), strike("Rockets at Erbil", hours=30, places=()))
    act = desk.desk
    told = [
        words(act.correct(1, "fronts", ["yemen", "iraq-syria"], "ab", NOW)),
        words(act.correct(1, "place", None, "ab", NOW)),
        words(act.correct(1, "killed", 3, "ab", NOW)),
        words(act.split(keys[:1], "ab", NOW)),
        words(act.merge(1, 2, "ab", NOW)),
    ]
    assert told == [
        "fronts of incident 1: lebanon-border → yemen, iraq-syria",
        "place of incident 1: Naqoura → not told",
        "killed of incident 1: 2 → 3",
        "1 report split off incident 1",
        "incident 2 merged into incident 1",
    ]


def test_an_undo_is_told_in_a_sentence(desk: Watchdesk) -> None:
    desk.tell(strike())
    desk.desk.acknowledge([1], "ab", NOW)
    desk.desk.correct(1, "killed", 3, "ab", NOW)
    desk.desk.note(1, "seen by the army too", "ab", NOW)
    taken_back = [desk.desk.undo("ab", NOW) for _ in range(3)]
    assert [undone(each) for each in taken_back if each] == [
        "Undone: note on incident 1: seen by the army too.",
        "Undone: killed of incident 1: 2 → 3; set back in a moment.",
        "Undone: 1 incident new again, unless another desk took it since.",
    ]


def test_a_running_collector_does_what_is_ruled(tmp_path: Path, server: Loopback) -> None:
    bench = Workbench(tmp_path, server)
    server.serve("/a", document(STRIKE))
    bench.watch("/a")
    with bench.collector():
        until(lambda: bench.store.exists() and bench.doing() and bench.titles())
        with closing(Desk(bench.store)) as desk, closing(Reader(bench.store)) as reader:
            desk.correct(1, "killed", 7, "ab", NOON)
            until(lambda: reader.pending() == 0)
            assert [each.killed for each in reader.incidents()] == [7]


def test_a_collection_of_once_does_what_was_ruled_before(tmp_path: Path, server: Loopback) -> None:
    bench = Workbench(tmp_path, server)
    server.serve("/a", document(STRIKE))
    bench.watch("/a")
    bench.once()
    with closing(Desk(bench.store)) as desk, closing(Reader(bench.store)) as reader:
        desk.correct(1, "killed", 7, "ab", NOON)
        bench.once()
        assert (reader.pending(), [each.killed for each in reader.incidents()]) == (0, [7])


def test_a_replay_that_is_at_its_end_does_what_is_ruled_on_its_screen(tmp_path: Path) -> None:
    file, data = tmp_path / "month.jsonl", tmp_path / "data"
    file.write_text(line(REPLAYED) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "tui", "--data", str(data), "replay", str(file), "--speed", "max"]
    with subprocess.Popen(
        [*command, "--headless", "--parent"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as replay:
        store = data / paths.STORE_NAME
        until(lambda: _is_told(store))
        with closing(Desk(store)) as desk, closing(Reader(store)) as reader:
            desk.correct(1, "severity", Severity.LOW, "ab", NOON)
            until(lambda: reader.pending() == 0)
            assert [each.severity for each in reader.incidents()] == [Severity.LOW]
        assert replay.stdin is not None
        replay.stdin.close()
        assert replay.wait(20) == 0


def _is_told(store: Path) -> bool:
    try:
        with closing(Reader(store)) as reader:
            return bool(reader.incidents())
    except StoreError:  # a replay that starts has not made it yet
        return False
