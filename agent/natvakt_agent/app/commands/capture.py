"""`natvakt-agent capture TARGET`: what a device answers, as an anonymised recording that can be replayed (the device doctor).

walk (SNMP), show commands (SSH, scrubbed) ─► anonymise with a key of this run ─► does anything remain? ─► files, report
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from natvakt_agent.app import probe
from natvakt_agent.app.capturing.fixture import kept, planned, report_of
from natvakt_agent.app.capturing.snmp import Pace, Recorded, SnmpCapture
from natvakt_agent.app.capturing.ssh import Outputs, SshCapture
from natvakt_agent.app.context import FAILED, OK, CommandFailed, Context, Settings, UsageError, settings
from natvakt_agent.app.host_keys import HostKeyFile
from natvakt_agent.app.scrubbing import site_scrubber
from natvakt_agent.app.snmp_engines import GUFO, OnlyThisRun, SnmpEngines, snmp_child
from natvakt_agent.app.ssh import ChildCaller, ssh_child
from natvakt_agent.capture.anonymiser import Anonymised, Capture, anonymised
from natvakt_agent.capture.keyed import KEY_BYTES, Key
from natvakt_agent.capture.kinds import Kind
from natvakt_agent.capture.recording import oid_of
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.collectors.snmp.packs import PACKS
from natvakt_agent.collectors.snmp.session import SnmpFault
from natvakt_agent.collectors.snmp.v3_protocols import CredentialUnusable
from natvakt_agent.collectors.ssh.dialects import SYSTEMS
from natvakt_agent.model.target import Secret, SnmpCredential, Target

DEADLINE_SECONDS, REQUESTS_PER_SECOND = 900.0, 20.0
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    probe.add_access_arguments(parser)
    parser.add_argument("-o", "--output", type=Path, default=Path(), metavar="FOLDER", help="where the files go (default: here)")
    parser.add_argument("--name", default="device", help="what the files are called (default: device); it goes with them")
    parser.add_argument("--all", action="store_true", help="walk everything, not only what the agent reads")
    parser.add_argument("--deadline", type=float, default=DEADLINE_SECONDS, metavar="SECONDS", help="stop walking after this long (900)")
    parser.add_argument("--rate", type=float, default=REQUESTS_PER_SECOND, metavar="N", help="most requests a second (20)")
    parser.add_argument("--keep-names", action="store_true", help="keep device names, descriptions and network names as they are")
    parser.add_argument("--ssh", action="store_true", help="record the allowed show commands and configurations too, with --login")
    parser.add_argument("--login", metavar="NAME", help="a login of the vault, for --ssh")
    parser.add_argument("--ssh-port", type=int, default=22, metavar="N", help="TCP port of its SSH server (default: 22)")
    parser.add_argument("--os", choices=SYSTEMS, help="what runs on it, for --ssh (default: as it tells by SNMP)")


def run(options: argparse.Namespace, context: Context) -> int:
    """Raises UsageError, CommandFailed and the faults of settings and vault."""
    _check(options)
    own = settings(options, context)
    try:
        credential = probe.credential_of(options, lambda name: own.credentials(context).get(name))
    except probe.ProbeUsage as problem:
        raise UsageError(str(problem)) from None
    target = Target(
        device=f"capture:{options.target}", name=options.target, address=options.target, snmp=credential, snmp_port=options.port,
        deadline_seconds=options.deadline, login=options.login, ssh_port=options.ssh_port,
    )  # fmt: skip
    engines = SnmpEngines(GUFO, snmp_child(1, context.environment), OnlyThisRun(), context.clock)
    try:
        recorded = _walked(engines, target, options, context)
        system = _system(engines, target, options, context) if options.ssh else None
    finally:
        engines.close()
    outputs = _asked(own, target, system, context) if system is not None else Outputs()
    return _finish(options, context, recorded, outputs, system, _known(options, target, own, context))


def _check(options: argparse.Namespace) -> None:
    if not FILE_NAME.fullmatch(options.name):
        raise UsageError(f"--name {options.name[:40]!r}: letters, digits, dots and dashes, 64 at most")
    if options.rate <= 0 or options.deadline <= 0:
        raise UsageError("--rate and --deadline: have to be above 0")
    if options.ssh and not options.login:
        raise UsageError("--ssh needs --login NAME, a login of the vault (natvakt-agent credentials add)")
    clash = next((file for file in planned(options.output, options.name, [None], False) if file.exists()), None)
    if clash is not None:
        raise CommandFailed(f"{clash}: is there already; name another --output or --name")


def _walked(engines: SnmpEngines, target: Target, options: argparse.Namespace, context: Context) -> Recorded:
    capture = SnmpCapture(engines.open_capture, context.clock, Pace(options.rate, context.clock), context.note)
    context.note(f"walking {target.name} port {target.snmp_port}, at most {options.rate:g} requests a second")
    try:
        recorded = capture.run(target, options.all)
    except (SnmpFault, CredentialUnusable) as error:
        raise CommandFailed(f"{target.name} port {target.snmp_port}: {error}") from None
    if not recorded.recordings:
        raise CommandFailed(
            f"{target.name} port {target.snmp_port} did not answer ({recorded.ended or 'nothing is there'}): check the address, that SNMP"
            " is enabled, that the device's access list allows this host, and the credential"
        )
    for gap in recorded.gaps:
        context.note(f"note: below {gap.base}: {gap.what}: {gap.detail}")
    if recorded.ended is not None:
        context.note(f"note: the walk ended early: {recorded.ended}")
    return recorded


def _system(engines: SnmpEngines, target: Target, options: argparse.Namespace, context: Context) -> str:
    """What runs on the device, by the option or as the collector reads it."""
    if options.os is not None:
        return str(options.os)
    observation = SnmpCollector(engines.open_session).collect(target, ["device"], context.clock)
    found = next((row.get("os") for table in observation.tables for row in table.rows), None)
    if found not in SYSTEMS:
        raise CommandFailed(f"{target.name}: its system {found!r} is not asked over SSH; say --os with one of {', '.join(SYSTEMS)}")
    return str(found)


def _asked(own: Settings, target: Target, system: str, context: Context) -> Outputs:
    credentials = own.credentials(context)
    if credentials.unopened:
        raise CommandFailed(f"credential {credentials.unopened[0]!r} of the vault does not open: what it holds could not be scrubbed")
    child = ssh_child(1, context.environment)
    try:
        keys = HostKeyFile(own.paths.host_keys, context.clock)
        secrets = own.vault(context).secrets()
        capture = SshCapture(
            ChildCaller(child), credentials.get, keys, lambda: site_scrubber(own.paths.scrubbing_key, secrets, context.edges.random)
        )  # fmt: skip
        context.note(f"asking {target.name} port {target.ssh_port} over SSH as a device of {system}")
        outputs = capture.run(target, system, context.clock)
    finally:
        child.close()
    for error in outputs.errors:
        context.note(f"note: ssh: {error}")
    for command, reason in outputs.withheld.items():
        context.note(f"note: {command}: not recorded: {reason}")
    return outputs


def _known(options: argparse.Namespace, target: Target, own: Settings, context: Context) -> Sequence[tuple[Kind, str]]:
    """What is known to be the site's, whether or not the device tells it: the target's name and everything of its credentials."""
    credentials = own.credentials(context) if options.credential or options.login else None
    used: list[SnmpCredential | None] = [target.snmp, credentials.get(options.login) if credentials and options.login else None]
    known = [(Kind.NAME, target.name)]
    for credential in used:
        if credential is None:
            continue
        known += [(Kind.USER, credential.user)] if credential.user else []
        secrets: list[Secret | None] = [credential.community, credential.auth_key, credential.privacy_key, credential.enable_password]
        known += [(Kind.COMMUNITY, secret.reveal()) for secret in secrets if secret is not None]
    return known


def _finish(
    options: argparse.Namespace,
    context: Context,
    recorded: Recorded,
    outputs: Outputs,
    system: str | None,
    known: Sequence[tuple[Kind, str]],
) -> int:
    entries = frozenset(oid_of(column.oid)[:-1] for pack in PACKS for column in pack.columns)
    capture = Capture(recorded.recordings, outputs.texts, known, entries)
    result = anonymised(capture, Key(context.edges.random(KEY_BYTES)), options.keep_names)
    if result.remaining:
        raise CommandFailed(f"nothing was written: {result.remaining} values that tell whose it is would remain; report this as a fault")
    files = planned(options.output, options.name, [recording.context for recording in result.recordings], bool(result.outputs))
    report = report_of(result, files, recorded.gaps, recorded.ended is not None, outputs.withheld, options.keep_names)
    try:
        kept(options.output, options.name, result, system, report)
    except OSError as error:
        raise CommandFailed(f"{options.output}: {error.strerror}; name a folder that can be written to") from None
    _tell(options, context, result, files, report)
    return OK if recorded.ended is None and not (options.ssh and not outputs.texts) else FAILED


def _tell(options: argparse.Namespace, context: Context, result: Anonymised, files: Sequence[Path], report: dict[str, object]) -> None:
    if options.json:
        context.print_json(report)
        return
    for file in files:
        context.print(str(file))
    context.print(f"{report['objects']} objects, {len(result.outputs)} outputs; replaced:")
    for kind, count in result.replaced.items():
        context.print(f"  {kind:<20} {count.values} different, in {count.places} places")
    context.note("look through the files before you pass them on")
