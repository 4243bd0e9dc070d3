"""The commands. Each imports its own room only when it runs, so that help and data come at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths, run
from tui.run import DONE, FAULT

FASTEST: Final = 1_000_000.0
"""Seconds of a replayed file in one second."""

Handler = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code: 0 done, 1 a fault in what was asked, 2 wrong usage."""
    from tui.config import ConfigError
    from tui.store.connect import StoreError

    arguments = _parser().parse_args(argv)
    handler: Handler = arguments.handler
    try:
        return handler(arguments)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return FAULT
    except StoreError as error:
        print(f"frontwatch: {error}", file=sys.stderr)
        return FAULT
    except BrokenPipeError:
        # The reader of our output went away, as `head` does. Nothing more can be written there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="frontwatch",
        description="Watch a region's security incidents through open news feeds. "
        "Without a command: the dashboard, with its collector.",
        epilog="example: frontwatch --config my-feeds.toml",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is, and leave")
    _add_places(parser, suppress=False)
    parser.add_argument("--wall", action="store_true", help="wall mode: read-only, three lines an incident")
    parser.set_defaults(handler=run.dashboard)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (_add_demo, _add_collect, _add_tag, _add_why, _add_evaluate, _add_suggest):
        add(commands)
    for add in (_add_replay, _add_list, _add_tally, _add_alarm, _add_check):
        add(commands)
    return parser


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _add(
    commands: Commands, name: str, handler: Handler, words: str, example: str, *, places: bool = True
) -> argparse.ArgumentParser:
    """A command: its name, what runs it, its sentence of help and an example."""
    parser = commands.add_parser(name, help=words, description=f"{words}.", epilog=f"example: {example}")
    parser.set_defaults(handler=handler)
    if places:
        _add_places(parser, suppress=True)
    return parser


def _add_places(parser: argparse.ArgumentParser, *, suppress: bool) -> None:
    """``--config`` and ``--data``, before or after the command's name."""
    default = argparse.SUPPRESS if suppress else None
    # Told only to whoever asks for help: to find the folders out costs 30 ms.
    asked = any(word in ("-h", "--help") for word in sys.argv)
    config, data = (paths.config_file(), paths.data_dir()) if asked else ("", "")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=default,
        help=f"the watch (else ./{paths.CONFIG_NAME}, else {config}, else the built-in one)",
    )
    where = f"folder of the store (else {data})"
    parser.add_argument("--data", type=Path, metavar="DIR", default=default, help=where)


def _add_demo(commands: Commands) -> None:
    parser = _add(
        commands,
        "demo",
        run.demo,
        "The dashboard on made-up feeds served from this machine: works without a network",
        "frontwatch demo",
        places=False,
    )
    kept = "keep its store there (else it is dropped)"
    parser.add_argument("--data", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=kept)


def _add_collect(commands: Commands) -> None:
    parser = _add(
        commands,
        "collect",
        run.collect,
        "Poll the feeds without a screen, until it is stopped",
        "frontwatch collect --once --json",
    )
    parser.add_argument("--once", action="store_true", help="poll every feed once and say what came of it")
    parser.add_argument("--json", action="store_true", help="with --once: the summary as one JSON object")
    parser.add_argument("--parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--clock", type=_clock_words, help=argparse.SUPPRESS)


def _add_tag(commands: Commands) -> None:
    _add(
        commands,
        "tag",
        run.tag,
        "Tag JSON lines from standard input: front, kind, type, by, killed, severity, places, evidence",
        """echo '{"title": "Drone strike near Naqoura"}' | frontwatch tag""",
    )


def _add_why(commands: Commands) -> None:
    parser = _add(
        commands,
        "why",
        run.why,
        "Explain the tags of a headline: what matched, what it weighed, what vetoed it",
        'frontwatch why "Rockets fired at base hosting US troops in Iraq"',
    )
    parser.add_argument("headline", metavar="HEADLINE")
    parser.add_argument("--summary", default="", help="the text below the headline")


