"""Files and folders that jobs leave, and database dumps with their endings."""

import bz2
import gzip
import lzma

import pytest
from natvakt_agent.app.backups.local_files import LocalFiles
from natvakt_agent.collectors.backup_dumps.reader import DumpReader
from natvakt_agent.collectors.backup_files.reader import FilesReader
from natvakt_agent.model.backup import JobState
from testkit.agent import SECOND, HandClock
from testkit.backups import MemoryFiles

NOW = HandClock().wall_ns() // SECOND
DAY = 86_400
POSTGRESQL = b"--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE a ();\n\n--\n-- PostgreSQL database dump complete\n--\n\n"
CLUSTER = POSTGRESQL.replace(b"database", b"database cluster", 1) + b"--\n-- PostgreSQL database cluster dump complete\n--\n\n"
MARIADB = b"/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19\nINSERT INTO a;\n-- Dump completed on 2026-09-21  1:00:02\n"
MSSQL = b"TAPE" + bytes(1020) + b"SSET" + bytes(508) + b"MSDA" + bytes(20_988) + b"ESET" + bytes(508) + b"EOTM" + bytes(508)


def folder(sizes, pattern=None, **settings):
    files = MemoryFiles()
    for days_ago, size in sizes.items():
        files.write(f"/srv/day-{days_ago:02d}.tar", b"x" * size, NOW - days_ago * DAY - 3600)
    return FilesReader("/srv", files, pattern, **settings).read(HandClock(), 60.0)


def test_the_newest_copy_tells_end_size_and_count():
    report = folder({0: 1000, 1: 990, 2: 980})
    assert (report.state, report.last_end, report.last_success, report.bytes, report.items) == (
        JobState.OK,
        NOW - 3600,
        NOW - 3600,
        1000,
        3,
    )


def test_a_copy_less_than_half_of_the_ones_before_is_a_warning_and_still_a_copy():
    report = folder({0: 490, 1: 1000, 2: 980})
    assert (report.state, report.warnings, report.last_success) == (JobState.WARNING, 1, NOW - 3600)
    assert "490 octets" in str(report.detail)
    assert folder({0: 490, 1: 1000, 2: 980}, shrinkage=0.4).state is JobState.OK
    assert folder({0: 490, 1: 500, 2: 9000, 3: 9000}, compare=1).state is JobState.OK


def test_an_empty_copy_failed_and_the_last_good_one_is_the_one_before():
    report = folder({0: 0, 1: 1000})
    assert (report.state, report.last_end, report.last_success) == (JobState.FAILED, NOW - 3600, NOW - 3600 - DAY)


def test_nothing_that_matches_is_a_job_that_never_ran():
    assert folder({0: 10}, pattern="*.zip").state is JobState.NEVER
    assert FilesReader("/away", MemoryFiles(), "*").read(HandClock(), 60.0).state is JobState.NEVER


def test_a_copy_that_is_being_written_is_not_judged_yet():
    files = MemoryFiles()
    files.write("/srv/old", b"x" * 1000, NOW - DAY)
    files.write("/srv/new", b"x", NOW - 10)
    report = FilesReader("/srv", files, "*").read(HandClock(), 60.0)
    assert (report.state, report.last_end, report.bytes) == (JobState.OK, NOW - DAY, 1000)


def test_folders_are_copies_too_and_their_size_is_that_of_what_is_in_them(tmp_path):
    for day in ("2026-09-20", "2026-09-21"):
        (tmp_path / day / "deep").mkdir(parents=True)
        (tmp_path / day / "deep" / "a").write_bytes(b"x" * 700)
    (tmp_path / "2026-09-21" / "b").write_bytes(b"x" * 50)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    report = FilesReader(str(tmp_path), LocalFiles(), "2026-*").read(HandClock(now_wall_ns=2 * HandClock().wall_ns()), 60.0)
    assert (report.state, report.bytes, report.items) == (JobState.OK, 750, 2)


def dump(content, name="/srv/db.sql", clock=None, deadline_seconds=60.0, **settings):
    files = MemoryFiles()
    files.write(name, content, NOW - 3600)
    return DumpReader(name, files, **settings).read(clock or HandClock(), deadline_seconds)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gzip", "bzip2", "xz"])
@pytest.mark.parametrize("whole", [POSTGRESQL, CLUSTER, MARIADB, MSSQL], ids=["postgresql", "cluster", "mariadb", "mssql"])
def test_a_whole_dump_is_good_and_one_without_its_end_is_not(pack, whole):
    report = dump(pack(whole))
    assert (report.state, report.last_success, report.verified) == (JobState.OK, NOW - 3600, NOW - 3600)
    cut = dump(pack(whole[: len(whole) - 1400] if whole is MSSQL else whole[:-40]))
    assert (cut.state, cut.last_success) == (JobState.FAILED, None)
    assert "cut off" in str(cut.detail)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_dump_whose_compression_is_cut_or_damaged_is_not_whole(pack):
    packed = pack(POSTGRESQL * 200)
    assert "cut off" in str(dump(packed[:-10]).detail)
    damaged = bytearray(packed)
    damaged[len(damaged) // 2] ^= 0xFF
    assert dump(bytes(damaged)).state is JobState.FAILED


def test_the_custom_format_of_postgresql_has_no_end_to_look_for():
    assert dump(b"PGDMP\x01\x0e\x00" + bytes(500)).state is JobState.OK


@pytest.mark.parametrize(("content", "says"), [(b"", "empty"), (b"hello", "engine"), (b"hello", "begin as a backup of SQL Server")])
def test_what_is_no_dump_says_so(content, says):
    report = dump(content, engine="mssql" if says.startswith("begin") else None)
    assert report.state is JobState.FAILED
    assert says in str(report.detail)


class Hurried(HandClock):
    """Every look at it takes a second."""

    def monotonic_ns(self):
        self.move(1.0)
        return self.now_monotonic_ns


def test_a_dump_too_long_for_the_deadline_is_told_as_not_tested():
    report = dump(gzip.compress(POSTGRESQL[:60] + bytes(5 * 1024 * 1024)), clock=Hurried(), deadline_seconds=1.5)
    assert (report.state, report.verified) == (JobState.OK, None)
    assert "not read to its end" in str(report.detail)


def test_a_dump_is_read_once_as_long_as_it_is_the_same():
    files = MemoryFiles()
    files.write("/srv/db.sql.gz", gzip.compress(POSTGRESQL), NOW - 3600)
    reader = DumpReader("/srv/db.sql.gz", files)
    for _ in range(3):
        assert reader.read(HandClock(), 60.0).state is JobState.OK
    files.write("/srv/db.sql.gz", gzip.compress(POSTGRESQL), NOW - 1800)
    assert reader.read(HandClock(), 60.0).last_end == NOW - 1800
    assert len(files.opened) == 2


def test_a_cut_dump_leaves_the_one_before_it_as_the_last_good_one():
    files = MemoryFiles()
    files.write("/srv/1.sql", POSTGRESQL, NOW - DAY)
    files.write("/srv/2.sql", POSTGRESQL[:-40], NOW - 3600)
    report = DumpReader("/srv", files, "*.sql").read(HandClock(), 60.0)
    assert (report.state, report.last_success) == (JobState.FAILED, NOW - DAY)
