"""The dashboard on a clock that is given: ``python -m tests.faults.screen CONFIG DATA CLOCK``."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.show import show
from tui.supervisor import collector_command


def main(config: Path, data: Path, clock: str) -> int:
    """Until the person leaves."""
    return show(config, data, collector_command(config, data, ("--clock", clock)))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
