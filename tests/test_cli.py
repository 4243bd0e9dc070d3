"""The commands, run as a person runs them: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.loopback import Loopback

ITEM = """<item><title>{title}</title><link>https://gazette.example/{number}</link>
<guid>gazette-{number}</guid><pubDate>{date}</pubDate><description>{summary}</description></item>"""

HEADLINES = (
    "Israeli drone strike kills two in southern Lebanon village of Khiam",
    "Houthi missile hits bulk carrier in Red Sea, crew safe",
    "Rockets fired at Ain al-Asad base hosting US troops in Iraq",
    "Local team wins cup final after extra time",
)


def rss(headlines: Sequence[str]) -> bytes:
    from email.utils import formatdate

    items = "".join(
        ITEM.format(title=headline, number=number, date=formatdate(), summary="")
        for number, headline in enumerate(headlines)
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Gazette</title>'
    return f"{head}<link>https://gazette.example/</link>{items}</channel></rss>".encode()


def config(folder: Path, urls: Sequence[str]) -> Path:
    fronts = (
        ("lebanon-border", "Lebanon border", "Asia/Beirut"),
        ("iraq-syria", "Iraq / Syria", "Asia/Baghdad"),
        ("yemen", "Yemen", "Asia/Aden"),
    )
    lines = ["[watch]", 'title = "Test"', "[fetch]", 'allow_hosts = ["127.0.0.1"]']
    for identity, name, zone in fronts:
        lines += ["[[fronts]]", f'id = "{identity}"', f'name = "{name}"', f'zone = "{zone}"']
        lines.append(f'lexicons = ["{identity}"]')
    for number, url in enumerate(urls):
        lines += ["[[feeds]]", f'name = "Feed {number}"', f'url = "{url}"', f'publisher = "p{number}"']
        lines += ['language = "en"', 'reliability = "B"']
    path = folder / "feeds.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def frontwatch(*words: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", *map(str, words)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "command", ["", "demo", "collect", "tag", "why", "evaluate", "replay", "list", "check"]
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = frontwatch(*command.split(), "--help")
    assert done.returncode == 0
    assert "example: " in done.stdout
    assert f"frontwatch {command}".strip() in done.stdout


def test_wrong_usage_ends_with_2_and_a_fault_with_1(tmp_path: Path) -> None:
    assert frontwatch("--no-such-option").returncode == 2
    assert frontwatch("list", "--since", "soon").returncode == 2
    missing = frontwatch("--config", tmp_path / "none.toml", "check", "--offline")
    assert missing.returncode == 1
    assert "none.toml" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_the_dashboard_without_a_terminal_says_so(tmp_path: Path) -> None:
    done = frontwatch("--data", tmp_path / "data")
    assert done.returncode == 1
    assert "needs a terminal" in done.stderr


def test_collect_once_polls_every_feed_and_the_second_time_nothing_has_changed(tmp_path: Path) -> None:
    with Loopback() as server:
        good = server.serve("/rss", rss(HEADLINES))
        watch = config(tmp_path, [good, server.url("/missing")])
        places: list[str | Path] = ["--config", watch, "--data", tmp_path / "data"]
        first = json.loads(frontwatch(*places, "collect", "--once", "--json").stdout)
        assert list(first) == [
            "feeds",
            "ok",
            "not_modified",
            "failed",
            "entries",
            "new_reports",
            "incidents",
            "seconds",
        ]
        assert {**first, "seconds": 0} == {
            "feeds": 2,
            "ok": 1,
            "not_modified": 0,
            "failed": 1,
            "entries": 4,
            "new_reports": 4,
            "incidents": 3,
            "seconds": 0,
        }
        second = json.loads(frontwatch(*places, "collect", "--once", "--json").stdout)
        assert (second["not_modified"], second["new_reports"]) == (1, 0)


def test_list_shows_what_was_collected_as_a_table_and_as_json(tmp_path: Path) -> None:
    with Loopback() as server:
        watch = config(tmp_path, [server.serve("/rss", rss(HEADLINES))])
        data = tmp_path / "data"
        frontwatch("--config", watch, "--data", data, "collect", "--once")
        table = frontwatch("list", "--data", data)
        assert table.returncode == 0
        assert "Khiam" in table.stdout
        assert "\x1b" not in table.stdout
        lines = frontwatch("list", "--data", data, "--front", "yemen", "--json").stdout.splitlines()
    (incident,) = map(json.loads, lines)
    assert set(incident) >= {
        "id",
        "fronts",
        "kind",
        "type",
        "by",
        "killed",
        "severity",
        "headline",
        "place",
        "lat",
        "lon",
        "first_seen",
        "last_seen",
        "publishers",
        "grade",
        "state",
        "reports",
    }
    assert incident["fronts"] == ["yemen"]
    assert incident["type"] == "ship"
    assert incident["reports"][0]["link"] == "https://gazette.example/1"


def test_list_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    done = frontwatch("list", "--data", tmp_path / "nothing")
    assert done.returncode == 1
    assert "run frontwatch" in done.stderr


def test_tag_answers_each_line_in_order_and_names_a_bad_one() -> None:
    lines = [
        json.dumps({"id": number, "title": title, "lang": "en"}) for number, title in enumerate(HEADLINES)
    ]
    done = frontwatch("tag", stdin="\n".join([*lines[:2], "not json", *lines[2:]]))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3]
    assert [answer["fronts"] for answer in answers] == [["lebanon-border"], ["yemen"], ["iraq-syria"], []]
    assert [answer["kind"] for answer in answers] == ["incident", "incident", "incident", "other"]
    assert answers[0]["killed"] == 2
    for answer, title in zip(answers, HEADLINES, strict=True):
        for piece in answer["evidence"]:
            if piece["field"] == "title":
                assert title[piece["start"] : piece["end"]] == piece["term"]
    assert done.returncode == 1
    assert "line 3" in done.stderr


def test_why_explains_a_headline() -> None:
    done = frontwatch("why", HEADLINES[0])
    assert done.returncode == 0
    for word in ("Khiam", "lebanon-border", "incident", "killed"):
        assert word in done.stdout


def test_evaluate_measures_labelled_lines(tmp_path: Path) -> None:
    labels: list[dict[str, object]] = [
        {"title": HEADLINES[0], "fronts": ["lebanon-border"], "kind": "incident", "type": "drone",
         "by": "israel", "killed": 2, "severity": "high"},
        {"title": HEADLINES[3], "fronts": [], "kind": "other", "type": None, "by": None, "killed": None,
         "severity": None},
    ]  # fmt: skip
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps({"lang": "en", "summary": "", **label}) for label in labels))
    text = frontwatch("evaluate", path, "--errors")
    assert text.returncode == 0
    assert "lebanon-border" in text.stdout
    assert isinstance(json.loads(frontwatch("evaluate", path, "--json").stdout), dict)


def test_evaluate_sets_keywords_beside_and_compares_with_an_earlier_run(tmp_path: Path) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(json.dumps({"title": HEADLINES[0], "fronts": ["lebanon-border"], "kind": "incident"}))
    run = frontwatch("evaluate", path, "--baseline", "--json").stdout
    data = json.loads(run)
    assert {row["front"] for row in data["baseline"]["fronts"]} == {row["front"] for row in data["fronts"]}
    earlier = tmp_path / "earlier.json"
    earlier.write_text(run)
    text = frontwatch("evaluate", path, "--baseline", "--against", earlier)
    assert text.returncode == 0
    assert "keywords:" in text.stdout
    assert "0 lines mended, 0 broken" in text.stdout
    bad = frontwatch("evaluate", path, "--against", path)
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "not what `frontwatch evaluate --json` printed" in bad.stderr


def test_suggest_proposes_terms_as_a_table_and_as_json(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    rows = [
        {
            "title": "Gunmen attack convoy near Qalat Farouz, two dead",
            "fronts": ["yemen"],
            "kind": "incident",
        },
        {"title": HEADLINES[3], "fronts": [], "kind": "other"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert "Qalat Farouz" in frontwatch("suggest", path, "--limit", "3").stdout
    (best, *_) = json.loads(frontwatch("suggest", path, "--limit", "3", "--json").stdout)
    assert set(best) == {"text", "what", "front", "mends", "breaks", "example", "broken"}
    assert frontwatch("suggest", path, "--limit", "none").returncode == 2
    missing = frontwatch("suggest", tmp_path / "nothing.jsonl")
    assert missing.returncode == 1
    assert "nothing.jsonl: No such file" in missing.stderr


def test_check_names_a_side_of_a_tripwire_that_no_list_knows(tmp_path: Path) -> None:
    watch = config(tmp_path, ["https://gazette.example/rss"])
    with watch.open("a") as file:
        file.write('\n[[tripwires]]\nname = "Wrong"\nby = ["isreal"]\n')
    done = frontwatch("check", "--offline", "--config", watch)
    assert done.returncode == 1
    assert 'tripwire "Wrong": "isreal" is no side' in done.stderr


def test_a_replay_without_a_screen_is_there_for_list(tmp_path: Path) -> None:
    lines = [
        json.dumps({
            "source": "https://gazette.example/rss", "link": f"https://gazette.example/{number}",
            "title": title, "summary": "", "published": f"2023-12-01T0{number}:00:00+00:00",
        })
        for number, title in enumerate(HEADLINES)
    ]  # fmt: skip
    path = tmp_path / "entries.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    data = tmp_path / "data"
    done = frontwatch("replay", path, "--speed", "max", "--headless", "--data", data)
    assert done.returncode == 0, done.stderr
    assert "4 entries" in done.stdout
    assert "Khiam" in frontwatch("list", "--data", data).stdout


def test_check_names_the_feed_that_fails(tmp_path: Path) -> None:
    with Loopback() as server:
        good = server.serve("/rss", rss(HEADLINES))
        watch = config(tmp_path, [good, server.url("/missing")])
        offline = frontwatch("check", "--offline", "--config", watch)
        assert offline.returncode == 0
        assert server.count("/rss") == 0
        done = frontwatch("check", "--config", watch)
    assert done.returncode == 1
    assert "good   Feed 0  4 entries" in done.stdout
    assert "FAULT  Feed 1  404" in done.stdout


@pytest.mark.parametrize("words", [("--help",), ("why", HEADLINES[0]), ("check", "--offline")])
def test_output_into_a_closed_pipe_is_no_fault(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "tui", *words]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_missing_file_of_labels_is_named() -> None:
    done = frontwatch("evaluate", "no-such-file.jsonl")
    assert done.returncode == 1
    assert "no-such-file.jsonl: No such file" in done.stderr
