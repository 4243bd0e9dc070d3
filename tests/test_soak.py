"""The soak's own instruments: that a leak would be seen. The soak itself runs with ``-m slow``."""

from __future__ import annotations

import asyncio
import gc
import http.client
import os
import random
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.soak import census, sample
from tests.soak.curve import Panel, draw
from tests.soak.judge import COUNTS, MEMORY, verdict
from tests.soak.person import Diary
from tests.soak.publishers import WINDOW, Publishers
from tests.soak.report import PROCESSES, STORE, report
from tests.soak.texts import START, Month, Text, again, made_up, of_file, start_of
from tests.terminal import needs_tmux
from tui.clock import DAY, ManualClock


def rows(growth: float, *, wild: int = 0, noise: float = 0.0, warm: float = 0.0) -> list[dict[str, float]]:
    """Thirty samples of a month: memory of 100 that grows by that share a third, wild samples, a warm-up."""
    dice = random.Random(5)
    found = []
    for number in range(30):
        day = number * 31 / 29
        value = 100.0 * (1 + growth * day / 31 * 3) + dice.uniform(-noise, noise)
        value -= warm if day < 10 else 0.0
        found.append({"day": day, "memory": value * (3 if number >= 30 - wild else 1)})
    return found


def test_slow_growth_after_the_warm_up_is_seen() -> None:
    assert not verdict("memory", rows(0.03, noise=0.5)).flat


def test_what_stays_the_same_is_flat_however_it_warmed_up_and_though_a_few_samples_are_wild() -> None:
    assert verdict("memory", rows(0.0, noise=0.5)).flat
    assert verdict("memory", rows(0.0, warm=60.0)).flat
    assert verdict("memory", rows(0.0, wild=3)).flat


def test_days_that_are_busy_in_each_third_are_no_growth_but_what_comes_on_top_is() -> None:
    busy = [
        row | {"memory": row["memory"] * (1 + 0.2 * (number % 10 / 10))}
        for number, row in enumerate(rows(0.0))
    ]
    more = [row | {"memory": row["memory"] * (1 + 0.003 * number)} for number, row in enumerate(busy)]
    assert abs(verdict("memory", busy).growth) < 0.002
    assert 0.02 < verdict("memory", more).growth < 0.04


def test_one_more_open_file_a_day_is_seen_and_one_in_a_month_not() -> None:
    each_day = [{"day": float(day), "files": 30.0 + day} for day in range(31)]
    once = [{"day": float(day), "files": 30.0 + (day > 27)} for day in range(31)]
    assert not verdict("files", each_day).flat
    assert verdict("files", once).flat


def test_growth_to_the_largest_terminal_is_warm_up_though_it_comes_late() -> None:
    found = [row | {"tours": 4.0 if row["day"] < 15 else 5.0} for row in rows(0.0)]
    late = [row | {"memory": row["memory"] - (50.0 if row["tours"] < 5 else 0.0)} for row in found]
    assert verdict("memory", late).flat


def test_too_few_samples_are_no_verdict() -> None:
    with pytest.raises(ValueError, match="too few"):
        verdict("memory", rows(0.0)[:6])


def test_a_month_that_is_made_up_is_the_same_each_time_and_within_its_days() -> None:
    month = made_up(2.0)
    assert month == made_up(2.0)
    dates = [text.published for texts in month.values() for text in texts]
    assert len(dates) > 2500
    assert min(dates) >= START == start_of(month)
    assert max(dates) < START + 2.5 * DAY


def test_entries_of_a_replay_file_keep_their_order_and_the_path_of_their_page(tmp_path: Path) -> None:
    file = tmp_path / "replay.jsonl"
    line = (
        '{"source": "s", "link": "https://s.example/%s", "title": "%s", "summary": null, "published": "%s"}\n'
    )
    later = line % ("sport/2", "B", "2023-12-02T00:00:00+00:00")
    file.write_text(later + line % ("world/1", "A", "2023-12-01T00:00:00+00:00"))
    month = of_file(file)
    assert [(text.path, text.title) for text in month["s"]] == [("/world/1", "A"), ("/sport/2", "B")]
    twice = again(month, 2.0)["s"]
    assert [text.title for text in twice] == ["A", "B", "A", "B"]
    assert {text.published - DAY for text in twice[2:]} == {text.published for text in twice[:2]}
    assert len({text.path for text in twice}) == 4


@pytest.fixture
def month() -> Month:
    """One source with an entry a minute, another one that is silent for a day."""
    busy = [Text(START + 60.0 * number, f"/{number}", f"Title {number}", "Said.") for number in range(2000)]
    return {"busy": busy, "quiet": [Text(START + DAY, "/1", "At last", "")]}


def asked(publishers: Publishers, number: int, **headers: str) -> tuple[int, str, bytes]:
    """Status, validator and body of one feed."""
    connection = http.client.HTTPConnection(publishers.hosts[number], publishers.port, timeout=10)
    with closing(connection):
        connection.request("GET", "/feed.xml", headers=headers)
        with connection.getresponse() as answer:
            return answer.status, answer.headers.get("ETag", ""), answer.read()


