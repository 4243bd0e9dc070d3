"""What every test shares: nothing of the developer's own machine is read or written."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.loopback import Loopback
from tests.new_store import new_writer
from tests.quiet import make_pilots_quiet
from tests.watchfloor import Watchfloor
from tui.store.reader import Reader
from tui.store.writer import Writer

settings.register_profile(
    "frontwatch", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("frontwatch")


def pytest_configure(config: pytest.Config) -> None:
    """Where Python may leave no bytecode beside its sources, keep it in a folder until the tests are done.

    Else every worker and each of the hundreds of processes that the tests start would compile all it imports.
    """
    if sys.dont_write_bytecode:  # not in a worker: it starts with what the first process sets here
        folder = tempfile.mkdtemp(prefix="frontwatch-bytecode-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What the tests import is not swept for garbage while it comes, nor ever after: it stays."""
    gc.disable()
    try:
        _compile_a_share(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _compile_a_share(config: pytest.Config) -> None:
    """Of all tests each worker compiles some first, and finds those of the others compiled."""
    worker = getattr(config, "workerinput", None)
    if worker is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for path in sorted(Path(__file__).parent.glob("test_*.py"))[number::count]:
        # What is wrong with it, or why it skips itself, its collection tells.
        with suppress(Exception, pytest.skip.Exception):
            import_module(f"tests.{path.stem}")


@pytest.fixture(autouse=True)
def _no_idle_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks for something from time to time in this process looks often."""
    make_pilots_quiet(monkeypatch)
    monkeypatch.setattr("tui.follow.LOOK_EVERY", 0.05)
    monkeypatch.setattr("tui.app.FILES_EVERY", 0.5)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home: no config, store, memory, proxy, SSH or kind of terminal of whoever runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # A screen of many colours, whatever terminal the tests run in.
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's store lies; nothing is there yet."""
    return tmp_path / "s.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Writer]:
    """The writer of a new store."""
    with closing(new_writer(path)) as writer:
        yield writer


@pytest.fixture
def reader(writer: Writer, path: Path) -> Iterator[Reader]:
    """A reader of the writer's store."""
    with closing(Reader(path)) as reader:
        yield reader


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Watchfloor]:
    """A small watch on which the collector lives and every feed is fresh; nothing has happened yet."""
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.poll(good=4)
    yield floor
    floor.writer.close()


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A real HTTP server on loopback, with nothing to serve yet."""
    with Loopback() as server:
        yield server
