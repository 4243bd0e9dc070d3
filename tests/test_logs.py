"""The log: one line whatever is told, no secret in it, shared by processes, and never the program's end."""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workbench import ROOT
from tui import paths
from tui.logs import MESSAGE_LIMIT, TRACEBACK_LIMIT, LogFile, as_line, facts, start_log
from tui.redact import HIDDEN, redact


@pytest.fixture
def own_logging() -> Iterator[None]:
    """What a process sets once for itself is put back."""
    root, kept = logging.getLogger(), list(logging.getLogger().handlers)
    thread_hook, unraisable_hook = threading.excepthook, sys.unraisablehook
    with warnings.catch_warnings():
        warnings.simplefilter("default")  # told, where the tests make an error of each
        yield
        logging.captureWarnings(False)
    for handler in set(root.handlers) - set(kept):
        root.removeHandler(handler)
        handler.close()
    threading.excepthook, sys.unraisablehook = thread_hook, unraisable_hook


def record(words: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("tui.collector.poll", logging.ERROR, "", 0, words, args, None)
    vars(made).update(more)
    return made


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@given(st.text(max_size=300))
def test_a_line_is_one_line_that_no_terminal_acts_on_and_reads_back(text: str) -> None:
    line = as_line(record("%s", text), "collector")
    assert line.isprintable()
    assert json.loads(line)["message"] == redact(text)


def test_a_line_tells_when_how_bad_who_where_what_and_the_facts(own_logging: None, tmp_path: Path) -> None:
    file = start_log(tmp_path, "collector")
    logging.getLogger("tui.collector.poll").error(
        "feed %s failed", "A", extra=facts(status=503, url="http://u")
    )
    (line,) = lines_of(file.path)
    assert line["level"] == "error"
    assert (line["process"], line["pid"], line["room"]) == ("collector", os.getpid(), "collector.poll")
    assert (line["message"], line["status"], line["url"]) == ("feed A failed", 503, "http://u")
    assert str(line["time"]).endswith("Z")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_terminal_that_is_closed_is_no_fault_of_the_program(own_logging: None, tmp_path: Path) -> None:
    def write() -> None:
        raise OSError(errno.EIO, "Input/output error")

    file = start_log(tmp_path, "screen")
    for name in ("textual-output", "ship"):
        thread = threading.Thread(target=write, name=name)
        thread.start()
        thread.join()
    gone, ended = lines_of(file.path)
    assert (gone["level"], str(gone["message"]).partition(":")[0]) == ("info", "the terminal is gone")
    assert ended["message"] == "the thread ship ended by a fault"


def test_a_fault_brings_its_traceback_and_a_thread_and_a_warning_are_told(
    own_logging: None, tmp_path: Path
) -> None:
    file = start_log(tmp_path, "screen")
    try:
        raise ValueError("boom\x1b[2J")
    except ValueError:
        logging.getLogger("tui").exception("it failed")
    thread = threading.Thread(target=lambda: int("x"), name="ship")
    thread.start()
    thread.join()
    warnings.warn("old ways", UserWarning, stacklevel=1)
    failed, ended, warned = lines_of(file.path)
    assert str(failed["traceback"]).endswith("ValueError: boom\x1b[2J")
    assert "\x1b" not in file.path.read_text(encoding="utf-8")
    assert ended["message"] == "the thread ship ended by a fault"
    assert "ValueError" in str(ended["traceback"])
    assert "old ways" in str(warned["message"])


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("GET https://me:hunter2@feeds.example/rss failed", f"GET https://{HIDDEN}@feeds.example/rss failed"),
        ("https://me:hunt@er2@feeds.example/rss failed", f"https://{HIDDEN}@feeds.example/rss failed"),
        ("https://a.example/rss?token=hunter2&page=2", f"https://a.example/rss?token={HIDDEN}&page=2"),
        ("https://a.example/?page=2&api_key=hunter2", f"https://a.example/?page=2&api_key={HIDDEN}"),
        ("https://a.example/?X-Amz-Signature=hunter2", f"https://a.example/?X-Amz-Signature={HIDDEN}"),
        ("could not tell tgram://hunter2/chat", f"could not tell tgram://{HIDDEN}"),
        ("mailto://me:hunter2@mail.example", f"mailto://{HIDDEN}"),
        ("Authorization: Bearer hunter2hunter2", f"Authorization: {HIDDEN}"),
        ("https://a.example/rss?page=2#key=figures", "https://a.example/rss?page=2#key=figures"),
        ("3 feeds at https://a.example/feed, 16:05Z", "3 feeds at https://a.example/feed, 16:05Z"),
    ],
)
def test_secrets_are_taken_out(told: str, kept: str) -> None:
    assert redact(told) == kept
    assert redact(kept) == kept


