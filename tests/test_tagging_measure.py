"""Measuring: plain keywords beside the tagger, two runs compared, corrections, and terms suggested."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.default_tagger import FRONTS, TAGGER
from tui.model import Front, Kind
from tui.tagging.baseline import Keywords
from tui.tagging.compare import compare, read_run, render_changes
from tui.tagging.evaluate import evaluate, render, to_json
from tui.tagging.suggest import render as render_suggestions
from tui.tagging.suggest import suggest
from tui.tagging.suggest import to_json as suggestions_json

KEYWORDS = Keywords(FRONTS)


def labels(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps({"lang": "en", **row}) + "\n" for row in rows), encoding="utf-8")
    return path


def row(title: str, *fronts: str, kind: str = "incident", **more: Any) -> dict[str, Any]:
    return {"title": title, "fronts": list(fronts), "kind": kind, **more}


# --- the baseline ---------------------------------------------------------------------------------------


def test_keywords_see_an_incident_in_every_attack_word_beside_a_front_word() -> None:
    decoy = "Hezbollah warns of rocket attack on Haifa"
    assert KEYWORDS.tag(decoy).kind is Kind.INCIDENT
    assert TAGGER.tag(decoy).kind is not Kind.INCIDENT
    assert KEYWORDS.tag(decoy).fronts == ("lebanon-border",)
    assert KEYWORDS.tag("Rocket attack on a village").fronts == ()
    assert KEYWORDS.tag("Houthi delegation in talks").kind is Kind.OTHER


def test_the_report_sets_keywords_beside_the_tagger(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "a.jsonl",
        row("Israeli air strike kills two in Nabatieh", "lebanon-border"),
        row("Hezbollah warns of rocket attack on Haifa", "lebanon-border", kind="statement"),
    )
    ours, plain = evaluate([path], TAGGER), evaluate([path], KEYWORDS)
    assert ours.incidents["all", "all"].precision == 1.0
    assert plain.incidents["all", "all"].precision == 0.5
    report = render(ours, baseline=plain)
    (line,) = (
        x for x in report.splitlines() if x.startswith("lebanon-border") and " en " in x and "0.500" in x
    )
    assert line.split()[2:] == ["1", "0", "0", "1.000", "1.000", "1.000", "0.500", "1.000", "0.667"]
    assert "keywords" not in render(ours)


# --- labelled lines -------------------------------------------------------------------------------------


def test_corrections_say_only_what_a_person_changed(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "corrections.jsonl",
        {"title": "Israeli air strike kills two in Nabatieh", "kind": "incident", "by": "israel", "at": 1.0},
        {"title": "Israeli air strike kills two in Nabatieh", "fronts": [], "summary": None, "lang": None},
        {"title": "Israeli air strike kills two in Nabatieh", "severity": None, "killed": None},
    )  # fmt: skip
    result = evaluate([path], TAGGER)
    assert (result.lines, sum(result.kinds.values())) == (3, 1)
    assert [miss.line for miss in result.misses] == [2]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": None}, 'needs an object with "title"'),
        ({"title": 3}, '"title" must be a text'),
        ({"title": "x", "summary": 3}, '"summary" must be a text'),
        ({"title": "x", "fronts": "yemen"}, '"fronts" must be a list of texts'),
        ({"title": "x", "fronts": [1]}, '"fronts" must be a list of texts'),
        ({"title": "x", "kind": "attack"}, '"kind" must be one of incident'),
        ({"title": "x", "severity": "bad"}, '"severity" must be one of low'),
        ({"title": "x", "killed": "two"}, '"killed" must be a whole number'),
        ({"title": "x", "killed": True}, '"killed" must be a whole number'),
    ],
)
def test_a_label_that_can_not_be_is_named_with_its_line(
    tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    path = labels(tmp_path / "a.jsonl", row("x"), wrong)
    with pytest.raises(ValueError, match=r"a\.jsonl line 2") as fault:
        evaluate([path], TAGGER)
    assert told in str(fault.value)


# --- two runs -------------------------------------------------------------------------------------------


def test_two_runs_on_the_same_lines_are_compared(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "a.jsonl",
        row("Blast in Freedonia kills two soldiers, army says", "freedonia"),
        row("Israeli air strike kills two in Nabatieh", "lebanon-border"),
    )
    bare = (*FRONTS, Front("freedonia", "F", "UTC", "x"))
    with_term = (*FRONTS, Front("freedonia", "F", "UTC", "x", (), ("Freedonia", "Nabatieh")))
    before = to_json(evaluate([path], Keywords(bare)))
    now = to_json(evaluate([path], Keywords(with_term)))
    kept = tmp_path / "before.json"
    kept.write_text(json.dumps(before), encoding="utf-8")
    changes = compare(read_run(kept), now)
    assert [miss["line"] for miss in changes["mended"]] == [1]
    assert [miss["line"] for miss in changes["broken"]] == [2]
    moved = {change["figure"]: (change["before"], change["now"]) for change in changes["figures"]}
    assert moved["fronts en freedonia recall"] == (0.0, 1.0)
    report = render_changes(changes)
    assert report.startswith("1 lines mended, 1 broken\n")
    assert "broken: a.jsonl line 2: Israeli air strike" in report
    same = compare(now, json.loads(json.dumps(now)))
    assert (same["figures"], same["mended"], same["broken"]) == ([], [], [])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"lines": 1}'])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"run\.json"):
        read_run(path)


# --- suggestions ----------------------------------------------------------------------------------------


def test_a_name_that_mends_misses_is_proposed_with_what_it_would_break(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "a.jsonl",
        row("Gunmen attack convoy near Qalat Farouz, two dead", "yemen"),
        row("Drone strike hits depot at Qalat Farouz", "yemen"),
        row("Storm floods streets of Port Lumen", kind="other"),
        row("Houthi missile hits tanker in Red Sea", "yemen"),
    )
    best, *_ = suggest([path], FRONTS, limit=5)
    assert (best.text, best.what, best.front) == ("Qalat Farouz", "term", "yemen")
    assert (best.mends, best.breaks, best.broken) == (2, 0, "")
    table = render_suggestions([best])
    assert "    2      0  term  yemen              Qalat Farouz" in table
    assert suggestions_json([best])[0]["text"] == "Qalat Farouz"


def test_what_a_proposal_breaks_is_counted_on_the_same_lines(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "a.jsonl",
        row("Gunmen attack convoy in Farouz, two dead", "yemen"),
        row("Drone strike hits depot, Farouz burns", "yemen"),
        row("Rockets hit Farouz", "yemen"),
        row("Israeli air strike kills two in Nabatieh, aid ship Farouz sails", "lebanon-border"),
    )
    found = {one.text: one for one in suggest([path], FRONTS, limit=20)}
    assert found["Farouz"].mends == 3
    assert found["Farouz"].breaks == 1
    assert found["Farouz"].broken.startswith("Israeli air strike")
    assert "breaks: Israeli air strike" in render_suggestions([found["Farouz"]])


def test_a_phrase_that_keeps_strangers_off_is_proposed_as_a_veto(tmp_path: Path) -> None:
    path = labels(
        tmp_path / "a.jsonl",
        row("Choir of Sanaa Street sings for Yemen visitors", kind="other"),
        row("Houthi missile kills two at Sanaa Street cafe, a novel", kind="other"),
        row("Houthi missile hits tanker in Red Sea", "yemen"),
    )
    wrong = [one for one in suggest([path], FRONTS, limit=20) if one.what == "veto"]
    assert wrong
    assert all(one.front == "yemen" and one.mends > one.breaks for one in wrong)


def test_nothing_is_proposed_where_nothing_is_wrong(tmp_path: Path) -> None:
    path = labels(tmp_path / "a.jsonl", row("Houthi missile hits tanker in Red Sea", "yemen"))
    assert suggest([path], FRONTS) == []
    assert render_suggestions([]) == "no word of these lines would mend more than it breaks\n"
