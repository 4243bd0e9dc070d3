"""``[alarms]`` of a feeds.toml: its usual values, its own, and every fault in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import NOON
from tests.test_config_posture import REST
from tui import cli, config, paths
from tui.config import ConfigError
from tui.model import Severity, Suppression
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


# [[alarms.suppress]]


def rules(tmp_path: Path, text: str) -> tuple[Suppression, ...]:
    path = tmp_path / "feeds.toml"
    path.write_text(f"{REST}[[alarms.suppress]]\n{text}\n", encoding="utf-8")
    return config.load(path).suppressions


def test_a_rule_may_have_every_condition(tmp_path: Path) -> None:
    text = """
name = "Patrols"
fronts = ["north"]
types = ["raid", "clash"]
by = ["israel"]
severity_at_most = "medium"
terms = ["exercise"]
publishers = ["post"]
hours = "22:00-06:00"
zone = "Asia/Beirut"
until = 2023-12-01T14:00:00+02:00
[[alarms.suppress]]
name = "Post"
publishers = ["post"]
until = 2023-11-30
"""
    assert rules(tmp_path, text) == (
        Suppression(
            "Patrols",
            ("north",),
            ("raid", "clash"),
            ("israel",),
            Severity.MEDIUM,
            ("exercise",),
            ("post",),
            QuietHours(1320, 360, "Asia/Beirut"),
            NOON,
        ),
        Suppression("Post", publishers=("post",), until=NOON - 43200.0),  # the end of that day
    )


def test_a_watch_suppresses_nothing_of_itself() -> None:
    assert config.load(paths.builtin_config()).suppressions == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "x"', "has no condition, so it would suppress everything that is not critical"),
        ('name = "x"\nuntil = 2030-01-01', "has no condition"),
        ('types = ["raid"]', "name is missing"),
        ('name = "x"\ntypes = ["raids"]', '"raids" is no type; did you mean "raid"?'),
        ('name = "x"\nfronts = ["south"]', '"south" is no front'),
        ('name = "x"\npublishers = ["paste"]', '"paste" is no publisher of a feed; did you mean "post"?'),
        ('name = "x"\nby = ["a"]\nseverity_at_most = "critical"', "is no severity that can be suppressed"),
        ('name = "x"\nby = ["a"]\nuntil = "2030"', "is text, not a date"),
        ('name = "x"\nby = ["a"]\nuntil = 2030-01-01T00:00:00', "does not say in which time zone"),
        ('name = "x"\nhours = "22-06"', "is no part of a day"),
        ('name = "x"\ntype = ["raid"]\nby = ["a"]', "type is no key of this table; did you mean types?"),
        ('name = "x"\nby = ["a"]\n[[alarms.suppress]]\nname = "X"\nby = ["b"]', "is also the name of"),
    ],
)
def test_a_fault_in_a_rule_is_told_with_its_place_and_mend(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        rules(tmp_path, text)
    words = str(refused.value)
    assert len(refused.value.faults) == 1
    assert "[alarms] suppress" in words and "line " in words
    assert told in " ".join(words.replace(":", " ").split())


def test_an_output_and_a_rule_may_have_one_name(tmp_path: Path) -> None:
    text = 'name = "Post"\nby = ["a"]\n[[alarms.to]]\nname = "Post"\nenv = "POST"'
    assert rules(tmp_path, text)[0].name == "Post"


def test_check_tells_a_side_that_no_list_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules(tmp_path, 'name = "x"\nby = ["isreal"]')
    assert cli.main(["--config", str(tmp_path / "feeds.toml"), "check", "--offline"]) == 1
    assert 'suppression "x": "isreal" is no side' in capsys.readouterr().err
