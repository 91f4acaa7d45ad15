"""A console with two customers and programs that call its API."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from natvakt_server.domain.rights import Grant, Role
from natvakt_server.store.estate.engine import open_engine
from testkit.api import Program, program
from testkit.console import ConsoleHouse
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
def noc(house: ConsoleHouse) -> Program:
    """May do everything an engineer of the partner's may."""
    return program(house)


@pytest.fixture
def acme(house: ConsoleHouse) -> Program:
    """Acme's own people's."""
    return program(house, Grant(Role.CUSTOMER_ADMINISTRATOR, "acme"), secret="acme-token")
