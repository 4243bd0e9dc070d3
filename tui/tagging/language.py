"""Which language a text is in, by its script, its letters and a few words that only one has.

A term is tried only in its own languages: Persian ``حمله`` (attack) is Arabic for "his
campaign". Names are shared within a script, words are not.
"""

from __future__ import annotations

import re
from typing import Final

LANGUAGES: Final = ("en", "fr", "ar", "fa", "he")
"""ISO 639-1 codes that the lexicons have spellings in."""

BIT: Final = {language: 1 << place for place, language in enumerate(LANGUAGES)}
"""Each language as one bit, so that a term's languages are tested in one step."""

_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_ARABIC_LETTERS: Final = re.compile(r"[\u0620-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")
_HEBREW_LETTERS: Final = re.compile(r"[\u0590-\u05ff]")
_PERSIAN_LETTERS: Final = re.compile("[پچژگ]")
_URDU_LETTERS: Final = re.compile("[ٹڈڑےں]")
_PERSIAN_WORDS: Final = re.compile(
    r"(?<!\w)(?:در|به|از|که|را|با|است|این|برای|شد|شده|کرد|بود|می|های|ها|آن|خود|یک|گفت|هم)(?!\w)"
)
_ARABIC_WORDS: Final = re.compile(
    r"(?<!\w)(?:في|من|على|إلى|الى|عن|أن|إن|التي|الذي|بعد|مع|هذا|هذه|قال|خلال|وال\w+|بال\w+|لل\w+)(?!\w)|ة(?!\w)"
)
_FRENCH_LETTERS: Final = re.compile("[àâçèéêëîïôùûœ]")
_FRENCH_WORDS: Final = frozenset(
    {"le", "la", "les", "des", "du", "une", "un", "et", "est", "en", "dans", "sur", "pour", "par", "au"}
    | {"aux", "d", "l", "qui", "que", "après", "selon", "contre"}
)
_ENGLISH_WORDS: Final = frozenset(
    {"the", "of", "and", "to", "in", "on", "for", "with", "after", "by", "as", "at", "from", "is"}
    | {"are", "says", "its", "his", "over", "near"}
)


def detect(text: str, declared: str = "") -> str:
    """ISO 639-1 code of the text's own language; ``declared`` is the feed's, for where the script tells less.

    Text in Arabic letters that is neither Arabic nor Persian (Urdu) gives ``ur``, of which no term is tried.
    """
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return _latin(text, declared)
    arabic, hebrew = len(_ARABIC_LETTERS.findall(text)), len(_HEBREW_LETTERS.findall(text))
    if (arabic + hebrew) * 8 < len(text):
        return _latin(text, declared)
    if hebrew > arabic:
        return "he"
    return _arabic_script(text, declared)


def _arabic_script(text: str, declared: str) -> str:
    if len(_URDU_LETTERS.findall(text)) >= 2:
        return "ur"
    persian = len(_PERSIAN_LETTERS.findall(text)) + 2 * len(_PERSIAN_WORDS.findall(text))
    arabic = 2 * len(_ARABIC_WORDS.findall(text)) + (3 if declared == "ar" else 0)
    return "fa" if persian + (3 if declared == "fa" else 0) > arabic else "ar"


def _latin(text: str, declared: str) -> str:
    if declared in {"en", "fr"}:
        return declared
    lowered = text.lower()
    words = lowered.replace("’", " ").replace("'", " ").split()
    french = sum(map(_FRENCH_WORDS.__contains__, words)) + len(_FRENCH_LETTERS.findall(lowered))
    return "fr" if french > sum(map(_ENGLISH_WORDS.__contains__, words)) else "en"


def word_languages(language: str) -> int:
    """Bits of the languages whose words are tried in a text of ``language``.

    English words are tried in every script but never in French text: names of ships, units and
    weapons stand in Latin letters everywhere.
    """
    return BIT.get(language, 0) | (0 if language in {"fr", "ur"} else BIT["en"])


def name_languages(language: str) -> int:
    """Bits of the languages whose names (actors, places) are tried in a text of ``language``."""
    return BIT.get(language, 0) | (0 if language == "ur" else BIT["en"] | BIT["fr"])
