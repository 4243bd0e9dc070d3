"""Writes the manual page, docs/frontwatch.1, from the parser of the commands.

uv run python docs/make_man.py
"""

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tui.cli import whole_parser

PAGE = Path(__file__).with_name("frontwatch.1")
PROJECT = Path(__file__).parent.parent / "pyproject.toml"

AFTER = r"""
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
a fault in what was asked, told on standard error
.TP
.B 2
wrong usage
.TP
.B 3
.BR collect :
another collector is at work on the store
.SH FILES
.TP
.I feeds.toml
the watch: its fronts and feeds. In the folder where the command is run, else in your config folder
.RI ( ~/.config/frontwatch ),
else the built-in one.
.TP
.I frontwatch.db
the store: reports, incidents, and what people did. In your data folder
.RI ( ~/.local/share/frontwatch )
or the one that
.B \-\-data
names; you alone can read it.
.PP
.B frontwatch \-\-help
names the folders of your system.
.SH NOTES
Times are UTC. Data goes to standard output, talk to standard error. The keys of the dashboard are listed by
.B frontwatch keys
and on its own help screen.
"""


def escaped(text: str) -> str:
    """Text of which troff does nothing; options keep their hyphens, so that they can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("^", "\\(ha")
    return "\\&" + text if text.startswith(".") else text.replace("~", "\\(ti")


def shown(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Its options and arguments, but for help and what is of the program itself."""
    hidden = (argparse._HelpAction, argparse._SubParsersAction)
    return [each for each in parser._actions if each.help != argparse.SUPPRESS and not isinstance(each, hidden)]


def value(action: argparse.Action) -> str:
    """What is given with it, as it is written in the usage."""
    if action.nargs == 0:
        return ""
    name = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    return f"{name}..." if action.nargs == "+" else str(name)


def entry(action: argparse.Action) -> Iterator[str]:
    """A paragraph for an option or an argument."""
    named = ", ".join(f"\\fB{escaped(name)}\\fR" for name in action.option_strings)
    given = f"\\fI{escaped(value(action))}\\fR" if value(action) else ""
    yield ".TP"
    yield " ".join(part for part in (named, given) if part)
    yield escaped(action.help or "")


def usage(words: str, parser: argparse.ArgumentParser, common: set[str]) -> str:
    """The command with what belongs to it alone."""
    parts = [f"\\fB{escaped(words)}\\fR"]
    for action in shown(parser):
        if action.help in common:
            continue
        given = f"\\fI{escaped(value(action))}\\fR" if value(action) else ""
        if action.option_strings:
            part = f"[\\fB{escaped(action.option_strings[-1])}\\fR{' ' * bool(given)}{given}]"
        else:
            part = f"[{given}]" if action.nargs == "?" else given
        parts.append(part)
    return " ".join(parts)


def commands(words: str, parser: argparse.ArgumentParser, common: set[str]) -> Iterator[str]:
    """A section for each command below that one."""
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        for name, each in action.choices.items():
            full = f"{words} {name}"
            yield f".SS {usage(full, each, common)}"
            yield escaped(each.description or "")
            for one in shown(each):
                if one.help not in common:
                    yield from entry(one)
            yield ".PP"
            yield f"Example: \\fB{escaped((each.epilog or '').removeprefix('example: '))}\\fR"
            yield from commands(full, each, common)


def page() -> str:
    """The whole of it."""
    version = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    parser = whole_parser()
    common = {action.help or "" for action in shown(parser) if action.dest in ("config", "data")}
    lines = [
        '.\\" Made by docs/make_man.py from the parser of the commands.',
        f'.TH FRONTWATCH 1 "" "frontwatch {version}" "User Commands"',
        ".SH NAME",
        "frontwatch \\- watch a region\\(aqs security incidents through open news feeds",
        ".SH SYNOPSIS",
        f"{usage('frontwatch', parser, set())}",
        ".br",
        "\\fBfrontwatch\\fR \\fICOMMAND\\fR ...",
        ".SH DESCRIPTION",
        escaped(parser.description or ""),
        ".SH OPTIONS",
        *(line for action in shown(parser) for line in entry(action)),
        ".PP",
        "\\fB\\-\\-config\\fR and \\fB\\-\\-data\\fR are known to every command but \\fBinit\\fR and \\fBdemo\\fR, "
        "before or behind its name.",
        ".SH COMMANDS",
        *commands("frontwatch", parser, common),
    ]
    return "\n".join(lines) + AFTER


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
