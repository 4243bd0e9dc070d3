"""The commands. Each imports its own room only when it runs, so that help and data come at once."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui import cli_words, paths, run
from tui.run import DONE, FAULT, USAGE

if TYPE_CHECKING:
    from tui.cli_words import Commands

Handler = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code: 0 done, 1 a fault in what was asked, 2 wrong usage."""
    gc.disable()  # what a start imports stays: to sweep it for garbage meanwhile makes the first paint wait
    from tui.config import ConfigError
    from tui.store.connect import StoreError
    from tui.usage import WrongUsage

    os.umask(0o077)  # what is written, here or by a child, is its owner's alone, whatever the shell says
    cli_words.speak()
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        handler: Handler = arguments.handler
        if handler not in (run.dashboard, run.collect):  # they let the sweeping go on once they have started
            gc.enable()
        return handler(arguments)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return FAULT
    except (StoreError, paths.Homeless) as error:
        print(f"frontwatch: {error}", file=sys.stderr)
        return FAULT
    except WrongUsage as wrong:
        print(f"frontwatch: {wrong}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # The reader of our output went away, as `head` does. Nothing more can be written there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """What is asked for. The commands' parsers, 6 ms of work, are not made where there are options alone."""
    if all(word.startswith("-") for word in words[:1]) and not {"-h", "--help"}.intersection(words):
        try:
            arguments, unknown = _dashboard_parser(exit_on_error=False).parse_known_args(words)
        except argparse.ArgumentError:
            unknown = list(words)  # said by the whole parser, whose usage names the commands
        if not unknown:
            return arguments
    return whole_parser().parse_args(words)


def _dashboard_parser(*, exit_on_error: bool = True) -> argparse.ArgumentParser:
    """The options without a command."""
    parser = cli_words.Parser(
        exit_on_error=exit_on_error,
        prog="frontwatch",
        description="Watch a region's security incidents through open news feeds. "
        "Without a command: the dashboard, with its collector.",
        epilog="example: frontwatch --config my-feeds.toml",
    )
    parser.add_argument(
        "--version", action=cli_words.Version, nargs=0, help="say which version this is, and leave"
    )
    _add_places(parser, suppress=False)
    parser.add_argument("--wall", action="store_true", help="wall mode: read-only, three lines an incident")
    offline = "poll nothing: only show what is stored"
    parser.add_argument("--offline", action="store_true", help=offline)
    _add_theme(parser, default="")
    parser.set_defaults(handler=run.dashboard)
    return parser


def whole_parser() -> argparse.ArgumentParser:
    """All that can be asked for."""
    from tui import cli_care, cli_feeds, cli_shell, cli_store  # here: the dashboard is asked for without

    parser = _dashboard_parser()
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (_add_init, _add_demo, _add_collect, _add_tag, _add_why, _add_evaluate, _add_suggest):
        add(commands)
    for add in (_add_replay, _add_list, _add_tally, _add_alarm, _add_check, _add_keys, _add_corrections):
        add(commands)
    for add in (_add_handover, _add_export, _add_search):
        add(commands)
    cli_feeds.add_feeds(commands, _add)
    cli_feeds.add_import(commands, _add)
    for more in (cli_store.add_backup, cli_store.add_restore, cli_store.add_prune):
        more(commands, _add)
    for more in (cli_care.add_log, cli_care.add_doctor):
        more(commands, _add)
    cli_shell.add_completion(commands, _add, whole_parser)
    return parser


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
    config: object = paths.config_file() if asked else "the one in your config folder"
    data: object = paths.data_dir() if asked else "the one in your data folder"
    parser.add_argument(
        "--config",
        type=cli_words.path,
        metavar="FILE",
        default=default,
        help=f"the watch (else ./{paths.CONFIG_NAME}, else {config}, else the built-in one)",
    )
    where = f"folder of the store (else {data})"
    parser.add_argument("--data", type=cli_words.path, metavar="DIR", default=default, help=where)


def _add_theme(parser: argparse.ArgumentParser, *, default: str = argparse.SUPPRESS) -> None:
    """``--theme``, before or after the name of a command that has a screen."""
    words = "night, day, high-contrast, colour-blind, terminal, or one of the config (else as it was last)"
    parser.add_argument("--theme", metavar="NAME", default=default, help=words)


def _add_since(parser: argparse.ArgumentParser, usual: str | None, otherwise: str = "") -> None:
    """``--since``: what a moment may be is one thing on every command."""
    words = f"as 90m, 7d, 06:00 or 2023-10-17, UTC ({otherwise or f'usual: {usual}'})"
    parser.add_argument("--since", type=cli_words.when, default=usual, metavar="WHEN", help=words)


def _add_init(commands: Commands) -> None:
    parser = _add(
        commands,
        "init",
        run.init,
        "Write a commented feeds.toml to start a watch of your own from",
        "frontwatch init --from sahel ./feeds.toml",
        places=False,
    )
    where = "the file to write (else the one in your config folder)"
    parser.add_argument("file", type=cli_words.path, nargs="?", metavar="FILE", help=where)
    source = "axis (the built-in watch; the usual), axis-wide or sahel"
    parser.add_argument("--from", dest="source", default="axis", metavar="EXAMPLE", help=source)
    parser.add_argument("--force", action="store_true", help="put a file that is there aside, as FILE.old")


def _add_keys(commands: Commands) -> None:
    parser = _add(
        commands,
        "keys",
        run.keys,
        "Print every key with what it does and where, by the config's own keys",
        "frontwatch keys --md > keys.md",
    )
    parser.add_argument("--md", action="store_true", help="as a table in Markdown")


def _add_demo(commands: Commands) -> None:
    parser = _add(
        commands,
        "demo",
        run.demo,
        "The dashboard on made-up feeds served from this machine: works without a network",
        "frontwatch demo",
        places=False,
    )
    _add_theme(parser)
    kept = "keep its store there (else it is dropped)"
    parser.add_argument("--data", type=cli_words.path, metavar="DIR", default=argparse.SUPPRESS, help=kept)


def _add_collect(commands: Commands) -> None:
    parser = _add(
        commands,
        "collect",
        run.collect,
        "Poll the feeds without a screen, until it is stopped",
        "frontwatch collect --once --json",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="poll every feed once and say what came of it")
    wait = "while another collector is at work, wait until it is gone (else: exit 3)"
    how.add_argument("--wait", action="store_true", help=wait)
    offline = "poll nothing, and say so on every screen of this store"
    parser.add_argument("--offline", action="store_true", default=argparse.SUPPRESS, help=offline)
    parser.add_argument("--json", action="store_true", help="with --once: the summary as one JSON object")
    parser.add_argument("--parent", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--clock", type=cli_words.clock_words, help=argparse.SUPPRESS)


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
    parser.add_argument("headline", metavar="HEADLINE", help="the text to tag")
    parser.add_argument("--summary", default="", help="the text below the headline")


def _add_evaluate(commands: Commands) -> None:
    parser = _add(
        commands,
        "evaluate",
        run.evaluate,
        "Measure the tagger on labelled JSON lines: precision, recall, F1 a front and language",
        "frontwatch evaluate labelled.jsonl --errors",
    )
    parser.add_argument("files", type=cli_words.path, nargs="+", metavar="FILE", help="labelled JSON lines")
    parser.add_argument("--errors", action="store_true", help="list what was missed, with the evidence")
    parser.add_argument("--baseline", action="store_true", help="beside what plain keywords would reach")
    against = "what changed since an earlier run, of which this file holds the --json"
    parser.add_argument("--against", type=cli_words.path, metavar="RUN", help=against)
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")


def _add_suggest(commands: Commands) -> None:
    parser = _add(
        commands,
        "suggest",
        run.suggest,
        "Propose terms that would mend what is tagged wrongly in labelled lines, with what they would break",
        "frontwatch suggest corrections.jsonl labelled.jsonl",
    )
    parser.add_argument("files", type=cli_words.path, nargs="+", metavar="FILE", help="labelled JSON lines")
    parser.add_argument(
        "--limit", type=cli_words.count, default=20, metavar="N", help="at most so many (usual: 20)"
    )
    parser.add_argument("--json", action="store_true", help="as a JSON list")


def _add_corrections(commands: Commands) -> None:
    _add(
        commands,
        "corrections",
        run.corrections,
        "Print what people corrected as labelled JSON lines, one a report, for evaluate and suggest",
        "frontwatch corrections > mine.jsonl; frontwatch evaluate mine.jsonl --errors",
    )


def _add_replay(commands: Commands) -> None:
    parser = _add(
        commands,
        "replay",
        run.replay,
        "Run a file of entries through tagging, merging and the board on the file's own clock",
        "frontwatch replay december.jsonl.gz --speed 3600",
    )
    parser.add_argument("file", type=cli_words.path, metavar="FILE", help="JSON lines, or .gz of them")
    speed = "seconds of the file in one second, or max (usual: 60)"
    parser.add_argument("--speed", type=cli_words.speed, default=60.0, metavar="N", help=speed)
    parser.add_argument("--headless", action="store_true", help="no screen: progress and a summary")
    _add_theme(parser)
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
    _add_since(parser, "24h")
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
    _add_since(parser, "7d")
    parser.add_argument("--json", action="store_true", help="as one JSON object, with every figure")


def _add_handover(commands: Commands) -> None:
    from tui import run_reports  # as above

    parser = _add(
        commands,
        "handover",
        run_reports.handover,
        "Print what the next shift must know, by front, as Markdown",
        "frontwatch handover --since 06:00 --out handover.md",
    )
    _add_since(parser, None, "else the last handover, else 8h")
    out = "write it there, for your eyes alone (else to standard output)"
    parser.add_argument("--out", type=cli_words.path, metavar="FILE", help=out)


def _add_export(commands: Commands) -> None:
    from tui import cli_feeds, run_reports  # as above

    parser = _add(
        commands,
        "export",
        run_reports.export,
        "Write the feeds as OPML, or the incidents as a situation report, a table, JSON lines or a map layer",
        "frontwatch export feeds.opml; frontwatch export --format geojson --since 7d --out incidents.geojson",
    )
    formats = "incidents as md, csv (a cell like a formula begins with '), json (as list --json) or geojson"
    parser.add_argument("--format", choices=("md", "csv", "json", "geojson"), help=formats)
    parser.add_argument("--front", help="only this front (its id)")
    _add_since(parser, None, "usual: 24h")
    out = "write it there, for your eyes alone (else to standard output)"
    parser.add_argument("--out", type=cli_words.path, metavar="FILE", help=out)
    cli_feeds.settle_export(parser)


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
    offline = "the config only: nothing leaves the machine"
    parser.add_argument("--offline", action="store_true", default=argparse.SUPPRESS, help=offline)


def _add_search(commands: Commands) -> None:
    from tui import run_reports  # as above

    words = "Search everything that was ever stored, in the language of / on the screen"
    example = "frontwatch search 'Hudaydah type:ship since:7d' --json"
    parser = _add(commands, "search", run_reports.search, words, example)
    parser.add_argument("query", metavar="QUERY", help="words, phrases and filters: docs/search.md")
    parser.add_argument(
        "--limit", type=cli_words.count, default=100, metavar="N", help="at most so many (usual: 100)"
    )
    parser.add_argument("--json", action="store_true", help="a JSON object a line, as list writes them")
