"""`natvakt-agent credentials add NAME | import | list | remove NAME`: the vault's door. No secret is ever an argument."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from natvakt_agent.app.context import OK, CommandFailed, Context, Settings, UsageError, add_common_arguments, settings
from natvakt_agent.app.device_registry import DeviceRegistry
from natvakt_agent.app.found_protocols import FoundProtocols, found_protocols
from natvakt_agent.collectors.snmp.v3_protocols import ANY, AUTH_PROTOCOLS, PRIVACY_PROTOCOLS
from natvakt_agent.model.target import Secret, SnmpCredential
from natvakt_agent.vault.files import read_private
from natvakt_agent.vault.store import CredentialSummary, Vault

SCHEMA = "natvakt.credentials/1"
SHORTEST_V3_KEY = 8
LOGIN = "login"
VERSIONS = ("v1", "v2c", "v3", LOGIN)
IMPORT_KEYS = (
    "name", "version", "user", "auth_protocol", "privacy_protocol", "context_name", "community", "password", "auth_key", "privacy_key",
    "enable_password", "private_key",
)  # fmt: skip
IMPORT_HELP = (
    'a JSON array from a file of mode 0600, /dev/fd/N or -: [{"name": "core", "version": "v2c", "community": "..."}, ...]; keys: '
    + ", ".join(IMPORT_KEYS)
)
CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a credential, or replace one of the same name")
    add.add_argument("name", help="what targets call it")
    add.add_argument(
        "--version",
        choices=VERSIONS,
        default="v2c",
        help="SNMP version (default: v2c; v3 is what you should use), or a login",
    )
    add.add_argument("--user", help="user name of SNMPv3 or of the login")
    add.add_argument("--auth-protocol", choices=(*AUTH_PROTOCOLS, ANY), help="SNMPv3 authentication; any: find out by asking the device")
    add.add_argument("--privacy-protocol", choices=(*PRIVACY_PROTOCOLS, ANY), help="SNMPv3 privacy; any: find out by asking the device")
    add.add_argument("--context-name", help="SNMPv3 context")
    add.add_argument("--enable", action="store_true", help="of a login: the device asks for an enable password, which is asked for too")
    add.add_argument(
        "--private-key",
        type=Path,
        metavar="FILE",
        help="of a login: log in with this SSH key (mode 0600, no passphrase) instead of a password",
    )
    add.add_argument(
        "--from-file",
        type=Path,
        metavar="FILE",
        help="secrets from a file of mode 0600, /dev/fd/N or -: the community; password and enable password, or SNMPv3 keys, a line each",
    )
    importing = actions.add_parser("import", help="add the credentials of a whole site at once")
    importing.add_argument("--from-file", type=Path, required=True, metavar="FILE", help=IMPORT_HELP)
    listing = actions.add_parser("list", help="names and kinds; never a secret")
    remove = actions.add_parser("remove", help="remove a credential")
    remove.add_argument("name")
    for action in (add, importing, listing, remove):
        add_common_arguments(action, is_action=True)


def run(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    if options.action == "add":
        credential = _credential(options, context)
        vault = _vault(found, context)
        vault.put(credential)
        _show([vault.summary(options.name)], options, context)
    elif options.action == "import":
        credentials = _listed(options.from_file)
        vault = _vault(found, context)
        for credential in credentials:
            vault.put(credential)
        _show([vault.summary(credential.name) for credential in credentials], options, context)
    elif options.action == "remove":
        vault = _vault(found, context)
        vault.remove(options.name)
        context.note(f"credential {options.name} removed")
    else:
        held = found.vault(context) if found.paths.vault.exists() else None
        known = DeviceRegistry(found.paths.devices, context.clock, context.edges.random).by_name()
        summaries = [held.summary(name) for name in held.names()] if held else []
        _show(summaries, options, context, found_protocols(found.config, known))
    return OK


def _vault(found: Settings, context: Context) -> Vault:
    try:
        found.paths.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandFailed(f"{found.paths.root}: {error.strerror}; run as the user the agent runs as, or set NATVAKT_STATE_DIR") from None
    return found.vault(context)


def _credential(options: argparse.Namespace, context: Context) -> SnmpCredential:
    wanted = _wanted_secrets(options)
    private_key = "\n".join(_from_file(options.private_key)) + "\n" if options.private_key else None
    lines = _from_file(options.from_file) if options.from_file else [context.ask(f"{label}: ") for label in wanted.values()]
    if len(lines) < len(wanted):
        raise CommandFailed(f"{options.from_file}: holds {len(lines)} lines, expected {len(wanted)}: {', '.join(wanted.values())}")
    return _built(options, wanted, dict(zip(wanted, lines, strict=False)), private_key)


def _built(
    options: argparse.Namespace, wanted: Mapping[str, str], secrets: Mapping[str, str], private_key: str | None = None
) -> SnmpCredential:
    if not CREDENTIAL_NAME.fullmatch(options.name):
        raise UsageError("a credential's name has 1 to 63 letters, digits, dots, dashes or underscores")
    for field, text in secrets.items():
        _check_secret(field, wanted[field], text, shortest=SHORTEST_V3_KEY if options.version == "v3" else 1)
    return SnmpCredential(
        name=options.name,
        version=options.version,
        user=options.user,
        auth_protocol=options.auth_protocol,
        privacy_protocol=options.privacy_protocol,
        context_name=options.context_name,
        private_key=Secret(_checked_key(private_key)) if private_key else None,
        **{field: Secret(text) for field, text in secrets.items()},
    )


def _listed(path: Path) -> list[SnmpCredential]:
    """Every credential of the file, or none of them: what is wrong is told with its place in the list, never with a secret."""
    try:
        entries = json.loads("\n".join(_from_file(path)))
    except json.JSONDecodeError as error:
        raise CommandFailed(f"{path}: line {error.lineno} is not JSON; give an array of objects") from None
    if not isinstance(entries, list):
        raise CommandFailed(f"{path}: holds no JSON array; give [{{...}}, ...]")
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_entry(entry))
        except (UsageError, CommandFailed) as error:
            raise CommandFailed(f"{path}: entry {number}: {error}; nothing was added") from None
    return found


def _entry(entry: object) -> SnmpCredential:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()) or "name" not in entry:
        raise UsageError("is no object of texts with a name")
    strange = sorted(set(entry) - set(IMPORT_KEYS))
    if strange:
        raise UsageError(f"key {strange[0][:40]!r} is not known; use {', '.join(IMPORT_KEYS)}")
    options = argparse.Namespace(**{"version": "v2c", **dict.fromkeys((*IMPORT_KEYS[2:6], "private_key")), **entry})
    options.enable = "enable_password" in entry
    for key, choices in (("version", VERSIONS), ("auth_protocol", (*AUTH_PROTOCOLS, ANY)), ("privacy_protocol", (*PRIVACY_PROTOCOLS, ANY))):
        if getattr(options, key) is not None and getattr(options, key) not in choices:
            raise UsageError(f"{key} is none of {', '.join(choices)}")
    wanted = _wanted_secrets(options)
    secrets = {field: entry.get("password" if options.version == LOGIN and field == "auth_key" else field, "") for field in wanted}
    return _built(options, wanted, secrets, options.private_key)


def _wanted_secrets(options: argparse.Namespace) -> dict[str, str]:
    """Field and what it is called, in the order asked."""
    if options.version == LOGIN:
        if not options.user or options.auth_protocol or options.privacy_protocol:
            raise UsageError("--version login needs --user, and no protocols")
        password = {} if options.private_key else {"auth_key": "Password"}
        return password | ({"enable_password": "Enable password"} if options.enable else {})
    if options.enable or options.private_key:
        raise UsageError(f"--enable and --private-key belong to --version login, not {options.version}")
    if options.version != "v3":
        if options.user or options.auth_protocol or options.privacy_protocol:
            raise UsageError(f"--user, --auth-protocol and --privacy-protocol belong to --version v3, not {options.version}")
        return {"community": "Community"}
    if not options.user:
        raise UsageError("--version v3 needs --user")
    if options.privacy_protocol and not options.auth_protocol:
        raise UsageError("--privacy-protocol needs --auth-protocol: SNMPv3 has no privacy without authentication (RFC 3414)")
    wanted = {"auth_key": "Authentication key"} if options.auth_protocol else {}
    return wanted | ({"privacy_key": "Privacy key"} if options.privacy_protocol else {})


def _check_secret(field: str, label: str, text: str, shortest: int) -> None:
    if not text or not text.isprintable():
        raise CommandFailed(f"{label}: is empty or holds characters that cannot be typed")
    if field != "community" and len(text) < shortest:
        raise CommandFailed(f"{label}: is shorter than {SHORTEST_V3_KEY} characters, which SNMPv3 does not allow (RFC 3414)")


def _checked_key(text: str) -> str:
    """The key in the one form of its kind that is always read alike: PKCS #1 or SEC 1 for RSA and EC, OpenSSH's for Ed25519. No word of
    it is in an error.
    """
    try:
        key = load_ssh_private_key(text.encode(), None) if "OPENSSH" in text else load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CommandFailed("private key: is none that opens without a passphrase; give one in OpenSSH or PEM form") from None
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey):
        raise CommandFailed("private key: is of a kind that is not used here; give an RSA, ECDSA or Ed25519 key")
    form = PrivateFormat.OpenSSH if isinstance(key, Ed25519PrivateKey) else PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def _from_file(path: Path) -> list[str]:
    content = sys.stdin.buffer.read() if str(path) == "-" else read_private(path, "secret file")
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise CommandFailed(f"{path}: is not UTF-8 text") from None


def _show(
    summaries: list[CredentialSummary],
    options: argparse.Namespace,
    context: Context,
    found: Mapping[str, list[FoundProtocols]] = MappingProxyType({}),
) -> None:
    """`found`: what the devices of a credential with open protocols were found to speak, by credential."""
    if options.json:
        shown = [asdict(summary) | {"found": [asdict(each) for each in found.get(summary.name, ())]} for summary in summaries]
        context.print_json({"schema": SCHEMA, "credentials": shown})
        return
    for summary in summaries:
        kind = " ".join(part for part in (summary.version, summary.user, summary.auth_protocol, summary.privacy_protocol) if part)
        warning = "  WELL-KNOWN: everybody knows this one, change it on the device" if summary.well_known else ""
        context.print(f"{summary.name}  {kind}{warning}")
        for each in found.get(summary.name, ()):
            context.print(f"  {each.device} speaks {each.auth_protocol} {each.privacy_protocol or 'without privacy'}")
    if not summaries:
        context.note("no credentials yet; natvakt-agent credentials add NAME")
