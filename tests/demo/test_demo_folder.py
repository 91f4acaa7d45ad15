"""The demo's folder: its own alone, emptied only where a demo made it."""

from pathlib import Path

import pytest
from demo.processes import Household, StepFailed
from demo.runner import MARKER, fresh_folder


def test_what_an_earlier_demo_left_is_gone(tmp_path: Path) -> None:
    with fresh_folder(tmp_path / "state") as folder:
        (folder / "server").mkdir()
        (folder / "server" / "estate.sqlite").touch()
        (folder / "report.pdf").touch()
    with fresh_folder(tmp_path / "state") as folder:
        assert [path.name for path in folder.iterdir()] == [MARKER]


def test_a_second_demo_in_the_same_folder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    with fresh_folder(tmp_path) as folder:
        (folder / "server.toml").touch()
        with pytest.raises(StepFailed, match="a demo is running in"), fresh_folder(tmp_path):
            pass
        assert (folder / "server.toml").exists()


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").touch()
    with pytest.raises(StepFailed, match="no demo made it"), fresh_folder(tmp_path):
        pass
    assert (tmp_path / "thesis.odt").exists()


def test_nothing_is_started_once_the_household_has_ended(tmp_path: Path) -> None:
    house = Household(tmp_path, {})
    house.stop()
    with pytest.raises(StepFailed, match="the demo is ending"):
        house.start("late", ["true"])
