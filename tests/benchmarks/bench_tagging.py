"""How many texts a second are folded, matched and tagged on one core, against a compiled alternation.

    uv run python -m tests.benchmarks.bench_tagging [TEXTS]

The texts are the project's own corpus in five languages, mixed one to nine with everyday headlines
that are about nothing watched, as a general feed mixes them. The reference is one ``re`` alternation
of the same folded spellings over the same folded texts, in the same run.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar

from tests.default_tagger import FRONTS
from tui.tagging.compiled import load_built_in
from tui.tagging.fold import fold
from tui.tagging.lexicon import load
from tui.tagging.match import Matcher
from tui.tagging.tagger import Tagger

T = TypeVar("T")

CORPUS = Path(__file__).parent.parent / "tagging_corpus.jsonl"
EVERYDAY = (
    "Council approves new cycle lanes along the river after two years of delay",
    "Review: a quiet novel about a lighthouse keeper and her three brothers",
    "Central bank leaves rates where they are and sees inflation falling by spring",
    "Striker signs four-year contract as club prepares for the new season",
    "Scientists find a way to grow wheat with half of the water it needed",
    "Heavy rain expected in the west on Sunday, with wind along the coast",
    "Train operator apologises for delays and promises more staff in summer",
    "Parents welcome plan for smaller classes in village schools",
    "Le conseil municipal vote la rénovation du vieux théâtre de la place",
)


def rate(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second of processor time, the best of three rounds."""
    best = 0.0
    for _ in range(3):
        begin = time.process_time()
        for text in texts:
            work(text)
        best = max(best, len(texts) / (time.process_time() - begin))
    return best


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds of processor time, the best of three, and what came of it."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        result = work()
        best = min(best, time.process_time() - begin)
    return best * 1000, result


def main(count: int) -> None:
    """Print the rates and their ratio to the reference."""
    with CORPUS.open(encoding="utf-8") as lines:
        language = {row["title"]: row["lang"] for row in map(json.loads, lines)}
    own = list(language)
    language |= dict.fromkeys(EVERYDAY[:-1], "en") | {EVERYDAY[-1]: "fr"}
    mixed: list[str] = []
    everyday, watched = cycle(EVERYDAY), cycle(own)
    while len(mixed) < count:
        mixed += [*islice(everyday, 9), next(watched)]
    load_built_in()  # so that it is kept
    read, lexicon = timed(load)
    kept, _ = timed(load_built_in)
    built, matcher = timed(lambda: Matcher(lexicon))
    tagger = Tagger(FRONTS)
    spellings = sorted(lexicon.spellings, key=len, reverse=True)
    reference = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, spellings)) + r")(?!\w)")
    few = mixed[: max(50, count // 100)]
    print(f"{len(spellings)} spellings; ms: read {read:.0f}, as kept {kept:.0f}, automaton {built:.0f}")
    slow = rate(lambda text: reference.findall(fold(text)), few)
    print(f"{'fold and compiled alternation':<34} {slow:>10,.0f} texts/s  (reference)")
    for name, work, texts in (
        ("fold", fold, mixed),
        ("fold and match", lambda text: matcher.find(text, language[text]), mixed),
        ("full tag, mixed feed", tagger.tag, mixed),
        ("full tag, watched headlines only", tagger.tag, own * max(1, count // (10 * len(own)))),
    ):
        fast = rate(work, texts)
        print(f"{name:<34} {fast:>10,.0f} texts/s  {fast / slow:>8.1f} x the reference")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
