"""The watch of a month: its feeds.toml, its clock, and the dashboard in a terminal that is listened to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.faults.stage import Stage
from tests.soak.census import Asker
from tests.soak.person import AT_REST
from tests.soak.publishers import Publishers
from tests.terminal import Terminal
from tui.clock import Clock
from tui.demo import demo_config
from tui.model import Timestamp

KEEP: Final = 10
"""Days that reports of no incident are kept: so the store prunes for two thirds of the month."""
EVERY: Final = 20
"""Minutes between polls of a feed, by the month's clock, unless its own rhythm says otherwise."""
_FETCH: Final = """\
[fetch]
timeout = "3s"
silence = "1s"
fastest = "10m"
slowest = "30m"
allow_hosts = """


class MonthStage(Stage):
    """As that of the faults, with the month's clock, and a census of both processes."""

    def __init__(self, folder: Path, start: Timestamp, rate: float) -> None:
        super().__init__(folder, rate=rate)
        self.clock = Clock(start, rate=rate)
        self.counts = folder / "census"
        self.counts.mkdir()
        self.askers = {name: Asker(self.counts, name) for name in ("app", "collector")}

    def watch_month(self, publishers: Publishers, demo_port: int) -> int:
        """Write the config: the demo's fronts and outlets, and the month's sources. Returns their number."""
        text = demo_config(demo_port)
        head, _, rest = text.partition("[fetch]\n")
        _, _, rest = rest.partition("\n")
        hosts = json.dumps(["127.0.0.1", *publishers.hosts])
        text = head.replace('every = "5m"', f'every = "{EVERY}m"').replace(
            'keep = "90d"', f'keep = "{KEEP}d"'
        )
        text += f"{_FETCH}{hosts}\n{rest}"
        for number, url in enumerate(publishers.urls):
            text += f'[[feeds]]\nname = "Source {number}"\nurl = "{url}"\npublisher = "source-{number}"\n'
            text += 'language = "en"\nreliability = "B"\n'
        self.config.write_text(text, encoding="utf-8")
        return text.count("[[feeds]]")

    def dashboard(self) -> Terminal:
        """The dashboard, which starts its collector."""
        own: Sequence[str] = (
            "-m",
            "tests.soak.screen",
            str(self.config),
            str(self.data),
            self.clock_words,
            str(self.counts),
        )
        return self.screen(AT_REST, own=own)


class Output(threading.Thread):
    """Counts what a terminal's program writes."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        super().__init__(name="output", daemon=True)
        self.bytes = 0
        self._pipe = folder / "output"
        os.mkfifo(self._pipe)
        self.start()
        words = ["tmux", "-S", terminal.socket, "pipe-pane", f"exec cat > '{self._pipe}'"]
        subprocess.run(words, check=True)

    def run(self) -> None:
        """Until the terminal is closed."""
        with self._pipe.open("rb", buffering=0) as pipe:
            while piece := pipe.read(65_536):
                self.bytes += len(piece)


def prune(stage: Stage) -> None:
    """``frontwatch prune`` beside the running dashboard, as a person would from a shell."""
    words = [sys.executable, "-m", "tui", "--config", str(stage.config), "--data", str(stage.data), "prune"]
    subprocess.run(words, check=True, env=stage.environment, stdout=subprocess.DEVNULL)
