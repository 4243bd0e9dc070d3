"""Known vulnerabilities in what Frontwatch runs with: asks PyPI's advisories by pip-audit.

Exit 0: none is known. 1: some are, or the list of packages can't be made. 75: the advisories can't be reached
from here, and nothing is known of one package or more; which, and why, is said.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

NOT_ASKED: Final = 75
"""EX_TEMPFAIL of sysexits.h."""
LIST: Final = ("uv", "export", "--quiet", "--no-dev", "--all-extras", "--no-emit-project", "--no-hashes")
AUDIT: Final = (
    *("uvx", "--quiet", "pip-audit>=2.9,<3", "--no-deps", "--disable-pip", "--progress-spinner", "off"),
    *("--format", "json", "--requirement"),
)


def main() -> int:
    """Ask, and say what came of it; returns the exit code."""
    listed = subprocess.run(LIST, capture_output=True, text=True, check=False)
    if listed.returncode:
        print(listed.stderr.strip() or "uv export failed")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder) / "requirements.txt"
        packages.write_text(listed.stdout, encoding="utf-8")
        asked = subprocess.run(
            (*AUDIT, str(packages)),
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        answers: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):  # it prints no report where it could not ask
        print(f"the advisories can't be asked: {(asked.stderr.strip() or 'no answer').splitlines()[-1]}")
        return NOT_ASKED
    return told(answers)


def told(answers: list[dict[str, Any]]) -> int:
    """Say what is known of each package; returns the exit code."""
    bad = []
    for each in answers:
        for found in each.get("vulns", ()):
            mend = ", ".join(found["fix_versions"]) or "no version yet"
            bad.append(f"{each['name']} {each['version']}: {found['id']}, mended in {mend}")
    unknown = [each["name"] for each in answers if "vulns" not in each]
    known = len(answers) - len(unknown)
    print("\n".join([*bad, f"{known} of {len(answers)} packages looked up, {len(bad)} advisories"]))
    if bad:
        return 1
    if unknown or not answers:
        print(f"no answer about: {', '.join(unknown) or 'anything'}")
        return NOT_ASKED
    return 0


if __name__ == "__main__":
    sys.exit(main())