def test_a_feed_holds_the_newest_entries_and_knows_who_has_them(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.soak.publishers.FAULTS", ())
    clock = ManualClock(START + 3600.0)
    with Publishers(month, clock) as publishers:
        status, etag, body = asked(publishers, 0)
        titles = [node.findtext("title") for node in ET.fromstring(body).iter("item")]
        assert (status, len(titles), titles[0]) == (200, WINDOW, "Title 60")
        assert asked(publishers, 0, **{"If-None-Match": etag})[0] == 304
        clock.time += 60.0
        assert asked(publishers, 0, **{"If-None-Match": etag})[0] == 200
        assert asked(publishers, 1)[2].count(b"<item>") == 0
        assert publishers.counts == {"sent": 3, "unchanged": 1}


@pytest.mark.parametrize("fault", ["unavailable", "cut"])
def test_a_feed_fails_now_and_then(month: Month, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.soak.publishers.FAULTS", ((fault, 1.0),))
    with Publishers(month, ManualClock(START + 3600.0)) as publishers:
        if fault == "cut":
            with pytest.raises(http.client.IncompleteRead):
                asked(publishers, 0)
        else:
            assert asked(publishers, 0)[0] == 503
        assert publishers.counts == {fault: 1}


async def test_a_census_counts_what_was_left_behind(tmp_path: Path) -> None:
    asker = census.Asker(tmp_path, "app")
    census.start(tmp_path, "app")
    gc.collect()
    before = await asyncio.to_thread(asker.ask)
    left = [asyncio.create_task(asyncio.sleep(60)) for _ in range(50)]
    kept = [[number] for number in range(20_000)]
    after = await asyncio.to_thread(asker.ask)
    assert after["tasks"] == before["tasks"] + len(left)
    assert after["objects"] >= before["objects"] + len(kept)
    assert after["blocks"] >= before["blocks"] + len(kept)
    for task in left:
        task.cancel()


def test_a_process_is_measured_from_outside() -> None:
    before = sample.process(os.getpid())
    ballast = b"ballast" * 6_000_000
    with ExitStack() as opened:
        for _ in range(7):
            opened.enter_context(Path(__file__).open())
        after = sample.process(os.getpid())
    assert after["fds"] == before["fds"] + 7
    assert after["uss"] > before["uss"] + 30.0
    assert len(ballast) > 0


def test_curves_are_drawn_of_every_figure_with_the_warm_up_marked() -> None:
    svg = draw("A < B", [Panel("memory", {"memory": "app & all"})], rows(0.1))
    root = ET.fromstring(svg)
    lines = [node for node in root.iter() if node.tag.endswith("polyline")]
    assert len(lines) == 1
    assert len(lines[0].attrib["points"].split()) == 30
    assert "app & all" in "".join(root.itertext())


def a_month(**more: float) -> list[dict[str, float]]:
    """Rows in which nothing grows but what is named, by that much a day."""
    names = {f"{who}.{name}" for who, counts in COUNTS.items() for name in (*MEMORY, *counts)}
    names |= {name for panel in (*PROCESSES, *STORE) for name in panel.figures}
    names |= {"keys", "minute", "output", "app.cpu", "collector.cpu", "answers.sent"}
    return [
        {"day": float(day)}
        | {name: 50.0 + more.get(name, 0.0) * day for name in names}
        | {"minute": day + 1.0}
        for day in range(31)
    ]


@pytest.mark.parametrize(
    ("more", "facts", "words"),
    [
        ({}, {}, "GOOD: nothing grew"),
        ({"app.uss": 1.0}, {}, "NOT GOOD: app.uss"),
        ({"wal": 10.0}, {}, "NOT GOOD: the journal"),
        ({}, {"starts": 2.0}, "NOT GOOD: the collector was started 2 times"),
        ({}, {"exit": 1.0}, "NOT GOOD: the dashboard ended with 1"),
        ({}, {"errors": 3.0}, "NOT GOOD: 3 errors in the log"),
    ],
)
def test_a_month_is_told_with_its_curves(
    more: dict[str, float], facts: dict[str, float], words: str, tmp_path: Path
) -> None:
    usual = {"days": 31.0, "minutes": 25.0, "feeds": 3.0, "exit": 0.0, "errors": 0.0, "starts": 1.0}
    rows = [row | {"wal": row["wal"] - 40.0} for row in a_month(**more)]
    told = report(rows, Diary(), usual | facts, tmp_path)
    assert told.words.splitlines()[-1].startswith(words)
    assert told.good is words.startswith("GOOD")
    for name in ("processes", "store"):
        root = ET.parse(tmp_path / f"soak-{name}.svg").getroot()
        assert len([node for node in root.iter() if node.tag.endswith("polyline")]) >= 10


def test_a_screen_that_never_came_is_no_good_month(tmp_path: Path) -> None:
    usual = {"days": 31.0, "minutes": 25.0, "feeds": 3.0, "exit": 0.0, "errors": 0.0, "starts": 1.0}
    rows = [row | {"wal": 1.0} for row in a_month()]
    assert "NOT GOOD: 1 screens" in report(rows, Diary(missed=["tour 1, m"]), usual, tmp_path).words


@pytest.mark.slow
@needs_tmux
def test_eight_days_in_five_minutes_leave_nothing_behind(tmp_path: Path) -> None:
    words = ["--days", "8", "--minutes", "5", "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.month", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
