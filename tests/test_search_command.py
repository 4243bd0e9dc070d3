"""``frontwatch search``: results on standard output, counts and faults on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import samples
from tests.watchfloor import Watchfloor
from tui.cli import main
from tui.model import Kind


@pytest.fixture
def floor(tmp_path: Path) -> Watchfloor:
    """An incident in two spellings of one place, and a report of no incident."""
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.tell("Missile fired from Hodeidah falls into the sea", front="south", ago=1200)
    none = samples.tags(kind=Kind.ECONOMY)._replace(fronts=())
    other = samples.report("Hudaydah market reopens", at=floor.now - 300, tagged=none)
    floor.writer.add([(other, None)], ())
    return floor


def search(floor: Watchfloor, *words: str) -> int:
    return main(["search", *words, "--config", str(floor.config), "--data", str(floor.data)])


def test_results_go_out_and_counts_are_said(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(floor, "hudaida") == 0
    said = capsys.readouterr()
    assert [line.split("  ")[-1].strip() for line in said.out.splitlines()] == [
        "Hudaydah market reopens",
        "Missile fired from Hodeidah falls into the sea",
    ]
    assert said.err == "1 incident, 1 other report\n"


def test_the_last_word_of_a_command_is_finished(
    floor: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(floor, "mark") == 0
    assert capsys.readouterr().out == ""


def test_json_has_a_line_a_result_under_the_keys_of_list(
    floor: Watchfloor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(floor, "hodeidah", "--json") == 0
    other, incident = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (other["id"], other["kind"]) == (None, "economy")
    assert other["reports"][0]["title"] == "Hudaydah market reopens"
    assert (incident["id"], incident["fronts"]) == (1, ["south"])
    assert other.keys() <= incident.keys()


def test_no_more_is_written_than_asked_for(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(floor, "hodeidah", "--limit", "1") == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 1
    assert said.err == "1 incident, 1 other report\n"


def test_a_fault_is_shown_at_its_place(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(floor, "sea frnt:south") == 2
    query, fault = capsys.readouterr().err.splitlines()
    assert fault.index("^") == query.index("frnt")
    assert "did you mean front:?" in fault


def test_nothing_found_says_what_to_leave_out(floor: Watchfloor, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(floor, "missile front:north") == 0
    assert capsys.readouterr().err == "0 incidents, 0 other reports\nwithout front:north: 1\n"
