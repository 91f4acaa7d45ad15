"""BorgBackup: the newest archive of a repository, its size, and what the last check said.

    borg --bypass-lock list --json                 every look
    borg --bypass-lock info --json ::ARCHIVE       only for an archive that was not seen before

`--bypass-lock`: looking never keeps a backup waiting and works with a repository that may only be read. borg writes times in the zone it is
started in, so it is started in UTC. A run that failed leaves no archive: lateness tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from natvakt_agent.model.backup import Command, Files, JobReport, JobState, JobUnreadable, Programs
from natvakt_agent.model.backup_repository import Repository, asked, checked, settings_of
from natvakt_agent.model.clock import Clock

GOOD_CHECK = r"no problems found"
BAD_CHECK = r"(?i)problems? found|integrity error|finished checking.*error"


@dataclass(frozen=True, slots=True)
class Archive:
    began: int
    ended: int
    size_bytes: int
    items: int


@dataclass(slots=True)
class BorgReader:
    """`archives` is a pattern of the names that count."""

    repository: Repository
    programs: Programs
    files: Files
    archives: str | None = None
    kind: str = field(default="borg", init=False)
    _known: tuple[str, Archive] | None = field(default=None, init=False)

    def read(self, clock: Clock, deadline_seconds: float) -> JobReport:
        end_ns = clock.monotonic_ns() + round(deadline_seconds * 1e9)
        narrowed = [f"--glob-archives={self.archives}"] if self.archives else []
        names = self._names(["list", "--json", *narrowed], deadline_seconds)
        check = checked(self.files, self.repository.check_file, GOOD_CHECK, BAD_CHECK)
        if not names:
            return JobReport(JobState.NEVER, target=self.repository.shown, detail="the repository holds no such archive")
        newest = self._archive(names[-1], (end_ns - clock.monotonic_ns()) / 1e9)
        return JobReport(
            JobState.FAILED if check.fault else JobState.OK,
            last_start=newest.began,
            last_end=newest.ended,
            last_success=newest.ended,
            bytes=newest.size_bytes,
            items=newest.items,
            verified=check.verified,
            target=self.repository.shown,
            detail=f"check: {check.fault}" if check.fault else f"{len(names)} archives",
        )

    def _names(self, words: Sequence[str], timeout_seconds: float) -> list[str]:
        """In the order they were made."""
        told = self._ask(words, timeout_seconds)
        try:
            found = sorted(told["archives"], key=lambda each: str(each["start"]))
            return [str(each["name"]) for each in found]
        except (KeyError, TypeError):
            raise _unknown() from None

    def _archive(self, name: str, timeout_seconds: float) -> Archive:
        if self._known is None or self._known[0] != name:
            told = self._ask(["info", "--json", f"::{name}"], timeout_seconds)
            try:
                (only,) = told["archives"]
                stats = only["stats"]
                found = Archive(_moment(only["start"]), _moment(only["end"]), int(stats["original_size"]), int(stats["nfiles"]))
            except (KeyError, TypeError, ValueError):
                raise _unknown() from None
            self._known = (name, found)
        return self._known[1]

    def _ask(self, words: Sequence[str], timeout_seconds: float) -> Any:
        """A repository that is not encrypted is read without asking anybody: nothing is written to it, and no key is told."""
        own = self.repository
        settings = settings_of(self.files, own.environment_file)
        environment = {**settings, "BORG_REPO": own.place, "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes", "TZ": "UTC"}
        secret = own.password
        if secret is not None:
            environment["BORG_PASSPHRASE_FD"] = "{secret_fd}"  # noqa: S105 (where it is read from)
        elif own.password_file is not None:
            environment["BORG_PASSCOMMAND"] = f"cat {_quoted(own.password_file)}"
        return asked(own, self.programs, Command((own.program, "--bypass-lock", *words), environment, secret), timeout_seconds)


def _quoted(path: str) -> str:
    """For borg, which splits the command as a shell would but starts none."""
    return "'" + path.replace("'", "'\"'\"'") + "'"


def _moment(text: str) -> int:
    """Seconds since 1970 of a time in UTC without its zone. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def _unknown() -> JobUnreadable:
    return JobUnreadable("borg told its archives in an unknown way; is the program newer than this agent?")
