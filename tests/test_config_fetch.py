"""``[fetch]``: the bounds between which feeds are polled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.watchfloor import CONFIG
from tui import config
from tui.policy import FetchPolicy


def fetch(folder: Path, lines: str) -> FetchPolicy:
    path = folder / "feeds.toml"
    path.write_text(f"{CONFIG}\n[fetch]\n{lines}\n")
    return config.load(path).fetch


def test_the_bounds_and_whether_a_rhythm_moves_an_interval_can_be_set(tmp_path: Path) -> None:
    policy = fetch(tmp_path, 'fastest = "2m"\nslowest = "15m"\nadaptive = false')
    assert (policy.fastest, policy.slowest, policy.adaptive) == (120.0, 900.0, False)
    usual = fetch(tmp_path, "")
    assert (usual.fastest, usual.slowest, usual.adaptive) == (60.0, 6 * 3600.0, True)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('fastest = "30s"', "fastest"),
        ('slowest = "8d"', "slowest"),
        ('fastest = "1h"\nslowest = "5m"', "fastest is longer than slowest"),
        ('adaptive = "no"', "adaptive: is text, not true or false"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, lines: str, fault: str) -> None:
    with pytest.raises(config.ConfigError, match=fault):
        fetch(tmp_path, lines)
