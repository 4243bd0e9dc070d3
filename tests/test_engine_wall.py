"""The wall between engine and screen: the engine runs where no Textual and no Rich is."""

from __future__ import annotations

import subprocess
import sys

ENGINE = (
    "tui.model",
    "tui.clock",
    "tui.paths",
    "tui.config",
    "tui.feeds.fetch",
    "tui.feeds.health",
    "tui.feeds.parse",
    "tui.feeds.schedule",
    "tui.feeds.worker",
    "tui.tagging.tagger",
    "tui.tagging.stream",
    "tui.tagging.why",
    "tui.tagging.evaluate",
    "tui.incidents.merge",
    "tui.incidents.attention",
    "tui.store.desk",
    "tui.store.reader",
    "tui.store.seeker",
    "tui.store.writer",
    "tui.ingest",
    "tui.lookout",
    "tui.tally",
    "tui.collector",
    "tui.replay",
    "tui.listing",
    "tui.watchlog",
    "tui.handover",
    "tui.export",
    "tui.run_reports",
    "tui.check",
    "tui.follow",
    "tui.supervisor",
    "tui.session",
    "tui.memory",
    "tui.keymap",
    "tui.palette",
    "tui.init",
    "tui.demo",
    "tui.cli",
    "tui.run",
)


def test_the_whole_engine_imports_in_a_fresh_interpreter_without_textual_or_rich() -> None:
    code = (
        "import importlib, sys\n"
        # httpx imports its own command line, with Rich, where click is there: import-linter brings it here.
        "sys.modules['click'] = None\n"
        f"for name in {ENGINE!r}: importlib.import_module(name)\n"
        "screens = {name.partition('.')[0] for name in sys.modules} & {'textual', 'rich'}\n"
        "assert not screens, f'the engine imported {screens}'\n"
        "assert 'tui.app' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_screens_first_paint_needs_no_http_and_no_parser() -> None:
    code = (
        "import sys, tui.app\n"
        "late = {'httpx', 'feedparser', 'ahocorasick_rs', 'filelock'} & set(sys.modules)\n"
        "assert not late, f'imported before the first paint: {late}'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
