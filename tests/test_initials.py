"""Initials: what is one, and what is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.initials import guess, initials_of


@pytest.mark.parametrize(
    ("typed", "signed"),
    [
        ("jd", "JD"),
        (" jd ", "JD"),
        ("Abcd", "ABCD"),
        ("كم", "كم"),
        ("j", ""),
        ("abcde", ""),
        ("j1", ""),
        ("", ""),
    ],
)
def test_initials_are_two_to_four_letters_of_any_script(typed: str, signed: str) -> None:
    assert initials_of(typed) == signed


@pytest.mark.parametrize(
    ("login", "offered"),
    [
        ("jane.smith", "JS"),
        ("root", "RO"),
        ("j_van_der_berg", "JVDB"),
        ("a.b.c.d.e", "ABCD"),
        ("x", ""),
        ("1234", ""),
        ("", ""),
    ],
)
def test_what_is_offered_is_of_the_login_name(login: str, offered: str) -> None:
    assert guess(login) == offered


@given(st.text(max_size=20))
def test_what_is_offered_can_always_be_signed_with(login: str) -> None:
    assert guess(login) in ("", initials_of(guess(login)))
