"""The collector with a census: ``python -m tests.soak.engine FOLDER WORDS...``, as ``frontwatch WORDS...``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak import census
from tui.cli import main

if __name__ == "__main__":
    census.start(Path(sys.argv[1]), "collector")
    sys.exit(main(sys.argv[2:]))
