"""Programs that know a backup (restic, borg, wbadmin), started without a shell and with an environment of their own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from natvakt_agent.model.backup import Command, Finished, JobUnreadable
from natvakt_agent.model.target import Secret

MOST_OUTPUT_OCTETS = 64 * 1024 * 1024
MOST_ERROR_OCTETS = 8 * 1024
PASSED_ON = ("PATH", "HOME", "USER", "LANG", "TZ", "XDG_CONFIG_HOME", "SSH_AUTH_SOCK", "SYSTEMROOT", "PROGRAMDATA", "TEMP", "TMP")


class LocalPrograms:
    """`environment` is the agent's own, of which only `PASSED_ON` reaches a program; `cache` is a folder it may fill."""

    def __init__(self, environment: Mapping[str, str], cache: Path) -> None:
        self._environment = {name: value for name, value in environment.items() if name in PASSED_ON}
        self._environment |= {"XDG_CACHE_HOME": str(cache)}

    def run(self, command: Command, timeout_seconds: float) -> Finished:
        """What the program writes goes to files without a name, so that one that writes without end fills no memory."""
        program = command.arguments[0]
        with _inherited(command.secret) as descriptors, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            number = str(descriptors[0]) if descriptors else ""
            own = {name: value.replace("{secret_fd}", number) for name, value in command.environment.items()}
            try:
                done = subprocess.run(
                    command.arguments,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    env=self._environment | own,
                    pass_fds=descriptors,
                    timeout=max(0.1, timeout_seconds),
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise JobUnreadable(
                    f"{program}: did not end within {timeout_seconds:g} s and was stopped; set a longer `deadline`"
                ) from None
            except OSError as error:
                raise JobUnreadable(
                    f"{program}: {error.strerror or 'cannot be started'}; install it, or name its full path with `program`"
                ) from None
            length = output.tell()
            if length > MOST_OUTPUT_OCTETS:
                raise JobUnreadable(f"{program}: wrote {length} octets, more than {MOST_OUTPUT_OCTETS}; narrow what is listed")
            output.seek(0)
            errors.seek(max(0, errors.tell() - MOST_ERROR_OCTETS))
            return Finished(done.returncode, output.read(), errors.read().decode("utf-8", "replace"))


@contextmanager
def _inherited(secret: Secret | None) -> Iterator[tuple[int, ...]]:
    """A pipe that holds the secret: neither the arguments nor the environment of a program show it to other users."""
    if secret is None:
        yield ()
        return
    if sys.platform == "win32":
        raise JobUnreadable("a password of the vault cannot be handed to programs on Windows; name a `password_file`")
    reading, writing = os.pipe()
    try:
        os.write(writing, secret.reveal().encode() + b"\n")
        os.close(writing)
        yield (reading,)
    finally:
        os.close(reading)
