"""restic and borg over real repositories, with a password from the vault or from a file; and what they may say."""

import json
import shutil
import subprocess

import pytest
from natvakt_agent.app.backups.local_files import LocalFiles
from natvakt_agent.app.backups.programs import LocalPrograms
from natvakt_agent.collectors.backup_borg.reader import BorgReader
from natvakt_agent.collectors.backup_restic.reader import ResticReader, moment, snapshots
from natvakt_agent.model.backup import Command, Finished, JobState, JobUnreadable
from natvakt_agent.model.backup_repository import Repository, settings_of, without_login
from natvakt_agent.model.target import Secret
from testkit.agent import HandClock
from testkit.backups import MemoryFiles, ToldPrograms

PASSWORD = "tall-fir-9041"


@pytest.fixture
def places(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").write_bytes(b"x" * 30_000)
    (tmp_path / "data" / "b").write_bytes(b"y" * 2_000)
    (tmp_path / "password").write_text(PASSWORD + "\n")
    return tmp_path


@pytest.fixture
def programs(tmp_path):
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "RESTIC_PASSWORD": "of another", "BORG_PASSPHRASE": "of another"}
    return LocalPrograms(environment, tmp_path / "cache")


def make(program, places, *steps):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: tests/services/install.sh brings it")
    own = {"RESTIC_REPOSITORY": str(places / "repo"), "RESTIC_PASSWORD_FILE": str(places / "password")}
    own |= {"BORG_REPO": str(places / "repo"), "BORG_PASSPHRASE": PASSWORD}
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(places), "TZ": "Asia/Tokyo", **own}
    for step in steps:
        subprocess.run([program, *step], check=True, capture_output=True, env=environment, cwd=places)
    return Repository(str(places / "repo"), program, Secret(PASSWORD))


def reader_of(program, repository, programs, **narrowed):
    made = ResticReader if program == "restic" else BorgReader
    return made(repository, programs, LocalFiles(), **narrowed)


RESTIC = [["init"], ["backup", "data", "--tag", "nightly", "--host", "alpha"]]
BORG = [["init", "--encryption=repokey"], ["create", "::alpha-1", "data"]]
BOTH = pytest.mark.parametrize(("program", "steps"), [("restic", RESTIC), ("borg", BORG)])


@BOTH
def test_a_real_repository_tells_its_newest_copy_with_a_password_of_the_vault(program, steps, places, programs):
    report = reader_of(program, make(program, places, *steps), programs).read(HandClock(), 60.0)
    assert report.state is JobState.OK
    written = max(path.stat().st_mtime for path in (places / "repo").rglob("*"))
    assert abs(report.last_success - written) < 3600  # the zone that it was made in does not move it
    assert 32_000 <= report.bytes < 40_000
    assert report.items >= 2
    assert report.target == str(places / "repo")


@BOTH
def test_a_repository_that_may_only_be_read_is_read_with_a_password_file(program, steps, places, programs):
    repository = make(program, places, *steps)
    kept = {path: path.stat().st_mtime_ns for path in (places / "repo").rglob("*")}
    own = Repository(repository.place, program, None, str(places / "password"))
    assert reader_of(program, own, programs).read(HandClock(), 60.0).state is JobState.OK
    assert {path: path.stat().st_mtime_ns for path in (places / "repo").rglob("*")} == kept


@BOTH
def test_a_wrong_password_is_told_and_repeated_nowhere(program, steps, places, programs):
    repository = make(program, places, *steps)
    with pytest.raises(JobUnreadable, match=r"(?i)pass") as caught:
        reader_of(program, Repository(repository.place, program, Secret("wrong-fir-17")), programs).read(HandClock(), 60.0)
    assert "wrong-fir-17" not in str(caught.value)


@BOTH
def test_a_repository_without_copies_never_ran_and_one_that_is_not_there_is_unreadable(program, steps, places, programs):
    repository = make(program, places, steps[0])
    assert reader_of(program, repository, programs).read(HandClock(), 60.0).state is JobState.NEVER
    with pytest.raises(JobUnreadable, match="nowhere"):
        reader_of(program, Repository(str(places / "nowhere"), program, Secret(PASSWORD)), programs).read(HandClock(), 60.0)


def test_only_the_snapshots_of_a_host_or_tag_count(places, programs):
    repository = make("restic", places, *RESTIC)
    for narrowed, state in (({"host": "alpha"}, JobState.OK), ({"host": "beta"}, JobState.NEVER), ({"tag": "weekly"}, JobState.NEVER)):
        assert reader_of("restic", repository, programs, **narrowed).read(HandClock(), 60.0).state is state


def test_only_archives_of_a_name_count_and_the_newest_of_them(places, programs):
    repository = make("borg", places, *BORG, ["create", "::beta-1", "data/a"])
    assert reader_of("borg", repository, programs, archives="alpha-*").read(HandClock(), 60.0).items == 2
    assert reader_of("borg", repository, programs, archives="gamma-*").read(HandClock(), 60.0).state is JobState.NEVER