def _add_evaluate(commands: Commands) -> None:
    parser = _add(
        commands,
        "evaluate",
        run.evaluate,
        "Measure the tagger on labelled JSON lines: precision, recall, F1 a front and language",
        "frontwatch evaluate labelled.jsonl --errors",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--errors", action="store_true", help="list what was missed, with the evidence")
    parser.add_argument("--baseline", action="store_true", help="beside what plain keywords would reach")
    against = "what changed since an earlier run, of which this file holds the --json"
    parser.add_argument("--against", type=Path, metavar="RUN", help=against)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")


def _add_suggest(commands: Commands) -> None:
    parser = _add(
        commands,
        "suggest",
        run.suggest,
        "Propose terms that would mend what is tagged wrongly in labelled lines, with what they would break",
        "frontwatch suggest corrections.jsonl labelled.jsonl",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--limit", type=_count, default=20, metavar="N", help="at most so many (usual: 20)")
    parser.add_argument("--json", action="store_true", help="as a JSON list")


def _add_replay(commands: Commands) -> None:
    parser = _add(
        commands,
        "replay",
        run.replay,
        "Run a file of entries through tagging, merging and the board on the file's own clock",
        "frontwatch replay december.jsonl.gz --speed 3600",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines, or .gz of them")
    speed = "seconds of the file in one second, or max (usual: 60)"
    parser.add_argument("--speed", type=_speed, default=60.0, metavar="N", help=speed)
    parser.add_argument("--headless", action="store_true", help="no screen: progress and a summary")
    parser.add_argument("--parent", action="store_true", help=argparse.SUPPRESS)


def _add_list(commands: Commands) -> None:
    parser = _add(
        commands,
        "list",
        run.list_,
        "List the incidents in the store, the newest first",
        "frontwatch list --front yemen --since 7d --json",
    )
    parser.add_argument("--front", help="only this front (its id)")
    parser.add_argument(
        "--since", type=_since, default=86_400.0, metavar="AGE", help="as 90m, 24h, 7d (usual: 24h)"
    )
    parser.add_argument("--kind", help="incident (the usual), statement, diplomacy, ...")
    parser.add_argument("--severity", help="this or worse: low, medium, high, critical")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, with every report")


def _add_tally(commands: Commands) -> None:
    parser = _add(
        commands,
        "tally",
        run.tally,
        "Count attacks since a date, beside the official figures that reports quote",
        "frontwatch tally --front iraq-syria --against us-coalition --since 2023-10-17",
    )
    parser.add_argument("--front", help="only this front (its id)")
    parser.add_argument("--against", metavar="SIDE", help="only where this side suffered it")
    parser.add_argument("--by", metavar="SIDE", help="only what this side did")
    parser.add_argument("--type", help="drone, ship, rocket-missile, ...")
    since = "a day, as 2023-10-17, or an age, as 7d (usual: 7d)"
    parser.add_argument("--since", type=_since_day, default=-604_800.0, metavar="DAY", help=since)
    parser.add_argument("--json", action="store_true", help="as one JSON object, with every figure")


def _add_alarm(commands: Commands) -> None:
    parser = _add(
        commands,
        "alarm",
        run.alarm,
        "Say who is told of alarms and whether that can work; with --test, send each a test",
        "frontwatch alarm --test",
    )
    parser.add_argument("--test", action="store_true", help="send a test to each, and say what came of it")


def _add_check(commands: Commands) -> None:
    parser = _add(
        commands,
        "check",
        run.check,
        "Check the config, then poll every feed once and say what is wrong and how to mend it",
        "frontwatch check --offline",
    )
    parser.add_argument("--offline", action="store_true", help="the config only: nothing leaves the machine")


# Words of the command line


class _Version(argparse.Action):
    """``--version``, asked of the installation only then: it costs 30 ms."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"frontwatch {version('frontwatch')}")
        except PackageNotFoundError:
            print("frontwatch, not installed: run from a checkout")
        parser.exit()


def _clock_words(words: str) -> object:
    from tui.clock import Clock

    origin, anchor, rate = (float(part) for part in words.split(":"))
    return Clock(origin, anchor=anchor, rate=rate)


def _count(words: str) -> int:
    if not words.isdecimal() or not 0 < int(words) <= 1000:
        raise argparse.ArgumentTypeError(f"{words!r} is no count: say 1 to 1000")
    return int(words)


def _speed(words: str) -> float | None:
    """None for ``max``."""
    if words == "max":
        return None
    try:
        speed = float(words)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{words!r} is no speed: say 1 to {FASTEST:.0f}, or max")
    return speed


def _since(words: str) -> float:
    """Seconds of ``90m``, ``24h``, ``7d``."""
    sizes = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
    try:
        return float(words[:-1]) * sizes[words[-1:]]
    except (ValueError, KeyError):
        raise argparse.ArgumentTypeError(f"{words!r} is no time: say 90m, 24h or 7d") from None


def _since_day(words: str) -> float:
    """The beginning of a day, UTC; of ``7d`` its seconds, below zero: it counts back from now."""
    from datetime import UTC, datetime

    try:
        return datetime.strptime(words, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        pass
    try:
        return -_since(words)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{words!r} is no time: say 2023-10-17, 24h or 7d") from None
