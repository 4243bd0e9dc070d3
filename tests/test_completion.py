"""What the shells complete, asked of the shells themselves: every command with every option, no more."""

from __future__ import annotations

import argparse
import os
import pty
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watchfloor import CONFIG
from tui.cli import main, whole_parser

Parsers = dict[tuple[str, ...], argparse.ArgumentParser]

BASH = """
source "$1"
shift
for asked in "$@"; do
    read -ra COMP_WORDS <<< "$asked"
    [[ $asked == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
    COMP_LINE=$asked COMP_POINT=${#asked} COMPREPLY=()
    "$(complete -p frontwatch | sed 's/.*-F \\([^ ]*\\).*/\\1/')" frontwatch "${COMP_WORDS[-1]}" ""
    echo "$asked|${COMPREPLY[*]}"
done
"""

FISH = """
source $argv[1]
for line in $argv[2..]
    echo "$line|"(complete -C "$line" | string split -f 1 \\t | string join " ")
end
"""


def parsers() -> Parsers:
    """Those of the dashboard and of every command, by the words that lead there."""

    def below(
        words: tuple[str, ...], parser: argparse.ArgumentParser
    ) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
        yield words, parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, each in action.choices.items():
                    yield from below((*words, name), each)

    return dict(below(("frontwatch",), whole_parser()))


def test_every_command_says_what_it_does_with_an_example() -> None:
    for words, parser in parsers().items():
        assert parser.description, words
        assert (parser.epilog or "").startswith(f"example: {'echo' if 'tag' in words else words[0]} "), words


def options(parser: argparse.ArgumentParser) -> set[str]:
    shown = (action for action in parser._actions if action.help != argparse.SUPPRESS)
    return {name for action in shown for name in action.option_strings if name.startswith("--")}


@pytest.fixture
def script(tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Path:
    """The script for a shell, which has to be there, in a file."""
    shell = str(request.param)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    config = tmp_path / "feeds.toml"
    config.write_text(CONFIG, encoding="utf-8")
    assert main(["--config", str(config), "completion", shell]) == 0
    path = tmp_path / f"completion.{shell}"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def completed(script: Path, *lines: str) -> dict[str, set[str]]:
    """What the script's shell offers for each of these lines."""
    code = BASH if script.suffix == ".bash" else FISH
    shell = script.suffix.removeprefix(".")
    command = [shell, "-c", code, *(["bash"] if shell == "bash" else []), str(script), *lines]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=script.parent)
    assert done.stderr == ""
    return {
        line: set(words.split()) for line, words in (each.split("|") for each in done.stdout.splitlines())
    }


both = pytest.mark.parametrize("script", ["bash", "fish"], indirect=True)


@both
def test_every_option_of_every_command_is_offered_and_no_other(script: Path) -> None:
    known = parsers()
    assert len(known) > 25
    offered = completed(script, *(f"{' '.join(words)} --" for words in known))
    for words, parser in known.items():
        assert {word for word in offered[f"{' '.join(words)} --"] if word.startswith("--")} == options(parser)


@both
def test_every_command_is_offered(script: Path) -> None:
    known = parsers()
    offered = completed(script, "frontwatch ", "frontwatch feeds ", "frontwatch exp")
    assert {words[1] for words in known if len(words) == 2} <= offered["frontwatch "]
    assert {"list", "add", "remove"} <= offered["frontwatch feeds "]
    assert offered["frontwatch exp"] == {"export"}


@both
def test_values_are_offered_where_they_are_known(script: Path) -> None:
    asked = {
        "frontwatch list --front ": {"north", "east", "south"},
        "frontwatch list --severity ": {"low", "medium", "high", "critical"},
        "frontwatch export --format ": {"md", "csv", "json", "geojson"},
        "frontwatch list --kind di": {"diplomacy"},
        "frontwatch --theme colour": {"colour-blind"},
        "frontwatch completion ": {"bash", "zsh", "fish"},
        "frontwatch restore feeds": {"feeds.toml"},
    }
    assert completed(script, *asked) == asked


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_completes_a_command_an_option_and_a_front(script: Path) -> None:
    with Zsh(script) as zsh:
        assert zsh.line_of("frontwatch expor") == "frontwatch export"
        assert zsh.line_of("frontwatch prune --dry") == "frontwatch prune --dry-run"
        assert zsh.line_of("frontwatch list --front no") == "frontwatch list --front north"
        assert zsh.line_of("frontwatch feeds add --reli") == "frontwatch feeds add --reliability"


def test_a_faulty_config_leaves_its_fronts_out_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "feeds.toml"
    config.write_text("[watch", encoding="utf-8")
    assert main(["--config", str(config), "completion", "bash"]) == 0
    said = capsys.readouterr()
    assert "fronts and themes are left out" in said.err
    assert "_shtab_frontwatch_list_option_strings" in said.out


class Zsh:
    """A zsh in a terminal of its own, in which somebody presses Tab."""

    def __init__(self, script: Path) -> None:
        pid, self._terminal = pty.fork()
        if not pid:
            os.environ.update(PS1="", TERM="dumb", ZDOTDIR=str(script.parent))
            os.execvp("zsh", ["zsh", "-f", "-i"])
        self._pid = pid
        script.rename(script.with_name("_frontwatch"))  # where zsh looks for what completes frontwatch
        self._type(
            f"unsetopt PROMPT_SP; fpath=({script.parent} $fpath); autoload -Uz compinit; compinit -D -u\n"
        )
        # What stands on the line is written out by the shell itself, in place of being run.
        self._type(
            "show() { print -r -- \"<$BUFFER>\"; BUFFER=; zle accept-line }; zle -N show; bindkey '^X' show\n"
        )
        self._type("print rea''dy\n")
        self._until("ready")

    def line_of(self, words: str) -> str:
        """What the line holds when Tab was pressed behind ``words``."""
        self._type(f"{words}\t\x18")
        return self._until(">").rpartition("<")[2].partition(">")[0].rstrip()

    def _type(self, words: str) -> None:
        os.write(self._terminal, words.encode())

    def _until(self, sign: str) -> str:
        told, end = "", time.monotonic() + 20.0
        while sign not in told:
            assert time.monotonic() < end, told
            if select.select([self._terminal], [], [], 0.1)[0]:
                told += os.read(self._terminal, 4096).decode(errors="replace")
        return told

    def __enter__(self) -> Zsh:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)
        os.waitpid(self._pid, 0)
