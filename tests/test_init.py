"""A watch of one's own to start from: written with comments, never over what is there, and good as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.test_cli import frontwatch
from tui import init, paths
from tui.config import load


def test_the_file_in_the_config_folder_is_written_and_the_next_steps_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.chdir(tmp_path)  # out of the checkout, whose own feeds.toml would go before it
    done = frontwatch("init")
    assert done.returncode == 0, done.stderr
    target = paths.config_file()
    assert target.is_relative_to(os.environ["HOME"])
    assert load(target).fronts == load(paths.builtin_config()).fronts
    assert f"wrote {target}" in done.stdout
    assert "frontwatch check" in done.stdout
    assert target.read_text(encoding="utf-8").count("#") > 50


def test_what_is_there_is_kept_unless_force_says_otherwise_and_then_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "feeds.toml"
    target.write_text("mine", encoding="utf-8")
    refused = frontwatch("init", target)
    assert (refused.returncode, target.read_text(encoding="utf-8")) == (1, "mine")
    assert "is there already" in refused.stderr
    assert "--force" in refused.stderr
    assert frontwatch("init", target, "--force").returncode == 0
    assert load(target).title == "Axis of Resistance"
    assert (tmp_path / "feeds.toml.old").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["axis", "axis-wide", "sahel"])
def test_every_example_is_a_good_watch_wherever_it_is_written(tmp_path: Path, name: str) -> None:
    target = tmp_path / "somewhere" / f"{name}.toml"
    written = init.write(target, init.example(name), force=False)
    assert written[0] == target
    watch = load(target)
    assert watch.feeds
    own = [name for front in watch.fronts for name in front.lexicons if name.endswith(".toml")]
    assert sorted(own) == sorted(str(path) for path in written[1:])


def test_another_file_than_the_one_in_use_is_named_in_the_next_steps(tmp_path: Path) -> None:
    target = tmp_path / "sahel.toml"
    done = frontwatch("init", "--from", "sahel", target)
    assert f"frontwatch --config {target} check" in done.stdout


def test_an_example_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    done = frontwatch("init", "--from", "mars", tmp_path / "feeds.toml")
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("mars", "axis", "sahel"))
    assert not (tmp_path / "feeds.toml").exists()


def test_a_folder_that_takes_no_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = frontwatch("init", tmp_path / "file" / "feeds.toml")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_the_keys_are_printed_by_the_configs_own(tmp_path: Path) -> None:
    target = tmp_path / "feeds.toml"
    init.write(target, init.example("axis"), force=False)
    with target.open("a", encoding="utf-8") as file:
        file.write('\n[keys]\nacknowledge = "f5"\n')
    assert "`F5` | acknowledge" in frontwatch("--config", target, "keys", "--md").stdout


def test_check_tells_what_is_too_faint_in_a_theme_of_ones_own_and_calls_it_no_fault(tmp_path: Path) -> None:
    target = tmp_path / "feeds.toml"
    init.write(target, init.example("axis"), force=False)
    with target.open("a", encoding="utf-8") as file:
        file.write('\n[themes.mine]\nhigh = "#664400"\n')
    done = frontwatch("--config", target, "check", "--offline")
    assert done.returncode == 0
    assert "[themes.mine] high on ground has a contrast of 2." in done.stderr
