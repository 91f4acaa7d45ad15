"""`natvakt-agent hostkeys list | accept NAME`: which SSH keys the site's devices are known by."""

import argparse

from natvakt_agent.app.context import OK, CommandFailed, Context, add_common_arguments, settings
from natvakt_agent.app.host_keys import HostKeyFile, HostKeysDamaged, KeptKey
from natvakt_agent.collectors.ssh.fingerprints import fingerprint

SCHEMA = "natvakt.host-keys/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every device's key, and the other one that it shows where it changed")
    accepting = actions.add_parser("accept", help="trust the key that a device shows now; compare its fingerprint at the device first")
    accepting.add_argument("name", metavar="NAME", help="the device, as `list` shows it")
    for action in (listing, accepting):
        add_common_arguments(action, is_action=True)


def run(options: argparse.Namespace, context: Context) -> int:
    """Raises CommandFailed."""
    try:
        keys = HostKeyFile(settings(options, context).paths.host_keys, context.clock)
        kept = keys.all() if options.action == "list" else [_accepted(keys, options.name)]
    except HostKeysDamaged as error:
        raise CommandFailed(str(error)) from None
    if options.json:
        context.print_json({"schema": SCHEMA, "keys": [_described(each) for each in kept]})
        return OK
    for each in kept:
        changed = f"  CHANGED: shows {fingerprint(each.offered)} since {each.offered_at}" if each.offered else ""
        context.print(f"{each.name}  {each.trusted.algorithm}  {fingerprint(each.trusted)}  since {each.first_seen}{changed}")
    if not kept:
        context.note("no device was asked over SSH yet")
    return OK


def _accepted(keys: HostKeyFile, name: str) -> KeptKey:
    for each in keys.all():
        if each.name == name and each.offered is not None:
            keys.pin(each.device, each.name, each.offered)
            return next(kept for kept in keys.all() if kept.device == each.device)
    known = ", ".join(each.name for each in keys.all() if each.offered is not None) or "none"
    raise CommandFailed(f"{name}: shows no other key than the trusted one (changed: {known}); natvakt-agent hostkeys list")


def _described(kept: KeptKey) -> dict[str, object]:
    return {
        "name": kept.name,
        "device": kept.device,
        "algorithm": kept.trusted.algorithm,
        "fingerprint": fingerprint(kept.trusted),
        "first_seen": kept.first_seen,
        "state": "changed" if kept.offered else "trusted",
        "offered_fingerprint": fingerprint(kept.offered) if kept.offered else None,
        "offered_at": kept.offered_at,
    }
