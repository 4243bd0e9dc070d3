"""A file of entries on its own clock: whole, repeatable, and honest about what is wrong in it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from filelock import FileLock, Timeout

from tests import samples
from tests.default_tagger import tagger_of
from tests.samples import DAY, HOUR, MINUTE, NOON
from tui import paths
from tui.clock import iso
from tui.incidents.alarms import Cause
from tui.model import Kind, Watch
from tui.policy import AlarmPolicy, Priority
from tui.replay import BATCH, Summary, replay
from tui.replay_lines import ReplayError
from tui.store.connect import StoreError
from tui.store.reader import Reader

WATCH = Watch(
    "A test's watch",
    samples.FRONTS,
    (
        samples.feed("https://www.wire.example/feed/", publisher="wire", name="The Wire", reliability="A"),
        samples.feed("https://feeds.service.example/daily", publisher="daily", name="The Daily"),
    ),
)

STRIKE = "Drone strike kills two people near Naqoura in southern Lebanon"
AGAIN = "Two people killed by drone strike near Naqoura, southern Lebanon"


def line(title: str, *, at: float = NOON, source: str = "https://rss.paper.example/all", **more: Any) -> str:
    item = {
        "source": source,
        "link": f"https://paper.example/{title.replace(' ', '-')}-{at:.0f}",
        "title": title,
        "summary": "",
        "published": iso(at),
    }
    return json.dumps(item | more, ensure_ascii=False)


@pytest.fixture(scope="module", autouse=True)
def one_tagger() -> Iterator[None]:
    """To build one takes as long as most replays here; each replay in a process of its own builds its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.replay.Tagger", tagger_of)
        yield


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str) -> Path:
        path = tmp_path / "entries.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def run(path: Path, data: Path, speed: float | None = None, **more: Any) -> tuple[Summary, list[str]]:
    told: list[str] = []
    return replay(path, WATCH, data, speed, told.append, **more), told


def dump(data: Path) -> list[Any]:
    with closing(Reader(data / paths.STORE_NAME)) as reader:
        incidents = reader.incidents(limit=-1)
        return [(incident, reader.reports(incident.id)) for incident in incidents]


def test_a_file_becomes_incidents_and_a_summary(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line(STRIKE), line(AGAIN, at=NOON + HOUR), "", line("Goalless draw in the cup final"))
    summary, _ = run(path, tmp_path / "data")
    assert (summary.entries, summary.new_reports, summary.bad) == (3, 3, [])
    assert "lebanon-border: 1 incident" in str(summary)
    ((incident, reports),) = dump(tmp_path / "data")
    assert [report.title for report in reports] == [STRIKE, AGAIN]
    assert (incident.first_seen, incident.last_seen) == (NOON, NOON + HOUR)


def test_a_packed_file_is_the_same_file(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line(STRIKE))
    packed = tmp_path / "entries.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    run(path, tmp_path / "plain")
    run(packed, tmp_path / "packed")
    assert dump(tmp_path / "plain") == dump(tmp_path / "packed")


