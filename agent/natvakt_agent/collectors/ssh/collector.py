"""Configurations and show commands over SSH.

    login, host key ─► child process: one session, the allowed commands ─► whole? ─► scrubbed at the gate ─► tables

Nothing is sent to a device whose host key changed (promise 38). What was cut off fills no table (promise 31): the last whole one stays,
and the hash of what came is told at the site only.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from natvakt_agent.collectors.ssh.dialects import COMMAND_OUTPUT, CONFIGURATION, SYSTEMS, Dialect, allowed, dialect_of
from natvakt_agent.collectors.ssh.fingerprints import fingerprint
from natvakt_agent.collectors.ssh.inventory import READERS, filled
from natvakt_agent.collectors.ssh.messages import (
    FETCH,
    GREET,
    Fetch,
    Fetched,
    Greet,
    HostKey,
    Login,
    Output,
    Trouble,
    decode_fetched,
    decode_greeting,
    encode,
)
from natvakt_agent.collectors.ssh.ports import Caller, Gate, HostKeys, Logins, ServiceLost, Systems
from natvakt_agent.collectors.ssh.reading import is_right_missing, last_change, shortfall
from natvakt_agent.model.clock import Clock, Instant
from natvakt_agent.model.observation import Cost, Observation, TableObservation, TableStatus, Value
from natvakt_agent.model.target import Target

logger = logging.getLogger(__name__)

HOST_KEY = "host_key"
OWN_TABLES = (CONFIGURATION, COMMAND_OUTPUT, HOST_KEY)
TABLES: Mapping[str, float] = dict.fromkeys(OWN_TABLES, 86_400.0)
"""With the interval of each, in seconds."""
GAP_TABLES = tuple(READERS)
"""Filled from show commands where SNMP does not."""

GREETING_SECONDS = 20.0
GRACE_SECONDS = 15.0
"""What the child may take beyond a device's deadline before it is ended."""
MOST_TEXT_BYTES = 1024 * 1024
OUTPUT_FIELDS = ("text", "lines", "complete", "incomplete_reason", "sha256")
STATUS: Mapping[Trouble, TableStatus] = {
    Trouble.UNREACHABLE: TableStatus.UNREACHABLE,
    Trouble.LOGIN_REFUSED: TableStatus.NO_ACCESS,
    Trouble.PRIVILEGE: TableStatus.NO_ACCESS,
    Trouble.KEY_CHANGED: TableStatus.NO_ACCESS,
    Trouble.PASSWORD_CHANGE: TableStatus.NO_ACCESS,
    Trouble.CUT: TableStatus.FAILED,
    Trouble.DEADLINE: TableStatus.FAILED,
    Trouble.FAULT: TableStatus.FAILED,
}


