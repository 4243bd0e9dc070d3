"""Initials: the two to four letters that a person signs with. Pure."""

from __future__ import annotations

from typing import Final

LEAST: Final = 2
MOST: Final = 4


def initials_of(typed: str) -> str:
    """``typed`` as it is signed; empty where it is not two to four letters of whatever script."""
    word = typed.strip().upper()
    return word if LEAST <= len(word) <= MOST and word.isalpha() else ""


def guess(login: str) -> str:
    """What to offer: ``JS`` of ``jane.smith``, ``RO`` of ``root``; empty where no letters are in it."""
    words = "".join(char if char.isalpha() else " " for char in login).split()
    if len(words) > 1:
        return initials_of("".join(word[0] for word in words[:MOST]))
    return initials_of(words[0][:LEAST]) if words else ""