def test_no_secret_comes_in_by_a_fact_or_a_traceback(own_logging: None, tmp_path: Path) -> None:
    file = start_log(tmp_path, "screen")
    try:
        raise OSError("https://me:hunter2@a.example/")
    except OSError:
        logging.getLogger("tui").exception("no", extra=facts(url="https://a.example/?token=hunter2"))
    assert "hunter2" not in file.path.read_text(encoding="utf-8")


def test_no_secret_comes_in_where_a_long_text_is_cut(own_logging: None, tmp_path: Path) -> None:
    file = start_log(tmp_path, "screen")
    address = "https://me:hunter2@a.example/"
    for hidden in range(len(address)):
        end = "." * (MESSAGE_LIMIT - hidden)
        logging.getLogger("tui").error("%s", end + address, extra=facts(url=end + address))
        try:
            raise OSError(address + "." * (TRACEBACK_LIMIT - hidden))
        except OSError:
            logging.getLogger("tui").exception("no")
    assert "hunt" not in file.path.read_text(encoding="utf-8")


WRITES = """
import logging, sys
from pathlib import Path
from tui.logs import LogFile
log = logging.getLogger("tui.test")
log.addHandler(LogFile(Path(sys.argv[1]), "screen", size=20_000, old_ones=100))
log.setLevel(logging.INFO)
print(flush=True)
sys.stdin.readline()
for number in range(400):
    log.info("%s says %d", sys.argv[2], number)
"""


def test_processes_that_turn_one_log_over_lose_and_double_no_line(tmp_path: Path) -> None:
    path = tmp_path / paths.LOG_NAME
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, str(path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        for name in "AB"
    ]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.readline()  # all are up before the first writes
    for writer in writers:
        writer.communicate("go\n")
    files = sorted(tmp_path.glob("*.log*"))
    told = sorted(str(line["message"]) for file in files for line in lines_of(file))
    assert told == sorted(f"{name} says {number}" for name in "AB" for number in range(400))
    assert len(files) > 2


def test_the_log_takes_no_more_room_than_it_may(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "a.log", "screen", size=1000, old_ones=2)
    for number in range(100):
        file.emit(record("line %d", number))
    file.close()
    files = sorted(tmp_path.glob("a.log*"))
    assert {each.name for each in files} <= {"a.log", "a.log.1", "a.log.2"}
    assert 2000 <= sum(each.stat().st_size for each in files) < 3 * 1300
    assert lines_of(files[0])[-1]["message"] == "line 99"


def test_a_log_that_was_removed_is_begun_anew(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "a.log", "screen")
    file.emit(record("one"))
    file.path.unlink()
    file.emit(record("two"))
    file.close()
    assert [line["message"] for line in lines_of(file.path)] == ["two"]


FILLS = """
import logging, resource, sys
from pathlib import Path
from tui.logs import LogFile
log = logging.getLogger("tui.test")
log.addHandler(LogFile(Path(sys.argv[1]), "screen"))
resource.setrlimit(resource.RLIMIT_FSIZE, (1060, resource.RLIM_INFINITY))
# ^ in the middle of the ninth line, however many digits the process has
for number in range(20):
    log.error("line %d", number)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.error("there is room again")
"""


def test_a_disk_that_takes_no_more_costs_lines_and_says_how_many(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    done = subprocess.run(
        [sys.executable, "-c", FILLS, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    *kept, torn, told, last = path.read_text(encoding="utf-8").splitlines()
    lost = 20 - len(kept)
    assert json.loads(told)["message"].startswith(f"{lost} lines could not be written")
    assert json.loads(last)["message"] == "there is room again"
    assert [json.loads(line)["message"] for line in kept] == [f"line {number}" for number in range(len(kept))]
    assert not torn.endswith("}")


@pytest.mark.parametrize("obstacle", ["nothing", "folder", "pipe", "full device"])
def test_where_no_log_can_be_the_program_goes_on(obstacle: str, tmp_path: Path) -> None:
    path = tmp_path / "gone" / "a.log" if obstacle == "nothing" else tmp_path / "a.log"
    if obstacle == "folder":
        path.mkdir()
    elif obstacle == "pipe":
        os.mkfifo(path)
    elif obstacle == "full device":
        path.symlink_to("/dev/full")
    file = LogFile(path, "screen")
    file.emit(record("one"))
    file.emit(record("wrong %d", "arguments"))
    file.close()
    assert obstacle == "nothing" or path.exists()


def test_a_call_with_wrong_arguments_is_counted_like_a_line_that_is_lost(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "a.log", "screen")
    file.emit(record("wrong %d", "arguments"))
    file.emit(record("right"))
    file.close()
    told, right = lines_of(file.path)
    assert str(told["message"]).startswith("1 line could not be written: TypeError")
    assert right["message"] == "right"
