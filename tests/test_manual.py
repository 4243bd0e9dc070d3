"""The manual page and the service are what the program is, and their own tools find no fault in them."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.loopback import Loopback
from tests.workbench import STRIKE, Workbench, document, until
from tui.cli import main
from tui.collector.lock import alone_now

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "frontwatch.1"
UNIT: Final = ROOT / "docs" / "services" / "frontwatch.service"


def test_the_page_is_what_the_parser_says() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_man.py"))["page"]()
    assert PAGE.read_text(encoding="utf-8") == made, "run: uv run python docs/make_man.py"


def test_the_page_names_every_command_and_no_place_of_any_machine() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for command in (
        "init",
        "demo",
        "collect",
        "list",
        "feeds add",
        "backup",
        "restore",
        "prune",
        "completion",
    ):
        assert f"\n.SS \\fBfrontwatch {command}\\fR" in page
    assert str(Path.home()) not in page
    assert str(ROOT) not in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_sets_the_page_without_a_warning() -> None:
    command = ["groff", "-man", "-ww", "-Tutf8", str(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "Copy the store to a file while everything runs." in done.stdout


def test_the_wheel_brings_page_and_service() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {ROOT / source for source in shared} == {PAGE, UNIT}
    assert set(shared.values()) == {
        "share/man/man1/frontwatch.1",
        "share/systemd/user/frontwatch.service",
    }


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_service(tmp_path: Path) -> None:
    program = tmp_path / ".local" / "bin" / "frontwatch"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(UNIT)],
        env={**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_service_takes_the_addresses_of_alarms_from_a_file_that_need_not_be_there() -> None:
    [line] = [each for each in UNIT.read_text(encoding="utf-8").splitlines() if "EnvironmentFile=" in each]
    assert line == "EnvironmentFile=-%h/.config/frontwatch/environment"
    assert "`~/.config/frontwatch/environment`" in (ROOT / "docs" / "services.md").read_text(encoding="utf-8")


@contextmanager
def service(bench: Workbench) -> Iterator[subprocess.Popen[str]]:
    """The command of the unit as systemd would run it: no terminal, no input, next to no environment."""
    [line] = [line for line in UNIT.read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart=")]
    words = line.removeprefix("ExecStart=%h/.local/bin/frontwatch ").split()
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "--config", str(bench.config), "--data", str(bench.data), *words],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"HOME": str(bench.config.parent), "PATH": os.defpath},
        cwd=ROOT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_service_waits_for_a_store_in_use_collects_and_ends_when_it_is_told(
    tmp_path: Path, server: Loopback
) -> None:
    bench = Workbench(tmp_path, server)
    server.serve("/a", document(STRIKE))
    bench.watch("/a")
    with alone_now(bench.data), service(bench) as waits:
        assert waits.stderr is not None
        assert "another collector is at work on the store: waiting" in waits.stderr.readline()
        assert server.asked == []
        waits.terminate()
        assert waits.wait(10.0) == 0
    with service(bench) as collects:
        until(lambda: bench.store.exists() and bench.heartbeat() and bench.titles())
        collects.terminate()
        assert collects.wait(10.0) == 0
        assert collects.stderr is not None
        told = collects.stderr.read()
    assert "the collector has stopped" in told
    assert told.isprintable() or not set(told) - {"\n"} & set(map(chr, range(32)))


def test_once_and_wait_do_not_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["collect", "--once", "--wait"])
    assert ended.value.code == 2
    assert "--wait" in capsys.readouterr().err
