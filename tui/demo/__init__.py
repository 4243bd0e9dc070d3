"""A region that the project made up, served as feeds over real HTTP on loopback.

Outlets, events and texts are invented; only places and armed actors are real. The texts are data
(``outlets.toml`` and ``stories/``), labelled after the tagging guide, so that they are also a corpus.
Imports nothing of the engine but the clock: the collector that polls it cannot tell.
"""

from tui.demo.process import DemoProcess
from tui.demo.server import DemoServer
from tui.demo.watch import DEMO_RATE, demo_config
from tui.demo.world import labelled

__all__ = ["DEMO_RATE", "DemoProcess", "DemoServer", "demo_config", "labelled"]
