"""The collector: feeds -> tagging -> incidents -> store, in a process of its own."""

from tui.collector.lock import Taken
from tui.collector.once import Summary, collect_once
from tui.collector.process import TAKEN, main
from tui.collector.service import run

__all__ = ["TAKEN", "Summary", "Taken", "collect_once", "main", "run"]
