"""How a process of ours is started: with nothing on its path of the folder that it starts in.

``python -m`` looks for modules in the current folder first, and that is anybody's: where an archive with a
``json.py`` in it has been unpacked, to start a collector would be to run it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command(module: str) -> list[str]:
    """The words that a command line begins with which runs ``module``; start it with :func:`environment`."""
    return [sys.executable, "-P", "-m", module]


def environment() -> dict[str, str]:
    """That of this process, with the folder of our package on the path: a checkout need not be installed."""
    home = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
