"""``[alarms]`` of a feeds.toml: its usual values, its own, and every fault in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_config_posture import REST
from tui import config, paths
from tui.config import ConfigError
from tui.policy import AlarmOutput, AlarmPolicy, Priority, QuietHours


def alarms(tmp_path: Path, text: str) -> AlarmPolicy:
    path = tmp_path / "feeds.toml"
    path.write_text(f"{REST}[alarms]\n{text}\n", encoding="utf-8")
    return config.load(path).alarms


def test_what_the_built_in_file_shows_is_what_holds_where_a_file_says_nothing(tmp_path: Path) -> None:
    assert config.load(paths.builtin_config()).alarms == AlarmPolicy() == alarms(tmp_path, "")


def test_everything_can_be_set(tmp_path: Path) -> None:
    text = """
ring = "critical"
at_most = 3
quiet = "22:00-06:30"
zone = "Asia/Beirut"
[[alarms.to]]
name = "Phone"
env = "DUTY_PHONE"
priority = "high"
at_most = 2
quiet = "01:00-02:00"
[[alarms.to]]
name = "Room"
env = "ROOM"
"""
    assert alarms(tmp_path, text) == AlarmPolicy(
        Priority.CRITICAL,
        3,
        QuietHours(1320, 390, "Asia/Beirut"),
        (
            AlarmOutput("Phone", "DUTY_PHONE", Priority.HIGH, 2, QuietHours(60, 120)),
            AlarmOutput("Room", "ROOM"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('ring = "loud"', '[alarms] ring: "loud" is no priority'),
        ("at_most = 1", "[alarms] at_most: is out of bounds"),
        ('quiet = "22-06"', '[alarms] quiet: "22-06" is no part of a day'),
        ('quiet = "22:00-22:00"', "is no part of a day"),
        ('zone = "Beirut"', '"Beirut" is no time zone'),
        ("volume = 3", "[alarms] volume: is no key of this table"),
        ("to = 3", "[alarms] to: is no list"),
        ("to = [3]", "is a whole number, not a table"),
        ('[[alarms.to]]\nname = "Phone"', "env is missing"),
        ('[[alarms.to]]\nname = "P"\nenv = "P"\nurl = "x"', "url: is no key of this table"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        alarms(tmp_path, text)
    assert len(refused.value.faults) == 1
    assert told.replace(": ", " ").replace("  ", " ") in str(refused.value).replace(": ", " ")


def test_an_address_in_the_place_of_a_variables_name_is_never_quoted(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        alarms(tmp_path, '[[alarms.to]]\nname = "Phone"\nenv = "tgram://hidden-token/1"')
    assert "is no name of an environment variable" in str(refused.value)
    assert "hidden-token" not in str(refused.value)
