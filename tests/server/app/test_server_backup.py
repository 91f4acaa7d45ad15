"""The server itself as one sealed file: it opens with its own key only, and a restored server goes on with nothing lost or doubled."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from natvakt_server.app.main import main
from natvakt_server.app.server_backup.keeping import BackupKeeper, backups, newest_backup
from natvakt_server.app.server_backup.making import BackupFailed, Contents, make_backup
from natvakt_server.app.server_backup.restoring import restore, verify
from natvakt_server.app.state import StatePaths
from natvakt_server.domain.series import Line as SeriesLine
from natvakt_server.domain.series import Query
from natvakt_server.identity.backup_seal import (
    CHUNK_BYTES,
    CannotOpenBackup,
    OpeningReader,
    SealingWriter,
    opening_key,
    sealing_key,
    written,
)
from natvakt_server.identity.key_files import KeyDirectory
from natvakt_server.store.estate.engine import open_engine
from natvakt_server.store.timeseries.duckdb_store import DuckDbSeries
from natvakt_wire.envelope import Envelope
from natvakt_wire.seal import RecipientPrivateKey
from sqlalchemy import text
from testkit.databases import migrated_file
from testkit.gateway import HOUR_NS, AgentSide, Line, batch_message, document, octets
from testkit.series import StandingClock
from testkit.sql_inbox import SqlInbox, add_site
from testkit.wire import NOW_NS, recipient_key

__all__ = ["migrated_file"]

OPENER = recipient_key()


def chance() -> Callable[[int], bytes]:
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def sealed(content: bytes) -> bytes:
    target = BytesIO()
    writer = SealingWriter(target, OPENER.public, chance())
    for start in range(0, len(content), 700_000):
        writer.write(content[start : start + 700_000])
    writer.finish()
    return target.getvalue()


# -- the seal


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_was_sealed_opens_as_it_was(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    reader = OpeningReader(BytesIO(sealed(content)), OPENER)
    assert reader.read(1) + reader.read() == content


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotOpenBackup, match="does not open with this key"):
        OpeningReader(BytesIO(sealed(b"secret")), RecipientPrivateKey.generate())


SMALL, WHOLE = sealed(bytes(5000)), sealed(bytes(CHUNK_BYTES + 5000))


@given(st.integers(0, len(SMALL) - 1), st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_found(place: int, bit: int) -> None:
    damaged = bytearray(SMALL)
    damaged[place] ^= 1 << bit
    with pytest.raises(CannotOpenBackup):
        OpeningReader(BytesIO(damaged), OPENER).read()


def test_a_cut_off_or_shuffled_backup_is_found() -> None:
    head = len(sealed(b"")) - 16
    chunk = CHUNK_BYTES + 16
    for wrong in (WHOLE[: head + chunk], WHOLE[:-1], WHOLE[:head] + WHOLE[head + chunk :], WHOLE + WHOLE[head:], WHOLE[:100]):
        with pytest.raises(CannotOpenBackup):
            OpeningReader(BytesIO(wrong), OPENER).read()


def test_keys_are_written_on_a_line_and_never_quoted() -> None:
    assert sealing_key(written(OPENER.public)) == OPENER.public
    assert opening_key(written(OPENER)).to_bytes() == OPENER.to_bytes()
    with pytest.raises(CannotOpenBackup):
        sealing_key("natvakt-backup-sealing-key-1 !")
    with pytest.raises(CannotOpenBackup) as refused:
        opening_key(written(OPENER)[:-10])
    assert written(OPENER).split()[1][:20] not in str(refused.value)


# -- the drill


class RealServer(Line):
    """Gateway, worker, SQLite and the embedded time series over one state folder."""

    def __init__(self, paths: StatePaths, *agents: AgentSide) -> None:
        super().__init__(*agents)
        self.paths = paths
        self.engine = open_engine(f"sqlite:///{paths.database}")
        self.store = DuckDbSeries(paths.series, StandingClock(NOW_NS))
        self.inbox = SqlInbox(self.engine)  # type: ignore[assignment]
        self.series = self.store  # type: ignore[assignment]
        self.restart()

    def deliver(self, agent: AgentSide, envelopes: Sequence[Envelope]) -> None:
        """Acknowledged and applied."""
        talk = self.open(agent)
        talk.say(*map(batch_message, envelopes))
        lane, seq, digest = talk.acks[-1]
        agent.acked[lane] = (seq, digest)
        self.gateway.disconnect(talk.session)
        self.work()

    def lines(self) -> Sequence[SeriesLine]:
        return self.store.lines("acme", Query("interface", ["ifHCInOctets"], ["dev-1"], NOW_NS - 1, NOW_NS + 1000))

    def rows(self, table: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]

    def close(self) -> None:
        self.store.close()
        self.engine.dispose()


@pytest.fixture
def founded(tmp_path: Path, migrated_file: Path) -> Iterator[Callable[[str, AgentSide], RealServer]]:
    servers: list[RealServer] = []

    def found(name: str, agent: AgentSide) -> RealServer:
        paths = StatePaths(tmp_path / name)
        paths.create()
        shutil.copy(migrated_file, paths.database)
        KeyDirectory(paths.keys).write("recipient.one", b"a secret of 20 bytes")
        server = RealServer(paths, agent)
        add_site(server.engine)
        servers.append(server)
        return server

    yield found
    for server in servers:
        server.close()


def batches(agent: AgentSide, numbers: range) -> list[Envelope]:
    return [agent.envelope(octets(n, time_ns=NOW_NS + n), documents=[document(observed_ns=NOW_NS + n)]) for n in numbers]


class BusySeries:
    """Time series that go on being written to between the copy of the database and their own."""

    def __init__(self, series: DuckDbSeries, meanwhile: Callable[[], None]) -> None:
        self.series, self.meanwhile = series, meanwhile

    def copy_to(self, folder: Path) -> Sequence[Path]:
        self.meanwhile()
        return self.series.copy_to(folder)


def test_promise_27_a_server_restored_from_its_backup_ends_with_everything_and_nothing_twice(
    tmp_path: Path, founded: Callable[[str, AgentSide], RealServer]
) -> None:
    agent, twin = AgentSide(), AgentSide()
    undisturbed, server = founded("undisturbed", twin), founded("server", agent)
    undisturbed.deliver(twin, batches(twin, range(1, 11)))
    first, during, after, last = (batches(agent, span) for span in (range(1, 5), range(5, 7), range(7, 10), range(10, 11)))

    server.deliver(agent, first)
    series = BusySeries(server.store, lambda: server.deliver(agent, during))
    contents = Contents(server.paths, server.engine, series, "some", "0.1.0")
    assert make_backup(contents, tmp_path / "server.sealed", OPENER.public, NOW_NS, chance()) > 0
    server.deliver(agent, after)

    restored_paths = StatePaths(tmp_path / "restored")
    manifest = restore(tmp_path / "server.sealed", OPENER, restored_paths)
    assert (manifest.database, manifest.series) == (True, True)
    restored = RealServer(restored_paths, agent)
    try:
        assert len(restored.rows("ledger")) == 4, "what came during and after the backup is not in it"
        restored.deliver(agent, [*during, *after, *last])
        assert "server-behind" in restored.audit.actions
        assert restored.lines() == undisturbed.lines()
        assert len(restored.rows("ledger")) == len(undisturbed.rows("ledger")) == 10
        assert len(restored.rows("device")) == len(undisturbed.rows("device")) == 1
        assert len(restored.rows("snapshot")) == len(undisturbed.rows("snapshot")) == 1
        assert KeyDirectory(restored_paths.keys).read("recipient.one") == b"a secret of 20 bytes"
    finally:
        restored.close()


def test_a_backup_is_restored_whole_into_an_empty_place_or_not_at_all(
    tmp_path: Path, founded: Callable[[str, AgentSide], RealServer]
) -> None:
    server = founded("server", AgentSide())
    target = tmp_path / "server.sealed"
    make_backup(Contents(server.paths, server.engine, server.store, "some", "0.1.0"), target, OPENER.public, NOW_NS, chance())
    assert target.stat().st_mode & 0o077 == 0
    assert b"a secret of 20 bytes" not in target.read_bytes()
    assert verify(target, OPENER).version == "0.1.0"
    with pytest.raises(BackupFailed, match="not empty"):
        restore(target, OPENER, server.paths)
    target.write_bytes(target.read_bytes()[:-1])
    with pytest.raises(CannotOpenBackup, match="damaged or cut off"):
        restore(target, OPENER, StatePaths(tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere" / "server").exists()
    assert sorted(path.name for path in server.paths.folder.iterdir() if path.name.startswith("natvakt-backup")) == []


def test_a_running_server_keeps_the_newest_few_and_makes_one_when_it_is_time(
    tmp_path: Path, founded: Callable[[str, AgentSide], RealServer]
) -> None:
    server, clock, folder = founded("server", AgentSide()), StandingClock(NOW_NS), tmp_path / "copies"
    folder.mkdir()
    (folder / "natvakt-of-somebody.sealed").touch()
    contents = Contents(server.paths, server.engine, server.store, "some", "0.1.0")
    keeper = BackupKeeper(lambda: contents, folder, OPENER.public, 12 * HOUR_NS, 2, clock, chance())
    first = keeper.run()
    assert first is not None
    assert keeper.run() is None
    made = [first]
    for _ in range(2):
        clock.now_ns += 12 * HOUR_NS
        made.append(keeper.run())
    assert [path for path, _ in backups(folder)] == made[1:]
    assert (folder / "natvakt-of-somebody.sealed").exists()
    assert newest_backup(folder) == (made[-1], clock.now_ns // 10**9 * 10**9)
    with pytest.raises(BackupFailed, match="cannot be read"):
        newest_backup(tmp_path / "nowhere")


def test_the_command_makes_a_server_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "server.toml"
    settings.write_text("")
    sealing, opening, file = (str(tmp_path / name) for name in ("sealing.key", "opening.key", "server.sealed"))

    def command(*words: str) -> int:
        return main([*words, "--config", str(settings)])

    monkeypatch.setenv("NATVAKT_STATE_DIR", str(tmp_path / "old"))
    assert command("init") == 0
    assert command("customer", "add", "acme", "--name", "Acme AB") == 0
    assert command("backup", "key", "--sealing", sealing, "--opening", opening) == 0
    assert Path(opening).stat().st_mode & 0o077 == 0
    assert command("backup", "key", "--sealing", sealing, "--opening", opening) == 1, "a key is never replaced"
    assert command("backup", "create", "-o", file, "--sealing", sealing) == 0
    assert command("backup", "verify", file, "--opening", opening) == 0
    assert command("backup", "verify", file, "--opening", sealing) == 1
    assert command("backup", "restore", file, "--opening", opening) == 1, "there is a server already"
    monkeypatch.setenv("NATVAKT_STATE_DIR", str(tmp_path / "new"))
    assert command("backup", "restore", file, "--opening", opening) == 0
    capsys.readouterr()
    assert command("doctor", "--json") == 0
    assert "chain whole" in capsys.readouterr().out
    assert (tmp_path / "new" / "server" / "initialised").exists()
    assert command("customer", "add", "acme", "--name", "Acme AB") == 1, "the customer is there"