class _NotAsked(Exception):
    """The device cannot be asked; what its tables say then."""

    def __init__(self, status: TableStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Session:
    """One target, ready to be asked."""

    target: Target
    system: str
    dialect: Dialect
    login: Login
    commands: Sequence[str]


class SshCollector:
    """`narrowed_to`: the commands the site policy allows; empty, all of the dialect."""

    name = "ssh"

    def __init__(
        self, caller: Caller, logins: Logins, keys: HostKeys, gate: Gate, systems: Systems, narrowed_to: Collection[str] = ()
    ) -> None:
        self._caller = caller
        self._logins = logins
        self._keys = keys
        self._gate = gate
        self._systems = systems
        self._narrowed_to = frozenset(narrowed_to)

    def collect(self, target: Target, tables: Sequence[str] | None, clock: Clock, snapshot: bool = True) -> Observation:  # noqa: ARG002
        start = Instant.of(clock)
        wanted = [name for name in (tables if tables is not None else (*OWN_TABLES, *GAP_TABLES)) if name in (*OWN_TABLES, *GAP_TABLES)]
        errors: list[str] = []
        try:
            found = self._fetched(target, wanted, errors)
        except _NotAsked as error:
            errors.append(str(error))
            found = {name: _unread(name, error.status, str(error)) for name in wanted if name != HOST_KEY}
        except ServiceLost as error:
            errors.append(str(error))
            found = {name: _unread(name, TableStatus.FAILED, str(error)) for name in wanted if name != HOST_KEY}
        if HOST_KEY in wanted and (key_table := self._key_table(target)):
            found[HOST_KEY] = key_table
        cost = Cost(seconds=(clock.monotonic_ns() - start.monotonic_ns) / 1e9)
        return Observation(target.device, start.wall_ns, start.monotonic_ns, start.boot_id, list(found.values()), cost, errors)

    def _fetched(self, target: Target, wanted: Sequence[str], errors: list[str]) -> dict[str, TableObservation]:
        session = self._session(target, wanted)
        answer = self._asked(session, self._trusted_key(target))
        for output in answer.outputs:
            if output.unparsed:
                errors.append(f"{output.command}: unparsed: {output.unparsed}; {output.octets} octets, sha256 {output.raw_sha256}")
        if answer.trouble is not None:
            errors.append(answer.detail)
        found: dict[str, TableObservation] = {}
        for name in wanted:
            if name == CONFIGURATION:
                found[name] = self._configuration(session, answer)
            elif name == COMMAND_OUTPUT:
                found[name] = self._command_output(session, answer)
            elif name in READERS and (table := filled(name, answer.outputs, session.system)):
                found[name] = table
        return found

    def _session(self, target: Target, wanted: Sequence[str]) -> _Session:
        credential = self._logins(target.login) if target.login else None
        if credential is None:
            raise _NotAsked(TableStatus.NO_ACCESS, f"no login {target.login!r} in the vault; natvakt-agent credentials add {target.login}")
        system = target.system or self._systems(target.device)
        dialect = dialect_of(system)
        if dialect is None:
            known = ", ".join(SYSTEMS)
            told = f"its system {system!r} is not asked over SSH" if system else "its system is not known yet"
            raise _NotAsked(TableStatus.NOT_PROVIDED if system else TableStatus.FAILED, f"{told}; set `os` of the target to one of {known}")
        login = Login(
            credential.user or "",
            credential.auth_key.reveal() if credential.auth_key else "",
            credential.enable_password.reveal() if credential.enable_password else "",
            credential.private_key.reveal() if credential.private_key else "",
        )
        commands = [command for command in allowed(dialect, self._narrowed_to) if _is_wanted(command, dialect, wanted)]
        if not commands:
            raise _NotAsked(TableStatus.NOT_PROVIDED, "the site policy allows none of its commands (allowed_show_commands)")
        return _Session(target, system or dialect.name, dialect, login, commands)

    def _trusted_key(self, target: Target) -> HostKey:
        """The key the device must show. At first contact it is asked for, with nothing of the login, and kept before anything else."""
        known = self._keys.known(target.device)
        if known is not None and known.offered is not None and target.host_key != fingerprint(known.offered):
            raise _NotAsked(TableStatus.NO_ACCESS, _changed(target, known.offered))
        if known is not None and known.offered is None and target.host_key in (None, fingerprint(known.trusted)):
            return known.trusted
        asked = Greet(target.address, target.ssh_port, min(GREETING_SECONDS, target.deadline_seconds))
        greeting = decode_greeting(self._caller.call(GREET, encode(asked), asked.deadline_seconds + GRACE_SECONDS))
        if greeting.key is None:
            raise _NotAsked(STATUS[greeting.trouble or Trouble.FAULT], greeting.detail)
        if target.host_key not in (None, fingerprint(greeting.key)):
            detail = f"shows host key {fingerprint(greeting.key)}, not {target.host_key} as set (`host_key`); nothing was sent to it"
            raise _NotAsked(TableStatus.NO_ACCESS, detail)
        try:
            self._keys.pin(target.device, target.name, greeting.key)
        except OSError as error:
            raise _NotAsked(TableStatus.FAILED, f"its host key cannot be kept: {error.strerror}; nothing was sent to it") from error
        logger.info("host key pinned device=%s key=%s", target.name, fingerprint(greeting.key))
        return greeting.key

    def _asked(self, session: _Session, pinned: HostKey) -> Fetched:
        target = session.target
        fetch = Fetch(
            address=target.address,
            port=target.ssh_port,
            dialect=session.dialect.name,
            login=session.login,
            pinned=pinned,
            commands=list(session.commands),
            parsed=[reader.command for reader in READERS.values()] if target.snmp is None else [],
            deadline_seconds=target.deadline_seconds,
        )
        answer = decode_fetched(self._caller.call(FETCH, encode(fetch), target.deadline_seconds + GRACE_SECONDS))
        if answer.trouble is Trouble.KEY_CHANGED and answer.offered is not None:
            self._keys.report_change(target.device, answer.offered)
            logger.error("host key changed device=%s pinned=%s offered=%s", target.name, fingerprint(pinned), fingerprint(answer.offered))
            raise _NotAsked(TableStatus.NO_ACCESS, _changed(target, answer.offered))
        if answer.trouble is not None and not answer.outputs:
            raise _NotAsked(STATUS[answer.trouble], answer.detail)
        return answer

    def _configuration(self, session: _Session, answer: Fetched) -> TableObservation:
        """A row for each source, or none at all where one was cut off: the last whole table stays."""
        rows: list[dict[str, Value]] = []
        for source, command in session.dialect.configurations().items():
            if command not in session.commands:
                continue
            output = next((output for output in answer.outputs if output.command == command), None)
            if output is None:
                status = STATUS[answer.trouble] if answer.trouble else TableStatus.FAILED
                return _unread(CONFIGURATION, status, f"{command}: cut off: {answer.detail}")
            if output.unparsed:
                return _unread(CONFIGURATION, TableStatus.FAILED, f"{command}: unparsed: {output.unparsed}")
            if output.refusal and is_right_missing(output.refusal):
                return _unread(CONFIGURATION, TableStatus.NO_ACCESS, f"{command}: {output.refusal}")
            reason = output.refusal or shortfall(output.text, session.dialect, answer.privilege)
            rows.append({"source": source, **self._text(session, output, reason)})
        if not rows:
            return _unread(CONFIGURATION, TableStatus.NOT_PROVIDED, "the site policy allows none of its commands (allowed_show_commands)")
        return TableObservation(CONFIGURATION, ("source",), frozenset(), rows)

    def _command_output(self, session: _Session, answer: Fetched) -> TableObservation:
        """Of every command that the device does and that was read whole. Where the session broke off, none: the last whole table stays."""
        if answer.trouble is not None:
            return _unread(COMMAND_OUTPUT, STATUS[answer.trouble], f"cut off: {answer.detail}")
        configurations = session.dialect.configurations().values()
        rows: list[dict[str, Value]] = []
        for output in answer.outputs:
            if output.command in configurations or output.refusal:
                continue
            row = self._text(session, output, f"unparsed: {output.unparsed}" if output.unparsed else None)
            rows.append({"command": output.command, **{name: row[name] for name in OUTPUT_FIELDS}})
        return TableObservation(COMMAND_OUTPUT, ("command",), frozenset(), rows)

    def _text(self, session: _Session, output: Output, incomplete: str | None) -> dict[str, Value]:
        """The text's fields, as it may leave the site."""
        text: str | None = None
        reason = incomplete
        if output.unparsed is None and output.refusal is None and len(output.text.encode()) > MOST_TEXT_BYTES:
            reason = f"is larger than {MOST_TEXT_BYTES} bytes"
        elif output.unparsed is None and output.refusal is None and output.text:
            cleared = self._gate.clear(session.target, output.command, output.text, session.system)
            text, reason = cleared.text, incomplete if cleared.text is not None else cleared.reason
        changed = last_change(text or "")
        return {
            "text": text,
            "lines": None if text is None else text.count("\n"),
            "complete": text is not None and reason is None,
            "incomplete_reason": reason,
            "changed_at": changed.at,
            "changed_by": changed.by,
            "sha256": None if text is None else sha256(text.encode("utf-8", "replace")).hexdigest(),
        }

    def _key_table(self, target: Target) -> TableObservation | None:
        known = self._keys.known(target.device)
        if known is None:
            return None
        row: dict[str, Value] = {
            "algorithm": known.trusted.algorithm,
            "fingerprint": fingerprint(known.trusted),
            "state": "changed" if known.offered else "trusted",
            "first_seen": known.first_seen,
            "offered_fingerprint": fingerprint(known.offered) if known.offered else None,
        }
        return TableObservation(HOST_KEY, ("algorithm",), frozenset(), [row])


def _is_wanted(command: str, dialect: Dialect, wanted: Collection[str]) -> bool:
    if command == dialect.privilege:
        return CONFIGURATION in wanted
    if command in dialect.configurations().values():
        return CONFIGURATION in wanted
    return COMMAND_OUTPUT in wanted or any(command == READERS[table].command for table in wanted if table in READERS)


def _changed(target: Target, offered: HostKey) -> str:
    shown = fingerprint(offered)
    return f"shows another host key ({shown}); nothing is sent to it until `natvakt-agent hostkeys accept {target.name}`"


def _unread(table: str, status: TableStatus, detail: str) -> TableObservation:
    return TableObservation(table, (), frozenset(), (), status, detail[:500], snapshot=False)
