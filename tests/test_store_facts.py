"""Facts without a column of their own are kept with the evidence; rows of before they were read as ever."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tui.model import Place, Report, Tags
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.store.writer import Writer

FURTHER = samples.report(
    tagged=samples.tags(
        places=(Place("Naqoura", 33.118, 35.139, "town"),), evidence=[("Drone", 0, 5)]
    )._replace(
        wounded=4,
        weapon="drone",
        target="vessel",
        claim="claimed",
        said_by="حزب الله",
        tripwires=("A", "B"),
    ),
)


def read_back(path: Path, report: Report) -> Report:
    with closing(Writer(path)) as writer:
        number = writer.next_incident_id()
        writer.add([(report, number)], [samples.incident(number)])
    with closing(Reader(path)) as reader:
        (found,) = reader.reports(number)
    return found


def stored_evidence(path: Path) -> object:
    with closing(sqlite3.connect(path)) as connection:
        ((text,),) = connection.execute("SELECT evidence FROM report").fetchall()
    return json.loads(text)


def test_every_fact_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = read_back(tmp_path / "s.db", FURTHER)
    assert found == FURTHER
    assert found.tags.places[0].kind == "town"
    for name in Tags._fields:
        assert getattr(found.tags, name) == getattr(FURTHER.tags, name), name


def test_a_report_without_further_facts_is_stored_as_it_always_was(tmp_path: Path) -> None:
    plain = samples.report(tagged=samples.tags(evidence=[("Drone", 0, 5)]))
    assert read_back(tmp_path / "s.db", plain) == plain
    assert stored_evidence(tmp_path / "s.db") == [["Drone", 0, 5, "title", "a test's word", 1.0]]


@pytest.mark.parametrize(
    ("places", "evidence"),
    [
        ('[["Naqoura",33.118,35.139]]', '[["Drone",0,5,"title","why",1.0]]'),
        ("[]", "[]"),
        ("[]", '{"evidence":[],"facts":{"wounded":4,"of_a_later_version":1}}'),
    ],
)
def test_rows_of_another_version_are_read(tmp_path: Path, places: str, evidence: str) -> None:
    path = tmp_path / "s.db"
    read_back(path, FURTHER)
    with closing(open_store(path)) as connection, connection:
        connection.execute("UPDATE report SET places = ?, evidence = ?", (places, evidence))
    with closing(Reader(path)) as reader:
        (found,) = reader.reports(1)
    assert found.tags.wounded == (4 if "wounded" in evidence else None)
    assert found.tags.tripwires == ()
    assert [place.kind for place in found.tags.places] == ([""] if "Naqoura" in places else [])
