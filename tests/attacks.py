"""Headlines of an attacker: what terminals, spreadsheets and browsers act on, among real words."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Final

REAL: Final = (
    *("Drone strike kills two in Khiam, southern Lebanon", "Missile hits tanker off Mocha, Yemen"),
    *("Rockets fired at Ain al-Asad base in Iraq", "Frappe de drone à Naqoura : deux morts"),
    *("غارة إسرائيلية على الناقورة", "مقتل اثنين في قصف على الخيام", "הותקף רכב בדרום לבנון"),
    *("שלושה הרוגים",),
    *(
        "حمله پهپادی به پایگاه عین‌الاسد",
        "موشک به نفتکش اصابت کرد",
        "Удар по Идлибу",
        "无人机袭击",
        "हवाई हमला",
    ),
)
"""In the scripts of the five languages, and three others."""

ACTING: Final = (
    *(
        "\x1b[2J",
        "\x1b[7;7777H",
        "\x1b[31;5m",
        "\x1b[?1049l",
        "\x1b[6n",
        "\x1b[>c",
        "\x1bc",
        "\x1b#8",
        "\x1b(0",
    ),
    *(
        "\x1b]0;owned\x07",
        "\x1b]2;owned\x1b\\",
        "\x1b]52;c;b3duZWQ=\x07",
        "\x1b]8;;https://evil.example\x1b\\",
    ),
    *(
        "\x1bP1$r0m\x1b\\",
        "\x1bPq#0\x1b\\",
        "\x1b_Gf=100;AAAA\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        "\x1b]",
        "\x1b",
    ),
    *(
        "\x9b2J",
        "\x9b31m",
        "\x9d0;owned\x9c",
        "\x90q\x9c",
        "\x9fapp\x9c",
        "\x98s\x9c",
        "\x85",
        "\x84",
        "\x8d",
        "\x9b",
    ),
    *(
        "\x00",
        "\x07",
        "\x08" * 40,
        "\x0b",
        "\x0c",
        "\x0e",
        "\x0f",
        "\r",
        "\n",
        "\t",
        "\x18",
        "\x1a",
        "\x7f",
        "\x05",
    ),
    *(
        "\u202e",
        "\u202d",
        "\u202b",
        "\u202a",
        "\u202c",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\u200e",
        "\u200f",
    ),
    *(
        "\u061c",
        "\u2028",
        "\u2029",
        "\u200b",
        "\u200d",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\ufe0f",
        "\ufe0e",
        "\u034f",
    ),
    *("\u3164", "\uffa0", "\u115f", "\u180e", "\ufff9", "\ufffb", "\uffff", "\ufdd0", "\ue000"),
    *("\U000f0000",),
    *("\U000e0001\U000e0041\U000e007f", "\ud800", "\udfff", "\ud83d", "👩‍🚀", "👍🏽", "⚠️", "🇱🇧", "䷀"),
    *("㉈",),
    *("Z" + "\u0316\u0301\u0489\u20dd" * 200, "\u0301" * 100, "कः" + "ः" * 100, "ᄒᆞᆫ" * 9, "﷽"),
    *("漢" * 50,),
    *(
        "&#27;[2J",
        "&#x9b;31m",
        "&amp;#27;]0;x&#7;",
        "&amp;amp;#x1b;c",
        "&#8238;",
        "&#0;",
        "&#xd800;",
        "&ZeroWidthSpace;",
    ),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b>",
        "</p>",
        "<!--",
        "]]>",
        "<![CDATA[",
        "<svg/onload=x>",
    ),
    *(
        "[click](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        "<https://evil.example>",
        "```",
        "# ",
        "- ",
        "| --- |",
    ),
    *(
        "~~x~~",
        "$x$",
        "\\",
        "1. ",
        "> ",
        "[ref]: https://evil.example",
        "https://evil.example/",
        "www.evil.example",
    ),
    *(
        "=cmd|' /C calc'!A0",
        ';=HYPERLINK("https://evil.example")',
        "＝1+1",
        "@SUM(A1)",
        "+1",
        "-1",
        '";=1',
        "\t=1",
        ",=1",
    ),
    *(
        "[bold red]",
        "[@click=app.quit]x[/]",
        "[link=file:///etc/passwd]",
        "$(reboot)",
        "`id`",
        "; rm -rf ~",
        "%s%n",
        "{0}",
    ),
    *(
        "'; DROP TABLE report; --",
        '"',
        "'",
        "../../etc/passwd",
        "\\x1b[31m",
        "\\u001b[2J",
        "^[[2J",
        "@everyone",
        "NEAR(",
    ),
)

LINKS: Final = (
    *(
        "javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https://user:pass@evil.example/",
    ),
    *(
        "https://evil.example/\x1b[2J",
        'https://evil.example/" onclick="x',
        "https://evil.example/a b|c)(d",
        "//evil.example",
    ),
    *(
        "https://аррӏе.com/",
        "https://evil.example/%1b%5b2J",
        "http://[::1",
        "HTTPS://EVIL.EXAMPLE/",
        "https://e.example/" + "a" * 3000,
    ),
)


def headlines(count: int, seed: int) -> Iterator[str]:
    """So many, the same for a seed every time; each holds real words and some that act."""
    chance = Random(seed)
    for _ in range(count):
        pieces = [chance.choice(REAL), *chance.choices(ACTING, k=chance.randint(1, 5))]
        if not chance.randrange(4):
            pieces.append(
                "".join(chr(chance.randrange(sys.maxunicode + 1)) for _ in range(chance.randint(1, 12)))
            )
        chance.shuffle(pieces)
        yield chance.choice(("", " ", " ", "\n")).join(pieces)


_HARMLESS_OTHER: Final = "\u200c"


def acting(text: str, *, line_ends: str = "\n") -> list[str]:
    """What stands in ``text`` that a terminal acts on, that can't be seen, or that stacks up on one letter.

    ``line_ends`` are the format's own. ZWNJ is spelling in Persian.
    """
    letters = set(text)
    found = [
        ascii(char)
        for char in letters - set(line_ends + _HARMLESS_OTHER)
        if unicodedata.category(char)[0] == "C"
        or (unicodedata.category(char)[0] == "Z" and char != " ")
        or char in "\ufe0e\ufe0f\u034f\u3164\uffa0\u115f\u1160"
    ]
    marks = "".join(sorted(char for char in letters if unicodedata.category(char)[0] == "M"))
    stack = re.search(f"[{marks}]{{6}}", text) if marks else None
    return found + ([f"stack {stack[0]!a}"] if stack else [])
