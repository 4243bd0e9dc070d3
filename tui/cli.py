"""The commands. Each imports its own room only when it runs, so that help and data come at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths

DONE: Final = 0
FAULT: Final = 1
USAGE: Final = 2

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
    parser.add_argument("--version", action="version", version=f"frontwatch {_version()}")
    _add_places(parser, suppress=False)
    parser.add_argument("--wall", action="store_true", help="wall mode: read-only, three lines an incident")
    parser.set_defaults(handler=_dashboard)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (_add_demo, _add_collect, _add_tag, _add_why, _add_evaluate, _add_replay, _add_list):
        add(commands)
    _add_check(commands)
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
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=default,
        help=f"the watch (else ./{paths.CONFIG_NAME}, else {paths.config_file()}, else the built-in one)",
    )
    where = f"folder of the store (else {paths.data_dir()})"
    parser.add_argument("--data", type=Path, metavar="DIR", default=default, help=where)


def _add_demo(commands: Commands) -> None:
    parser = _add(
        commands,
        "demo",
        _demo,
        "The dashboard on made-up feeds served from this machine: works without a network",
        "frontwatch demo",
        places=False,
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep its store there (else it is dropped)")


def _add_collect(commands: Commands) -> None:
    parser = _add(
        commands,
        "collect",
        _collect,
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
        _tag,
        "Tag JSON lines from standard input: front, kind, type, by, killed, severity, places, evidence",
        """echo '{"title": "Drone strike near Naqoura"}' | frontwatch tag""",
    )


def _add_why(commands: Commands) -> None:
    parser = _add(
        commands,
        "why",
        _why,
        "Explain the tags of a headline: what matched, what it weighed, what vetoed it",
        'frontwatch why "Rockets fired at base hosting US troops in Iraq"',
    )
    parser.add_argument("headline", metavar="HEADLINE")
    parser.add_argument("--summary", default="", help="the text below the headline")


def _add_evaluate(commands: Commands) -> None:
    parser = _add(
        commands,
        "evaluate",
        _evaluate,
        "Measure the tagger on labelled JSON lines: precision, recall, F1 a front and language",
        "frontwatch evaluate labelled.jsonl --errors",
    )
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--errors", action="store_true", help="list what was missed, with the evidence")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object")


def _add_replay(commands: Commands) -> None:
    parser = _add(
        commands,
        "replay",
        _replay,
        "Run a file of entries through tagging, merging and the board on the file's own clock",
        "frontwatch replay december.jsonl.gz --speed 3600",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines, or .gz of them")
    speed = "seconds of the file in one second, or max (usual: 60)"
    parser.add_argument("--speed", type=_speed, default=60.0, metavar="N", help=speed)
    parser.add_argument("--headless", action="store_true", help="no screen: progress and a summary")


def _add_list(commands: Commands) -> None:
    parser = _add(
        commands,
        "list",
        _list,
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


def _add_check(commands: Commands) -> None:
    parser = _add(
        commands,
        "check",
        _check,
        "Check the config, then poll every feed once and say what is wrong and how to mend it",
        "frontwatch check --offline",
    )
    parser.add_argument("--offline", action="store_true", help="the config only: nothing leaves the machine")


# What each command does


def _dashboard(arguments: argparse.Namespace) -> int:
    from tui.config import find
    from tui.supervisor import collector_command

    config, data = find(arguments.config), arguments.data or paths.data_dir()
    return _show(config, data, collector_command(config, data), wall=arguments.wall)


def _show(
    config: Path,
    data: Path,
    collector: Sequence[str],
    *,
    label: str = "",
    wall: bool = False,
    polls: bool = True,
) -> int:
    """The app on a store, until the person leaves."""
    from tui.session import Session

    session = Session(config, data, collector=collector, label=label, wall=wall, polls=polls)
    if not sys.stdout.isatty():
        session.close()
        print("frontwatch: the dashboard needs a terminal; see `frontwatch list` for output", file=sys.stderr)
        return FAULT
    from tui.app import FrontwatchApp

    app = FrontwatchApp(session)
    try:
        app.run()
    finally:
        session.close()
    return app.return_code or DONE


def _demo(arguments: argparse.Namespace) -> int:
    import tempfile

    from tui.clock import Clock
    from tui.demo import DEMO_RATE, DemoProcess, demo_config
    from tui.supervisor import collector_command

    clock = Clock(rate=DEMO_RATE)
    with tempfile.TemporaryDirectory(prefix="frontwatch-demo-") as folder, DemoProcess(clock) as server:
        config = Path(folder) / paths.CONFIG_NAME
        config.write_text(demo_config(server.port), encoding="utf-8")
        data = arguments.data or Path(folder)
        clock_words = f"{clock.origin!r}:{clock.anchor!r}:{clock.rate!r}"
        command = collector_command(config, data, ("--clock", clock_words))
        return _show(config, data, command, label=f"DEMO ×{DEMO_RATE:g}")


def _collect(arguments: argparse.Namespace) -> int:
    import asyncio
    import json

    from tui import collector
    from tui.clock import Clock
    from tui.config import find, load

    config, data = find(arguments.config), arguments.data or paths.data_dir()
    clock = arguments.clock or Clock()
    if not arguments.once:
        return collector.main(config, data, clock, parent=arguments.parent)
    progress = None if arguments.json else _progress
    summary = asyncio.run(collector.collect_once(load(config), data, clock, progress)).as_dict()
    if arguments.json:
        print(json.dumps(summary))
    else:
        print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in summary.items()))
    return DONE


def _tag(arguments: argparse.Namespace) -> int:
    from tui.config import find, load
    from tui.tagging.stream import tag_stream
    from tui.tagging.tagger import Tagger

    watch = load(find(arguments.config))
    return tag_stream(sys.stdin, sys.stdout, sys.stderr, Tagger(watch.fronts), watch)


def _why(arguments: argparse.Namespace) -> int:
    from tui.config import find, load
    from tui.feeds.safe_text import safe_text
    from tui.tagging.tagger import Tagger
    from tui.tagging.why import explain

    title, summary = safe_text(arguments.headline, 1000), safe_text(arguments.summary, 4000)
    tags = Tagger(load(find(arguments.config)).fronts).tag(title, summary)
    print(explain(title, summary, tags))
    return DONE


def _evaluate(arguments: argparse.Namespace) -> int:
    from tui.config import find, load
    from tui.tagging import evaluate
    from tui.tagging.tagger import Tagger

    result = evaluate.evaluate(arguments.files, Tagger(load(find(arguments.config)).fronts))
    print(evaluate.to_json(result) if arguments.json else evaluate.render(result, errors=arguments.errors))
    return DONE


def _replay(arguments: argparse.Namespace) -> int:
    import tempfile

    from tui import replay
    from tui.config import find, load

    config = find(arguments.config)
    with tempfile.TemporaryDirectory(prefix="frontwatch-replay-") as folder:
        # Without a screen it is kept where `list` looks; with one it is only shown.
        data = arguments.data or (paths.data_dir() if arguments.headless else Path(folder))
        if arguments.headless:
            return replay.main(arguments.file, load(config), data, arguments.speed)
        if not arguments.file.is_file():
            print(f"frontwatch: {arguments.file}: no such file", file=sys.stderr)
            return FAULT
        command = [sys.executable, "-m", "tui", "--config", str(config), "--data", str(data)]
        speed = "max" if arguments.speed is None else repr(arguments.speed)
        command += ["replay", str(arguments.file.absolute()), "--speed", speed, "--headless"]
        label = "REPLAY" if arguments.speed is None else f"REPLAY ×{arguments.speed:g}"
        return _show(config, data, command, label=label, polls=False)


def _list(arguments: argparse.Namespace) -> int:
    from tui.listing import list_incidents
    from tui.store.reader import Reader

    reader = Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)
    return list_incidents(
        reader,
        front=arguments.front,
        since=arguments.since,
        kind=arguments.kind,
        severity=arguments.severity,
        as_json=arguments.json,
        out=sys.stdout,
    )


def _check(arguments: argparse.Namespace) -> int:
    from tui.config import find, load

    config = find(arguments.config)
    watch = load(config)
    print(f"{config}: good: {len(watch.fronts)} fronts, {len(watch.feeds)} feeds")
    if arguments.offline:
        return DONE
    import asyncio

    from tui.check import probe

    faults = asyncio.run(probe(watch, print, _progress))
    return FAULT if faults else DONE


# Words of the command line


def _version() -> str:
    try:
        return version("frontwatch")
    except PackageNotFoundError:
        return "(not installed)"


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _clock_words(words: str) -> object:
    from tui.clock import Clock

    origin, anchor, rate = (float(part) for part in words.split(":"))
    return Clock(origin, anchor=anchor, rate=rate)


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
