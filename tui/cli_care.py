"""The commands that look after the program itself: ``log`` and ``doctor``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui import cli_words, run_care

if TYPE_CHECKING:
    from tui.cli_words import Add, Commands

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
"""As in :mod:`tui.log_lines`: every command would wait for its import."""


def add_log(commands: Commands, add: Add) -> None:
    """``frontwatch log [path]``."""
    words = "Print the last lines of the program's own log, or (path) where it lies"
    parser = add(commands, "log", run_care.log, words, "frontwatch log --last 20 --level error")
    parser.add_argument("what", nargs="?", choices=("path",), help="say where the log lies, and nothing else")
    last = "so many lines (usual: 50)"
    parser.add_argument("--last", type=cli_words.count, default=50, metavar="N", help=last)
    parser.add_argument("--level", choices=LEVELS, default="debug", help="of this level or worse")
    parser.add_argument("--json", action="store_true", help="as they stand in the file: JSON lines")


def add_doctor(commands: Commands, add: Add) -> None:
    """``frontwatch doctor``."""
    words = "Gather what a report of a fault needs, without secrets, and say what is wrong and how to mend it"
    parser = add(commands, "doctor", run_care.doctor, words, "frontwatch doctor > report.txt")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
