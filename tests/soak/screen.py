"""The dashboard, on a clock and with a census: ``python -m tests.soak.screen CONFIG DATA CLOCK FOLDER``.

As ``frontwatch demo``, but for the census. The collector that it starts has one, too.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.soak import census
from tui import spawn
from tui.show import show


def main(config: Path, data: Path, clock: str, folder: Path) -> int:
    """Until the person leaves."""
    census.start(folder, "app")
    collector = [*spawn.command("tests.soak.engine"), str(folder)]
    collector += ["--config", str(config), "--data", str(data), "collect", "--parent", "--clock", clock]
    return show(config, data, collector)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
