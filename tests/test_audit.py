"""The gate for known vulnerabilities says what it knows, and never passes for want of an answer."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

told: Callable[[list[dict[str, Any]]], int] = runpy.run_path(
    str(Path(__file__).parents[1] / ".ci" / "audit.py")
)["told"]
GOOD = {"name": "rich", "version": "15.0", "vulns": []}
BAD = {"name": "httpx", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.2"]}]}
UNKNOWN = {"name": "textual", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ([GOOD], 0, "1 of 1 packages looked up, 0 advisories"),
        ([GOOD, BAD], 1, "httpx 0.1: PYSEC-1, mended in 0.2"),
        ([BAD, UNKNOWN], 1, "httpx 0.1: PYSEC-1, mended in 0.2"),
        ([GOOD, UNKNOWN], 75, "no answer about: textual"),
        ([], 75, "no answer about: anything"),
    ],
)
def test_what_is_known_decides(
    answers: list[dict[str, Any]], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(answers) == code
    assert said in capsys.readouterr().out