def test_two_replays_are_the_same_to_the_last_row(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(*(line(f"{STRIKE} {n % 7}", at=NOON + n * MINUTE) for n in range(60)))
    for name in ("one", "other"):
        run(path, tmp_path / name)
    assert dump(tmp_path / "one") == dump(tmp_path / "other")
    assert dump(tmp_path / "one")


def test_a_line_that_comes_late_keeps_its_own_time(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line("Fair weather", at=NOON + 20 * DAY), line(STRIKE), line(AGAIN, at=NOON + HOUR))
    run(path, tmp_path / "data")
    incidents = [incident for incident, _ in dump(tmp_path / "data")]
    assert {incident.first_seen for incident in incidents} <= {NOON, NOON + HOUR}
    assert sum(incident.reports for incident in incidents) == 2
    with closing(Reader(tmp_path / "data" / paths.STORE_NAME)) as reader:
        assert reader.clock().now() == NOON + 20 * DAY


def test_a_replay_that_is_run_again_adds_nothing(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line(STRIKE), line(AGAIN, at=NOON + HOUR))
    run(path, tmp_path / "data")
    before = dump(tmp_path / "data")
    summary, _ = run(path, tmp_path / "data")
    assert (summary.entries, summary.new_reports) == (2, 0)
    assert dump(tmp_path / "data") == before


def test_after_a_replay_the_stores_clock_stands_at_its_last_entry(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    run(write(line(STRIKE), line(AGAIN, at=NOON + HOUR)), tmp_path / "data")
    with closing(Reader(tmp_path / "data" / paths.STORE_NAME)) as reader:
        assert reader.clock().now() == NOON + HOUR
        assert reader.counts("lebanon-border", reader.clock().now()).new == 1


def test_a_file_without_an_entry_leaves_the_clock_where_the_machine_is(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    before = time.time()
    summary, _ = run(write(""), tmp_path / "data")
    assert summary.entries == 0
    with closing(Reader(tmp_path / "data" / paths.STORE_NAME)) as reader:
        assert before <= reader.clock().now() <= time.time()


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ("[" * 100_000, "no JSON"),
        (line("x", published="yesterday"), "published"),
        (line("x", published=7), "published"),
        (line("x", published=None), "published"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_rest_goes_on(
    write: Callable[..., Path], tmp_path: Path, wrong: str, fault: str
) -> None:
    summary, told = run(write(line("Fair weather"), wrong, line(STRIKE)), tmp_path / "data")
    assert [bad.number for bad in summary.bad] == [2]
    assert fault in summary.bad[0].fault
    assert any(words.startswith("line 2: ") and fault in words for words in told)
    assert summary.entries == 2


def test_an_entry_without_a_word_is_passed_over_and_counted(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    path = write(line("", link=""), line("", summary="<p>" + STRIKE), line("<b></b>"))
    summary, _ = run(path, tmp_path / "data")
    assert (summary.entries, summary.blank, summary.new_reports, summary.bad) == (3, 2, 1, [])
    assert [reports[0].title for _, reports in dump(tmp_path / "data")] == [STRIKE]


def test_a_damaged_archive_gives_what_comes_before_the_damage(tmp_path: Path) -> None:
    lines = "\n".join(line(f"{STRIKE} {os.urandom(8).hex()}", at=NOON + n) for n in range(2000))
    packed = gzip.compress(lines.encode())
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    summary, _ = run(path, tmp_path / "data")
    assert 100 < summary.entries < 2000
    assert "can't be read any further" in summary.bad[-1].fault


def test_no_text_of_a_file_reaches_the_store_as_it_is(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line(f"\x1b]0;owned\x07<b>{STRIKE}</b>", link="javascript:alert(1)"))
    run(path, tmp_path / "data")
    ((_, (report,)),) = dump(tmp_path / "data")
    assert (report.title, report.link) == (STRIKE, "")


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="No such file"):
        run(tmp_path / "no.jsonl", tmp_path / "data")


def test_one_collector_a_store(write: Callable[..., Path], tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with FileLock(data / paths.LOCK_NAME), pytest.raises(Timeout):
        run(write(line(STRIKE)), data)


# Who speaks


def voice(write: Callable[..., Path], tmp_path: Path, source: str) -> tuple[str, str, str]:
    run(write(line(STRIKE, source=source)), tmp_path / "data")
    ((_, (report,)),) = dump(tmp_path / "data")
    return report.source, report.publisher, report.reliability


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("http://www.wire.example/feed", ("The Wire", "wire", "A")),
        ("https://wire.example/sport.xml", ("The Wire", "wire", "A")),
        ("https://feeds.service.example/daily", ("The Daily", "daily", "B")),
        ("https://feeds.service.example/another", ("service.example", "service.example", "F")),
        ("https://rss.paper.example/all", ("paper.example", "paper.example", "F")),
        ("", ("paper.example", "paper.example", "F")),
        ("not an address", ("unknown", "unknown", "F")),
    ],
)
def test_a_voice_is_the_watchs_or_is_named_after_its_host(
    write: Callable[..., Path], tmp_path: Path, source: str, expected: tuple[str, str, str]
) -> None:
    assert voice(write, tmp_path, source) == expected


# At a speed


def test_at_a_speed_each_entry_comes_at_its_time(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(line(STRIKE), line(AGAIN, at=NOON + HOUR), line("Last", at=NOON + 2 * HOUR))
    data, stop = tmp_path / "data", threading.Event()
    thread = threading.Thread(
        target=replay, args=(path, WATCH, data, 7200.0, lambda _: None), kwargs={"stop": stop}
    )
    started = time.monotonic()
    thread.start()
    try:
        reports = wait_for(lambda: [incident.reports for incident, _ in dump(data)])
        assert reports == [1]
        with closing(Reader(data / paths.STORE_NAME)) as reader:
            clock = reader.clock()
            assert clock.rate == 7200.0
            assert NOON <= clock.now() < NOON + 2 * HOUR
        thread.join(10)
        assert time.monotonic() - started > 0.95
        assert [incident.reports for incident, _ in dump(data)] == [2]
    finally:
        stop.set()
        thread.join(10)


def test_a_speed_that_is_too_high_for_the_machine_loses_nothing(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    path = write(*(line(f"{STRIKE} {n}", at=NOON + n) for n in range(BATCH * 2 + 3)))
    summary, _ = run(path, tmp_path / "data", 1e6)
    assert summary.new_reports == BATCH * 2 + 3
    assert sum(incident.reports for incident, _ in dump(tmp_path / "data")) == BATCH * 2 + 3


def wait_for(look: Callable[[], list[int]]) -> list[int]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except StoreError:
            pass  # not made yet
        time.sleep(0.02)
    raise AssertionError("nothing came")


MAIN = """
import sys
from pathlib import Path
from tests.test_replay import WATCH
from tui.replay import main
"""


def test_a_replay_that_serves_a_screen_ends_with_the_screens_pipe(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    code = MAIN + "sys.exit(main(Path(sys.argv[1]), WATCH, Path(sys.argv[2]), None, parent=True))"
    data = tmp_path / "data"
    command = [sys.executable, "-c", code, str(write(line(STRIKE))), str(data)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        wait_for(lambda: [incident.reports for incident, _ in dump(data)])
        assert process.poll() is None
        out, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert out.decode().startswith("1 entries")


def test_two_runs_of_the_interpreter_give_the_same_rows(write: Callable[..., Path], tmp_path: Path) -> None:
    code = MAIN + "sys.exit(main(Path(sys.argv[1]), WATCH, Path(sys.argv[2]), None))"
    path = write(*(line(f"{STRIKE} {n % 5}, {n % 3} wounded", at=NOON + n * 7 * MINUTE) for n in range(80)))
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(path), str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    assert dump(tmp_path / "1") == dump(tmp_path / "2")


def test_sigterm_ends_a_replay_cleanly(write: Callable[..., Path], tmp_path: Path) -> None:
    code = MAIN + "sys.exit(main(Path(sys.argv[1]), WATCH, Path(sys.argv[2]), 1.0))"
    data = tmp_path / "data"
    command = [sys.executable, "-c", code, str(write(line(STRIKE), line(AGAIN, at=NOON + HOUR))), str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        wait_for(lambda: [incident.reports for incident, _ in dump(data)])
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert out.decode().startswith("1 entries")


WAVE = (
    "Israeli artillery shells Khiam, farmer wounded",
    "Rockets fired from Lebanon at Metula, no casualties",
    "Two killed as drone strikes car in Tyre",
    "Israeli soldier shot dead in gunfight on the fence near Yaroun",
    "Israeli air raid flattens house in Bint Jbeil, family of four dead",
    "Roadside bomb wounds three of a patrol near Baalbek",
)
RAID = "Drone attack hits military post near village number {} in southern Lebanon, wounding two"


def a_fortnight_and_a_wave() -> list[str]:
    """An entry an hour of no front, an attack every other day, and six within five hours at the end."""
    start = NOON - 14 * DAY
    told = [(start + hour * HOUR, f"Fair weather, bulletin {hour}") for hour in range(17 * 24)]
    told += [(start + day * DAY, RAID.format(day)) for day in range(1, 13, 2)]
    told += [(NOON + number * 50 * MINUTE, title) for number, title in enumerate(WAVE)]
    return [line(title, at=at) for at, title in sorted(told)]


class Fortnight(NamedTuple):
    """What was told of one file in one store, in another, and in the first again."""

    first: Summary
    second: Summary
    again: Summary
    data: Path
    """Where the first lies."""


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory, one_tagger: None) -> Fortnight:
    folder = tmp_path_factory.mktemp("fortnight")
    late = line("Thirty killed in air strike on Tyre", at=NOON + 4 * DAY + 5 * MINUTE)
    path = folder / "entries.jsonl"
    path.write_text("\n".join([*a_fortnight_and_a_wave(), late]), encoding="utf-8")
    first, second, again = (run(path, folder / name)[0] for name in ("a", "b", "a"))
    return Fortnight(first, second, again, folder / "a")


def test_posture_is_judged_on_the_files_own_clock(fortnight: Fortnight) -> None:
    summary = fortnight.first
    rises = [event for event in summary.events if event.state == "surge"]
    assert [(event.subject, event.kind) for event in rises] == [("lebanon-border", "posture")]
    assert NOON + HOUR <= rises[0].at <= NOON + 5 * HOUR
    assert rises[0].at % HOUR == 0
    assert summary.events[-1].state == "usual"  # a day before the last entry
    assert f"{iso(rises[0].at)} lebanon-border: " in str(summary)
    with closing(Reader(fortnight.data / paths.STORE_NAME)) as reader:
        assert reader.events() == summary.events


def test_posture_is_the_same_at_every_run_and_told_once_where_it_is_run_again(fortnight: Fortnight) -> None:
    assert fortnight.first.events == fortnight.second.events != []
    assert fortnight.again.events == []


def test_a_gap_in_the_file_is_no_time_that_anybody_watched(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    lines = [
        line(f"Fair weather, bulletin {n}", at=NOON + at * HOUR) for n, at in enumerate((0, 1, 2, 40, 41))
    ]
    run(write(*lines), tmp_path / "data")
    with closing(Reader(tmp_path / "data" / paths.STORE_NAME)) as reader:
        seen = reader.hours("yemen", NOON + 41 * HOUR, 41).seen
    assert seen[:1] == (True,)
    assert sum(seen) < 12


def test_alarms_are_judged_on_the_files_clock_and_counted(fortnight: Fortnight) -> None:
    first, second = fortnight.first, fortnight.second
    assert first.bells == second.bells
    assert first.priorities == second.priorities
    with closing(Reader(fortnight.data / paths.STORE_NAME)) as reader:
        assert reader.bells() == first.bells
        on_a_front = {each.id for each in reader.incidents(kinds=(Kind.INCIDENT,), limit=-1)}
    assert set(first.priorities) == on_a_front
    low = sum(priority is Priority.LOW for priority in first.priorities.values())
    assert f" {low} low; bells: {sum(bell.rang for bell in first.bells)}" in str(first)
    assert fortnight.again.bells == []


def test_a_flood_in_a_file_is_counted(write: Callable[..., Path], tmp_path: Path) -> None:
    elsewhere = (
        "Drone shot down over Erbil airport in northern Iraq",
        "Rockets land near Ain al-Asad air base in western Iraq",
        "Car bomb kills five at a market in Mosul",
        "Gunmen ambush police patrol in Kirkuk, two dead",
        "US air strike hits militia depot near Albukamal in Syria",
        "Missile hits tanker off Mocha in the Red Sea",
        "Houthi shelling kills a child in Taiz",
        "US strikes hit radar site near Hodeidah in Yemen",
    )
    told = [line(title, at=NOON + number * 30) for number, title in enumerate((*WAVE, *elsewhere))]
    watch = WATCH._replace(alarms=AlarmPolicy(ring=Priority.LOW))
    summary = replay(write(*told), watch, tmp_path / "data", None, lambda _: None)
    floods = [bell.at for bell in summary.bells if bell.cause is Cause.FLOOD]
    assert len(floods) == 1
    assert NOON + 9 * 30 <= floods[0] <= NOON + 600
    assert "floods: 1" in str(summary)
