"""The joined forms of Arabic letters are those that another implementation gives."""

import sys
import unicodedata
from subprocess import run

import pytest
from arabic_reshaper import ArabicReshaper

from tui.widgets.joining import joined

REFERENCE = ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})
LETTERS = [
    chr(code)
    for code in (
        *range(0x620, 0x64B),
        *range(0x66E, 0x6D4),
        0x6D5,
        *range(0x6FA, 0x700),
        *range(0x750, 0x780),
    )
    if unicodedata.category(chr(code)) == "Lo"
]


@pytest.mark.parametrize("letter", LETTERS, ids=ascii)
def test_a_letter_has_the_right_form_wherever_it_stands(letter: str) -> None:
    for row in ("{}", "ب{}", "{}ب", "ب{}ب", "{}ا", "ل{}", "ل{}ب", "بل{}", "{}لا", "د{}", "{}ـ", "ـ{}"):
        letters = row.format(letter)
        assert joined(letters) == REFERENCE.reshape(letters), ascii(letters)


def test_lam_and_alef_become_one_character_and_join_what_stands_before() -> None:
    assert joined("سلام") == "\ufeb3\ufefc\ufee1"
    assert joined("لا") == "\ufefb"


def test_arabic_persian_and_urdu_headlines_are_joined_as_the_other_joins_them() -> None:
    headlines = (
        "غارة بطائرة مسيرة على سيارة عند مدخل البلدة",
        "حمله موشکی به پایگاه آمریکا در عین‌الاسد",
        "بحیرہ احمر میں ٹینکر پر میزائل حملہ",
    )
    words = [word for line in headlines for word in line.replace("\u200c", " ").split()]
    assert [joined(word) for word in words] == [REFERENCE.reshape(word) for word in words]


def test_the_tables_are_made_with_the_first_arabic_line() -> None:
    code = (
        "import sys; from tui.widgets import rtl; rtl.visual('Naqoura', (), 'visual');"
        "print('bidi' in sys.modules, 'tui.widgets.joining' in sys.modules)"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
