"""The command that makes the shell complete the others: ``completion``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui import cli_words, run_shell

if TYPE_CHECKING:
    from tui.cli_words import Add, Commands


def add_completion(commands: Commands, add: Add, whole: Callable[[], argparse.ArgumentParser]) -> None:
    """``frontwatch completion bash|zsh|fish``; ``whole`` makes the parser of all that can be asked for."""
    words = "Print the script by which your shell completes these commands, their options and your fronts"
    example = "frontwatch completion fish > ~/.config/fish/completions/frontwatch.fish"

    def handler(asked: argparse.Namespace) -> int:
        return run_shell.completion(asked, whole(), cli_words.path)

    parser = add(commands, "completion", handler, words, example)
    parser.add_argument("shell", choices=run_shell.SHELLS, metavar="SHELL", help="bash, zsh or fish")
