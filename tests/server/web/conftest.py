"""A console over SQLite for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from natvakt_server.store.estate.engine import open_engine
from testkit.console import Browser, ConsoleHouse
from testkit.databases import migrated_file

__all__ = ["migrated_file"]


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path) -> Iterator[ConsoleHouse]:
    path = tmp_path / "console.db"
    shutil.copy(migrated_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield ConsoleHouse(engine)
    engine.dispose()


@pytest.fixture
def owner(house: ConsoleHouse) -> Browser:
    return house.browser(house.owner)


@pytest.fixture
def engineer(house: ConsoleHouse) -> Browser:
    return house.browser(house.engineer)


@pytest.fixture
def stranger(house: ConsoleHouse) -> Browser:
    return house.browser()
