"""What each command does. Every room is imported by the command that needs it, when it runs."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths, spawn

if TYPE_CHECKING:
    from tui.policy import AlarmPolicy

DONE: Final = 0
FAULT: Final = 1
USAGE: Final = 2
"""Exit codes: done, a fault in what was asked, and wrong usage, which argparse mostly finds."""
_SWEEP_AFTER: Final = 50_000
"""New objects between looks for garbage in a process that soon ends: there is hardly any."""


def dashboard(arguments: argparse.Namespace) -> int:
    """The dashboard, with its collector."""
    from tui.config import find
    from tui.show import show
    from tui.supervisor import collector_command

    config, data = find(arguments.config), arguments.data or paths.data_dir()
    collector = collector_command(config, data, ("--offline",) if arguments.offline else ())
    return show(config, data, collector, wall=arguments.wall, theme=arguments.theme)


def init(arguments: argparse.Namespace) -> int:
    """A config to start from."""
    from tui import init
    from tui.config import find

    target = arguments.file or paths.config_file()
    try:
        written = init.write(target, init.example(arguments.source), force=arguments.force)
    except (init.Refusal, OSError) as fault:
        return refuse(fault)
    print("\n".join(init.told(target, written, find())))
    return DONE


def keys(arguments: argparse.Namespace) -> int:
    """The table of keys."""
    from tui.config import find, load
    from tui.keymap import Keymap, table

    print(table(Keymap(dict(load(find(arguments.config)).screen.keys)), markdown=arguments.md))
    return DONE


def demo(arguments: argparse.Namespace) -> int:
    """The dashboard on the built-in demo server."""
    import tempfile

    from tui.clock import Clock
    from tui.demo import DEMO_RATE, DemoProcess, demo_config
    from tui.show import show
    from tui.supervisor import collector_command

    clock = Clock(rate=DEMO_RATE)
    with tempfile.TemporaryDirectory(prefix="frontwatch-demo-") as folder, DemoProcess(clock) as server:
        config = Path(folder) / paths.CONFIG_NAME
        config.write_text(demo_config(server.port), encoding="utf-8")
        data = arguments.data or Path(folder)
        clock_words = f"{clock.origin!r}:{clock.anchor!r}:{clock.rate!r}"
        command = collector_command(config, data, ("--clock", clock_words))
        label = f"DEMO ×{DEMO_RATE:g}"
        return show(config, data, command, label=label, wall=arguments.wall, theme=arguments.theme)


def collect(arguments: argparse.Namespace) -> int:
    """The collector alone."""
    import asyncio
    import gc
    import json

    from tui import collector
    from tui.clock import Clock
    from tui.config import find, load

    gc.freeze()  # of what was imported nothing ever goes
    gc.enable()
    config, data = find(arguments.config), arguments.data or paths.data_dir()
    clock = arguments.clock or Clock()
    if not arguments.once:
        asked = {"parent": arguments.parent, "wait": arguments.wait, "offline": arguments.offline}
        return collector.main(config, data, clock, **asked)
    if arguments.offline:
        print("frontwatch: --once polls every feed, --offline none: leave one of them out", file=sys.stderr)
        return USAGE
    gc.set_threshold(_SWEEP_AFTER)
    progress = None if arguments.json else _progress
    try:
        summary = asyncio.run(collector.collect_once(load(config), data, clock, progress)).as_dict()
    except collector.Taken as taken:
        refuse(taken)
        return collector.TAKEN
    if arguments.json:
        print(json.dumps(summary))
    else:
        print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in summary.items()))
    gc.freeze()  # the end of the process sweeps what is not set aside: 10 ms
    return DONE


def tag(arguments: argparse.Namespace) -> int:
    """JSON lines in, tagged JSON lines out."""
    from tui.config import find, load
    from tui.tagging.stream import tag_stream
    from tui.tagging.tagger import Tagger

    watch = load(find(arguments.config))
    if isinstance(sys.stdin, io.TextIOWrapper):  # a byte that is no UTF-8 spoils a line, not the stream
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return tag_stream(sys.stdin, sys.stdout, sys.stderr, Tagger(watch.fronts, watch.tripwires), watch)


def why(arguments: argparse.Namespace) -> int:
    """The tags of one headline, explained."""
    from tui.config import find, load
    from tui.feeds.safe_text import safe_text
    from tui.tagging.tagger import Tagger
    from tui.tagging.why import explain

    title, summary = safe_text(arguments.headline, 1000), safe_text(arguments.summary, 4000)
    watch = load(find(arguments.config))
    tags = Tagger(watch.fronts, watch.tripwires).tag(title, summary)
    print(explain(title, summary, tags))
    return DONE


def evaluate(arguments: argparse.Namespace) -> int:
    """Measures the tagger on labelled lines."""
    import json

    from tui.config import find, load
    from tui.tagging import compare, evaluate
    from tui.tagging.baseline import Keywords
    from tui.tagging.tagger import Tagger

    watch = load(find(arguments.config))
    try:
        earlier = None if arguments.against is None else compare.read_run(arguments.against)
        result = evaluate.evaluate(arguments.files, Tagger(watch.fronts, watch.tripwires))
        beside = evaluate.evaluate(arguments.files, Keywords(watch.fronts)) if arguments.baseline else None
    except (OSError, ValueError) as fault:
        return refuse(fault)
    data = evaluate.to_json(result)
    if beside is not None:
        data["baseline"] = evaluate.to_json(beside) | {"misses": []}
    if earlier is not None:
        data["changes"] = compare.compare(earlier, data)
    if arguments.json:
        print(json.dumps(data, ensure_ascii=False))
        return DONE
    print(evaluate.render(result, errors=arguments.errors, baseline=beside))
    if earlier is not None:
        print(compare.render_changes(data["changes"]))
    return DONE


def suggest(arguments: argparse.Namespace) -> int:
    """Terms that would mend what is tagged wrongly in labelled lines."""
    import json

    from tui.config import find, load
    from tui.tagging import suggest

    watch = load(find(arguments.config))
    try:
        found = suggest.suggest(arguments.files, watch.fronts, limit=arguments.limit)
    except (OSError, ValueError) as fault:
        return refuse(fault)
    print(json.dumps(suggest.to_json(found), ensure_ascii=False) if arguments.json else suggest.render(found))
    return DONE


def refuse(fault: Exception) -> int:
    """Say what is wrong with a file that was named."""
    words = f"{fault.filename}: {fault.strerror}" if isinstance(fault, OSError) else str(fault)
    print(f"frontwatch: {words}", file=sys.stderr)
    return FAULT


def replay(arguments: argparse.Namespace) -> int:
    """A file of entries, on its own clock."""
    import tempfile

    from tui import replay
    from tui.config import find, load
    from tui.show import show

    config = find(arguments.config)
    with tempfile.TemporaryDirectory(prefix="frontwatch-replay-") as folder:
        # Without a screen it is kept where `list` looks; with one it is only shown.
        data = arguments.data or (paths.data_dir() if arguments.headless else Path(folder))
        if arguments.data is None and _is_live(data):
            words = f"{data} holds a live watch: name another folder for the replay with --data"
            print(f"frontwatch: {words}", file=sys.stderr)
            return FAULT
        if arguments.headless:
            return replay.main(arguments.file, load(config), data, arguments.speed, parent=arguments.parent)
        if not arguments.file.is_file():
            print(f"frontwatch: {arguments.file}: no such file", file=sys.stderr)
            return FAULT
        command = [*spawn.command("tui"), "--config", str(config), "--data", str(data)]
        speed = "max" if arguments.speed is None else repr(arguments.speed)
        command += ["replay", str(arguments.file.absolute()), "--speed", speed, "--headless", "--parent"]
        label = "REPLAY" if arguments.speed is None else f"REPLAY ×{arguments.speed:g}"
        return show(config, data, command, label=label, polls=False, theme=arguments.theme)


def _is_live(data: Path) -> bool:
    """Whether feeds have been polled into the store there."""
    from contextlib import closing

    from tui.store.reader import Reader

    if not (data / paths.STORE_NAME).exists():
        return False
    with closing(Reader(data / paths.STORE_NAME)) as reader:
        return bool(reader.feeds())


def list_(arguments: argparse.Namespace) -> int:
    """Incidents in the store."""
    from contextlib import closing

    from tui.listing import list_incidents
    from tui.store.reader import Reader
    from tui.usage import must_be, since

    with closing(Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as reader:
        front = arguments.front
        if front is not None and reader.newest(front) is None:  # what is stored of an old front can be listed
            from tui.config import find, load

            must_be(front, [each.id for each in load(find(arguments.config)).fronts], "front")
        return list_incidents(
            reader,
            front=front,
            since=since(arguments.since, reader.clock().now()),
            kind=arguments.kind,
            severity=arguments.severity,
            as_json=arguments.json,
            out=sys.stdout,
        )


def corrections(arguments: argparse.Namespace) -> int:
    """What people corrected, as labelled lines."""
    from contextlib import closing

    from tui.labelled import write_labelled
    from tui.store.reader import Reader

    with closing(Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as reader:
        write_labelled(reader, sys.stdout)
    return DONE


def tally(arguments: argparse.Namespace) -> int:
    """Attacks since a date, ours and the official count."""
    from contextlib import closing

    from tui.config import find, load
    from tui.store.reader import Reader
    from tui.tally import tally
    from tui.usage import since

    watch = load(find(arguments.config))
    with closing(Reader((arguments.data or paths.data_dir()) / paths.STORE_NAME)) as reader:
        return tally(
            reader,
            watch,
            front=arguments.front,
            against=arguments.against,
            by=arguments.by,
            type=arguments.type,
            since=since(arguments.since, reader.clock().now()),
            as_json=arguments.json,
            out=sys.stdout,
        )


def alarm(arguments: argparse.Namespace) -> int:
    """Who is told of alarms, and whether that works."""
    from tui.alerts.send import fault_of, send
    from tui.config import find, load

    policy = load(find(arguments.config)).alarms
    print(f"bell   every screen, from priority {policy.ring} on")
    if arguments.test and sys.stdout.isatty():
        print("\a", end="")
    if not policy.to:
        print("no other output: see [[alarms.to]] in docs/alarms.md")
    faults = 0
    for output in policy.to:
        words = "TEST: Frontwatch sends its alarms here. Nothing has happened."
        fault = send(output, words) if arguments.test else fault_of(output)
        faults += bool(fault)
        good = "sent" if arguments.test else f"from priority {output.priority} on"
        print(f"FAULT  {output.name}  {fault}" if fault else f"good   {output.name}  {good}")
    return FAULT if faults else DONE


def check(arguments: argparse.Namespace) -> int:
    """The config, then every feed."""
    from tui.config import find, load
    from tui.exposure import exposed
    from tui.palette import complaints

    config = find(arguments.config)
    watch = load(config)
    if watch.tripwires or watch.suppressions:
        from tui.incidents.suppress import unknown_in
        from tui.tagging.tagger import Tagger
        from tui.tagging.tripwires import unknown_sides

        sides = Tagger(watch.fronts).sides
        unknown = [*unknown_sides(watch.tripwires, sides), *unknown_in(watch.suppressions, sides)]
        if unknown:
            print("\n".join(f"{config}: {words}" for words in unknown), file=sys.stderr)
            return FAULT
    print(f"{config}: good: {len(watch.fronts)} fronts, {len(watch.feeds)} feeds")
    for words in complaints(watch.screen.themes):  # told, and no fault: it is their own screen
        print(f"{config}: {words}", file=sys.stderr)
    data = arguments.data or paths.data_dir()
    for words in exposed(config, [feed.url for feed in watch.feeds], data):
        print(words, file=sys.stderr)
    silent = _silent_outputs(watch.alarms)
    for words in silent:
        print(f"{config}: {words}", file=sys.stderr)
    if arguments.offline:
        return FAULT if silent else DONE
    import asyncio

    from tui.check import probe

    faults = asyncio.run(probe(watch, print, _bar if sys.stderr.isatty() else _count))
    return FAULT if faults or silent else DONE


def _silent_outputs(policy: AlarmPolicy) -> list[str]:
    """The outputs of alarms that can't be told of any, and why."""
    if not policy.to:
        return []
    from tui.alerts.send import fault_of

    faults = ((output.name, fault_of(output)) for output in policy.to)
    return [f'[[alarms.to]] "{name}": {fault}' for name, fault in faults if fault]


def _bar(done: int, total: int, name: str) -> None:
    """How far it is, on one line of the terminal that is drawn over, and gone when all is done."""
    from tui.check import bar

    words = bar(done, total, name) if done < total else ""
    print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def _count(done: int, total: int, name: str) -> None:
    _progress(f"{done}/{total} {name}")


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
