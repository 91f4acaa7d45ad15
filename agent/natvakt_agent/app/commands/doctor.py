"""`natvakt-agent doctor`: what would keep the agent from working, each with its remedy. Changes nothing."""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from natvakt_wire.errors import WireError

from natvakt_agent.app.context import FAILED, OK, Context, Settings, settings
from natvakt_agent.app.enrolled import EnrolledIdentity, NotEnrolled
from natvakt_agent.app.status import iso, read_status
from natvakt_agent.app.wiring import BUILD_WALL_NS
from natvakt_agent.config.errors import ConfigError
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.link.enrolment_calls import ServerRefused, ServerUnreachable, check_server
from natvakt_agent.link.identity_files import IdentityUnavailable
from natvakt_agent.vault.errors import VaultError

SCHEMA = "natvakt.doctor/1"
SERVER_SECONDS = 5.0
CERTIFICATE_SOON_NS = 6 * 3600 * 1_000_000_000


class Level(StrEnum):
    GOOD = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty where nothing is to be done."""

    check: str
    level: Level
    detail: str
    remedy: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(options: argparse.Namespace, context: Context) -> int:
    """Exit code 1 when anything is FAIL."""
    findings = list(examine(options, context))
    if options.json:
        context.print_json({"schema": SCHEMA, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            context.print(f"{finding.level:4} {finding.check}: {finding.detail}{f' -> {finding.remedy}' if finding.remedy else ''}")
    return FAILED if any(finding.level is Level.FAIL for finding in findings) else OK


def examine(options: argparse.Namespace, context: Context) -> Iterator[Finding]:
    try:
        found = settings(options, context)
    except ConfigError as error:
        yield from (Finding("settings", Level.FAIL, f"{bad.source}: {bad.key}: {bad.reason}", bad.remedy) for bad in error.problems)
        return
    yield Finding("settings", Level.GOOD, f"{found.config_file or 'defaults'}, {len(found.config.target)} targets")
    yield from _policy(found)
    yield from _vault(found, context)
    yield _spool_folder(found)
    yield _clock(context)
    yield from _identity(found, context)
    yield from _listeners(found)


def _listeners(found: Settings) -> Iterator[Finding]:
    """As the running agent told last."""
    section = found.config.listen
    if not section.enabled:
        return
    if section.syslog_tls_port and not os.access(section.certificate_file, os.R_OK):
        yield Finding("listeners", Level.FAIL, f"listen.certificate_file {section.certificate_file!r} cannot be read", "TLS needs one")
    status: dict[str, Any] = read_status(found.paths.status) or {}
    told = status.get("listeners") or {}
    if not told:
        yield Finding("listeners", Level.WARN, "the agent has not told yet whether it listens", "natvakt-agent run")
    elif told["trouble"]:
        yield Finding("listeners", Level.FAIL, told["trouble"], "the listeners are tried again by themselves")
    else:
        kept_out = {name: count for name, count in told["counts"].items() if not name.endswith(("heard", "admitted", "answered"))}
        shown = ", ".join(f"{count} {name}" for name, count in kept_out.items()) or "nothing was kept out"
        yield Finding("listeners", Level.GOOD, f"{len(told['ports'])} ports; {shown}")
    for warning in told.get("warnings", ()):
        yield Finding("listeners", Level.WARN, warning, "name the protocols with `credentials add`")


def _policy(found: Settings) -> Iterator[Finding]:
    try:
        policy: SitePolicy = found.site_policy()
    except ConfigError as error:
        yield Finding("site policy", Level.FAIL, str(error), "mend the file; a policy that cannot be read stops the agent")
        return
    outside = [entry.name for entry in found.config.target if not policy.allows_address(entry.address)]
    if outside:
        yield Finding("site policy", Level.WARN, f"keeps back {', '.join(outside)}", "widen allowed_networks or remove those targets")
    else:
        yield Finding("site policy", Level.GOOD, "allows every target")


def _vault(found: Settings, context: Context) -> Iterator[Finding]:
    if not found.paths.vault.exists():
        yield Finding("vault", Level.WARN, "no credentials yet", "natvakt-agent credentials add NAME")
        return
    try:
        vault = found.vault(context)
        known = {name: vault.summary(name) for name in vault.names()}
    except VaultError as error:
        yield Finding("vault", Level.FAIL, str(error), "see above")
        return
    yield Finding("vault", Level.GOOD, f"opens, {len(known)} credentials")
    missing = sorted({entry.credential for entry in found.config.target if entry.credential and entry.credential not in known})
    if missing:
        yield Finding("credentials", Level.FAIL, f"targets name {', '.join(missing)}", "natvakt-agent credentials add NAME")
    for name, summary in known.items():
        if summary.well_known:
            yield Finding("credentials", Level.WARN, f"{name} is one that everybody knows", "change it on the devices, then add it again")


def _spool_folder(found: Settings) -> Finding:
    folder = found.paths.spool
    if not folder.is_dir():
        return Finding("spool", Level.FAIL, f"{folder} is not there", "natvakt-agent enrol makes it; if it is a mount, mount it")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("spool", Level.FAIL, f"{folder} is not writable", "chown it to the user the agent runs as, or remount it read-write")
    if os.name == "posix" and folder.stat().st_uid != os.geteuid():
        return Finding("spool", Level.WARN, f"{folder} belongs to user {folder.stat().st_uid}", "run the agent as that user")
    return Finding("spool", Level.GOOD, f"{folder} is writable")


def _clock(context: Context) -> Finding:
    now_ns = context.clock.wall_ns()
    if now_ns < BUILD_WALL_NS:
        return Finding("clock", Level.FAIL, f"says {iso(now_ns)}, before this release was made", "set it, and run chrony or ntpd")
    return Finding("clock", Level.GOOD, iso(now_ns))


def _identity(found: Settings, context: Context) -> Iterator[Finding]:
    try:
        identity = EnrolledIdentity(found.identity_files(context), context.clock)
        end_ns = identity.certificate_end_ns()
    except NotEnrolled as error:
        yield Finding("identity", Level.FAIL, str(error), "ask the partner for a token")
        return
    except (IdentityUnavailable, WireError, ValueError) as error:
        yield Finding("identity", Level.FAIL, str(error), "mend the file, or enrol again with a new token; the spool is kept")
        return
    yield Finding("identity", Level.GOOD, f"{identity.name.tenant}/{identity.name.site}, agent {identity.name.agent}")
    yield _certificate(end_ns, context.clock.wall_ns())
    known = identity.membership
    yield _server(known.server, lambda: check_server(known.server, known.ca_certificates, SERVER_SECONDS))


def _certificate(end_ns: int | None, now_ns: int) -> Finding:
    if end_ns is None:
        return Finding("certificate", Level.WARN, "none yet: the partner has to approve", "then enrol again with the same token")
    if now_ns >= end_ns:
        return Finding("certificate", Level.WARN, f"ended {iso(end_ns)}", "a running agent gets a new one by itself; is it running?")
    if end_ns - now_ns < CERTIFICATE_SOON_NS:
        return Finding("certificate", Level.WARN, f"ends {iso(end_ns)}", "it renews at half its life; is the agent running?")
    return Finding("certificate", Level.GOOD, f"ends {iso(end_ns)}")


def _server(address: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except (ServerUnreachable, ServerRefused, WireError) as error:
        return Finding("server", Level.FAIL, str(error), "check name, route and firewall: outbound TCP to this port must be open")
    return Finding("server", Level.GOOD, f"{address} answers with the pinned CA over TLS 1.3")
