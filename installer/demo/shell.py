"""The devices' command lines over SSH: enough of a prompt to read a configuration, at the same address as SNMP.

One thread with a loop of its own; every device has its own listener, all with one host key. What a device does not know it refuses in its
family's words.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import asyncssh

RUNNING, STARTUP = "show running-config", "show startup-config"
SESSION_WORDS = frozenset(("terminal length 0", "terminal width 511", "terminal pager 0", "terminal datadump"))


@dataclass(frozen=True, slots=True)
class Login:
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One device. `answers` by command; `asks_in_session`: the log-in is asked in the session, as small business switches do."""

    name: str
    address: str
    login: Login
    answers: Mapping[str, str]
    mark: str = "#"
    asks_in_session: bool = False


class _Door(asyncssh.SSHServer):
    def __init__(self, device: CommandLine) -> None:
        self._device = device

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - the library's signature
        return not self._device.asks_in_session

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._device.login.user, self._device.login.password)


class _Session:
    def __init__(self, device: CommandLine, process: "asyncssh.SSHServerProcess[str]") -> None:
        self._device, self._process = device, process
        self._pending = ""

    async def run(self) -> None:
        try:
            if not self._device.asks_in_session or await self._log_in():
                self._say(f"\r\n{self._device.name}{self._device.mark}")
                while (line := await self._line()) not in ("exit", "logout"):
                    self._obey(line)
        except (asyncssh.Error, OSError, EOFError):
            pass
        finally:
            self._process.exit(0)

    async def _log_in(self) -> bool:
        self._say("\r\nUser Name:")
        user = await self._line()
        self._say("Password:")
        return (user, await self._line(is_echoed=False)) == (self._device.login.user, self._device.login.password)

    def _obey(self, line: str) -> None:
        if line in self._device.answers:
            self._say(self._device.answers[line].replace("\n", "\r\n"))
        elif line and line not in SESSION_WORDS:
            self._say("% Invalid input detected at '^' marker.\r\n")
        self._say(f"{self._device.name}{self._device.mark}")

    def _say(self, text: str) -> None:
        self._process.stdout.write(text)

    async def _line(self, is_echoed: bool = True) -> str:
        line = ""
        while (character := await self._character()) not in "\r\n":
            line += character
        self._say((line if is_echoed else "") + "\r\n")
        return line

    async def _character(self) -> str:
        if not self._pending:
            self._pending = await self._process.stdin.read(4096)
            if not self._pending:
                raise EOFError
        character, self._pending = self._pending[0], self._pending[1:]
        return character


class CommandLines:
    """All command lines of a site on one TCP port; `start` answers the port."""

    def __init__(self, devices: Sequence[CommandLine], port: int = 0) -> None:
        self._devices, self._port = devices, port
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._serve, name="command-lines", daemon=True)

    def start(self) -> int:
        """Raises OSError when an address is taken."""
        self._thread.start()
        return self._ready.result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        except OSError as error:
            self._ready.set_exception(error)
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        doors, port = [], self._port
        for device in self._devices:
            door = await asyncssh.create_server(
                lambda device=device: _Door(device),
                device.address,
                port,
                server_host_keys=[key],
                process_factory=lambda process, device=device: _Session(device, process).run(),
                line_editor=False,
            )
            port = door.get_port()
            doors.append(door)
        self._ready.set_result(port)
        await self._stop.wait()
        for door in doors:
            door.close()