@BOTH
def test_the_sites_own_check_tells_when_it_was_good_and_what_was_wrong(program, steps, places, programs):
    repository = make(program, places, *steps)
    done = subprocess.run(
        [program, "check", *(["-v"] if program == "borg" else [])],
        capture_output=True, text=True, check=True, cwd=places,
        env={"PATH": "/usr/bin:/bin", "HOME": str(places), "RESTIC_REPOSITORY": repository.place, "BORG_REPO": repository.place,
             "RESTIC_PASSWORD_FILE": str(places / "password"), "BORG_PASSPHRASE": PASSWORD},
    )  # fmt: skip
    log = places / "check.log"
    log.write_text(done.stdout + done.stderr)
    own = Repository(repository.place, program, Secret(PASSWORD), check_file=str(log))
    assert reader_of(program, own, programs).read(HandClock(), 60.0).verified == int(log.stat().st_mtime)
    log.write_text(
        "checking\nFatal: repository contains errors\n" if program == "restic" else "Archive consistency check: problems found.\n"
    )
    report = reader_of(program, own, programs).read(HandClock(), 60.0)
    assert (report.state, report.verified) == (JobState.FAILED, None)
    assert "check:" in str(report.detail)


def test_a_snapshot_is_sized_once_and_the_password_is_in_no_argument_and_no_environment():
    told = json.dumps([{"id": "ab12", "time": "2026-09-21T01:00:05.123456789+02:00"}]).encode()
    sizes = b'{"total_size": 5, "total_file_count": 2}'
    programs = ToldPrograms({"snapshots": Finished(0, told, ""), "stats": Finished(0, sizes, "")})
    reader = ResticReader(Repository("rest:https://anna:kvist@store/", "restic", Secret(PASSWORD)), programs, MemoryFiles())
    reports = [reader.read(HandClock(), 60.0) for _ in range(3)]
    assert [command.arguments[3] for command in programs.started] == ["snapshots", "stats", "snapshots", "snapshots"]
    assert (reports[2].bytes, reports[2].items, reports[2].last_end) == (5, 2, 1_789_945_205)
    assert reports[0].target == "rest:https://store/"
    for command in programs.started:
        assert PASSWORD not in " ".join(command.arguments) + str(command.environment)
        assert "kvist" not in " ".join(command.arguments)


def test_a_newer_restic_tells_sizes_in_the_snapshot_itself():
    summary = {
        "backup_start": "2026-09-21T01:00:00Z",
        "backup_end": "2026-09-21T01:10:00Z",
        "total_bytes_processed": 9,
        "total_files_processed": 3,
    }
    (found,) = snapshots([{"id": "ab", "time": "2026-09-21T01:00:00Z", "summary": summary}])
    assert (found.taken - found.began, found.size_bytes, found.items) == (600, 9, 3)


@pytest.mark.parametrize("told", [{"a": 1}, [{"id": "x"}], [{"id": "x", "time": "yesterday"}], [7], 7])
def test_what_restic_never_said_before_is_unreadable(told):
    with pytest.raises(JobUnreadable, match="unknown way"):
        snapshots(told)


@pytest.mark.parametrize("told", [b"{}", b'{"archives": [{"name": "a"}]}', b"[]", b"not json", b"null"])
def test_what_borg_never_said_before_is_unreadable(told):
    reader = BorgReader(Repository("/srv/borg", "borg"), ToldPrograms({"list": Finished(0, told, "")}), MemoryFiles())
    with pytest.raises(JobUnreadable):
        reader.read(HandClock(), 60.0)


def test_times_have_any_number_of_digits_and_always_a_zone():
    assert moment("2026-09-21T01:00:05.1+02:00") == moment("2026-09-20T23:00:05Z")
    with pytest.raises(ValueError, match="2026"):
        moment("2026-09-21T01:00:05")


def test_settings_of_a_store_are_read_and_a_bad_line_is_named_without_its_value():
    files = MemoryFiles()
    files.write("/env", "# keys\nexport AWS_ACCESS_KEY_ID=abc\nAWS_SECRET_ACCESS_KEY='s p'\n", 1)
    assert settings_of(files, "/env") == {"AWS_ACCESS_KEY_ID": "abc", "AWS_SECRET_ACCESS_KEY": "s p"}
    files.write("/env", "A=1\nhunter2\n", 1)
    with pytest.raises(JobUnreadable, match="line 2") as caught:
        settings_of(files, "/env")
    assert "hunter2" not in str(caught.value)


def test_who_logs_in_is_taken_out_of_addresses():
    assert without_login("sftp://anna:kvist@host/x and rest:https://u@h/") == "sftp://host/x and rest:https://h/"


def test_a_program_that_is_missing_hangs_or_fails_is_told(tmp_path):
    programs = LocalPrograms({"PATH": "/usr/bin:/bin"}, tmp_path)
    with pytest.raises(JobUnreadable, match="install it"):
        programs.run(Command(("no-such-program-here",)), 5.0)
    with pytest.raises(JobUnreadable, match="deadline"):
        programs.run(Command(("sleep", "60")), 0.1)
    assert programs.run(Command(("sh", "-c", "echo out; echo err >&2; exit 3")), 30.0) == Finished(3, b"out\n", "err\n")


def test_a_secret_reaches_a_program_through_a_pipe_alone(tmp_path):
    programs = LocalPrograms({"PATH": "/usr/bin:/bin", "SECRET_OF_THE_AGENT": "x"}, tmp_path)
    command = Command(("sh", "-c", 'cat "$P"; env'), {"P": "/dev/fd/{secret_fd}"}, Secret(PASSWORD))
    first, *rest = programs.run(command, 30.0).output.decode().splitlines()
    assert first == PASSWORD
    assert not any(PASSWORD in line or "SECRET_OF_THE_AGENT" in line for line in rest)
