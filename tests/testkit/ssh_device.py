"""Devices that are spoken to over SSH: a real SSH server that plays the prompt of each family, with faults where a test wants them.

    with SshDevice(Script(dialect="ios", answers={...})) as device:
        ... device.port, device.key, device.heard

Everything it is sent is kept in `heard`, octet for octet.
"""

import asyncio
import base64
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType

import asyncssh

PASSWORDS = {"natvakt": "canary-login-7Q"}
ENABLE = "canary-enable-4R"
PAGE_LINES = 24


@dataclass(frozen=True)
class Script:
    """How one device behaves. `answers` by command; anything else is refused in the family's words.

    `cut_in`: the session ends in the middle of this command's answer. `silent_in`: it stops there and says nothing more. `trickle_in`:
    it goes on with one character at a time, for ever. `slow_in`: it pauses for `pause_seconds` between its lines.
    """

    prompt: str = "hq-acc1"
    greeting: str = ""
    auth_banner: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    is_enabled: bool = True
    enable_secret: str | None = ENABLE
    has_enable: bool = True
    enabled_mark: str = "#"
    user_mark: str = ">"
    pager: str | None = None
    paging_off: Sequence[str] = ("terminal length 0", "terminal pager 0", "terminal datadump", "config paging disable")
    refusal: str = "% Invalid input detected at '^' marker."
    asks_in_session: bool = False
    login_question: str = ""
    cut_in: str | None = None
    silent_in: str | None = None
    trickle_in: str | None = None
    slow_in: str | None = None
    pause_seconds: float = 0.0
    takes_password: bool = True
    authorised_key: str | None = None
    algorithms: Mapping[str, Sequence[str]] = field(default_factory=dict)


class _Server(asyncssh.SSHServer):
    def __init__(self, device: "SshDevice") -> None:
        self._device = device
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._device.opened.append(conn)

    def begin_auth(self, username: str) -> bool:
        self._device.names.append(username)
        script = self._device.script
        if script.auth_banner and self._connection is not None:
            self._connection.send_auth_banner(script.auth_banner)
        return not script.asks_in_session

    def password_auth_supported(self) -> bool:
        return self._device.script.takes_password

    def validate_password(self, username: str, password: str) -> bool:
        self._device.passwords.append(password)
        return PASSWORDS.get(username) == password

    def public_key_auth_supported(self) -> bool:
        return self._device.script.authorised_key is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return key.export_public_key().decode().split()[:2] == (self._device.script.authorised_key or "").split()[:2]


class _Shell:
    """One session."""

    def __init__(self, device: "SshDevice", process: asyncssh.SSHServerProcess[str]) -> None:
        self._device = device
        self._script = device.script
        self._process = process
        self._is_enabled = device.script.is_enabled
        self._is_paging = device.script.pager is not None
        self._pending = ""

    async def run(self) -> None:
        try:
            if await self._greet():
                await self._obey()
        except (asyncssh.Error, OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._process.exit(0)

    async def _greet(self) -> bool:
        self._say(self._script.greeting)
        if self._script.login_question:
            self._say(self._script.login_question)
            await self._line(is_echoed=False)
            return False
        if self._script.asks_in_session:
            for attempt in range(3):
                self._say("\r\nUser Name:" if attempt == 0 else "\r\nauthentication failed\r\nUser Name:")
                user = await self._line()
                self._say("Password:")
                if PASSWORDS.get(user) == await self._line(is_echoed=False):
                    break
            else:
                return False
        self._say("\r\n" + self._prompt())
        return True

    async def _obey(self) -> None:
        while True:
            line = await self._line()
            if line in ("exit", "logout"):
                return
            if line == "enable" and self._script.has_enable:
                await self._enable()
            elif line in self._script.paging_off:
                self._is_paging = False
            elif line in self._script.answers:
                if not await self._answer(line):
                    return
            elif line and not line.startswith("terminal "):
                self._say(self._script.refusal + "\r\n")
            self._say(self._prompt())

    async def _enable(self) -> None:
        if self._script.enable_secret is None:
            self._say("% Command authorization failed.\r\n")
            return
        self._say("Password: ")
        self._is_enabled = await self._line(is_echoed=False) == self._script.enable_secret
        if not self._is_enabled:
            self._say("% Access denied\r\n")

    async def _answer(self, command: str) -> bool:
        """False where the session ends here."""
        lines = self._script.answers[command].split("\n")
        if command in (self._script.cut_in, self._script.silent_in, self._script.trickle_in):
            self._say("\r\n".join(lines[: len(lines) // 2]))
            await self._misbehave(command)
            return False
        for number, line in enumerate(lines, 1):
            self._say(line + ("\r\n" if number < len(lines) else ""))
            if self._script.slow_in == command:
                await asyncio.sleep(self._script.pause_seconds)
            if self._is_paging and number % PAGE_LINES == 0:
                self._say(self._script.pager or "")
                await self._character()
                self._say("\b" * 10 + " " * 10 + "\b" * 10)
        return True

    async def _misbehave(self, command: str) -> None:
        if command == self._script.silent_in:
            await self._process.stdin.read(1 << 16)
        while command == self._script.trickle_in:
            self._say("x")
            await self._process.stdout.drain()
            await asyncio.sleep(0.01)
            if self._process.stdin.at_eof() or self._process.is_closing():
                return

    def _prompt(self) -> str:
        return self._script.prompt + (self._script.enabled_mark if self._is_enabled else self._script.user_mark)

    def _say(self, text: str) -> None:
        self._process.stdout.write(text)

    async def _character(self) -> str:
        while not self._pending:
            piece = await self._process.stdin.read(4096)
            if not piece:
                raise EOFError
            self._device.heard += piece
            self._pending += piece
        character, self._pending = self._pending[0], self._pending[1:]
        return character

    async def _line(self, is_echoed: bool = True) -> str:
        line = ""
        while (character := await self._character()) not in "\r\n":
            line += character
        self._say((line if is_echoed else "") + "\r\n")
        return line


class SshDevice:
    """A device on a free port of the loopback; a context manager."""

    def __init__(self, script: Script, key: asyncssh.SSHKey | None = None, port: int = 0) -> None:
        self.script = script
        self.key = key or asyncssh.generate_private_key("ssh-ed25519")
        self.heard = ""
        self.names: list[str] = []
        self.passwords: list[str] = []
        self.opened: list[asyncssh.SSHServerConnection] = []
        self.port = port
        self._loop = asyncio.new_event_loop()
        self._ready: Future[int] = Future()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, name="ssh-device")

    @property
    def fingerprint(self) -> str:
        return "SHA256:" + base64.b64encode(sha256(self.key.public_data).digest()).decode().rstrip("=")

    @property
    def connections(self) -> int:
        return len(self.opened)

    def __enter__(self) -> "SshDevice":
        self._thread.start()
        self.port = self._ready.result()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        options = {name: list(values) for name, values in self.script.algorithms.items()}
        acceptor = await asyncssh.create_server(
            lambda: _Server(self),
            "127.0.0.1",
            self.port,
            server_host_keys=[self.key],
            process_factory=lambda process: _Shell(self, process).run(),
            line_editor=False,
            **options,
        )
        self._ready.set_result(acceptor.get_port())
        await self._stop.wait()
        acceptor.close()
        for connection in self.opened:
            connection.abort()
            await connection.wait_closed()
        await acceptor.wait_closed()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
