"""A database that cannot keep its promises is refused loudly, with the way out."""

import stat
from pathlib import Path

import pytest
from natvakt_server.store.estate.engine import BadDatabase, open_engine
from natvakt_server.store.estate.transactions import reading
from sqlalchemy import Engine


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://host/natvakt", "mysql is not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////nowhere/natvakt.db", "folder /nowhere does not exist"),
        ("postgresql://user@host", "names no database"),
    ],
)
def test_a_wrong_url_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(BadDatabase, match=reason):
        open_engine(url)


def test_a_password_in_a_wrong_url_is_not_repeated() -> None:
    with pytest.raises(BadDatabase) as refused:
        open_engine("mysql://user:hunter2@host/natvakt")
    assert "hunter2" not in str(refused.value)


def test_sqlite_is_durable_checked_and_private(tmp_path: Path) -> None:
    opened = open_engine(f"sqlite:///{tmp_path}/natvakt.db")
    names = ("journal_mode", "synchronous", "foreign_keys")
    found = reading(opened, lambda c: [c.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names])
    assert found == ["wal", 2, 1]
    assert stat.S_IMODE((tmp_path / "natvakt.db").stat().st_mode) == 0o600


def test_parameters_never_stand_in_errors(engine: Engine) -> None:
    assert engine.hide_parameters


@pytest.mark.service("postgres")
def test_postgres_commits_are_durable_whatever_its_default(postgres) -> None:
    opened = open_engine(postgres.url())
    assert reading(opened, lambda c: c.exec_driver_sql("SHOW synchronous_commit").scalar_one()) == "on"
    opened.dispose()
