"""`natvakt-agent discover CIDR... [--seed ADDRESS]`: find the site's devices; `discover --approve PLAN`: make them targets."""

import argparse
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from natvakt_agent.app.context import FAILED, OK, CommandFailed, Context, Settings, UsageError, settings
from natvakt_agent.app.discovering.runner import Runner, Wanted
from natvakt_agent.app.discovering.scout import PLAN_NAME, adopted_targets, with_targets
from natvakt_agent.app.discovering.setup import session_opener, surroundings
from natvakt_agent.app.discovering.store import DiscoveryBusy
from natvakt_agent.app.discovering.targets_file import drop_in, read_targets, with_devices, write_targets
from natvakt_agent.config.addresses import Network
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.discovery.core import Progress
from natvakt_agent.discovery.plan import SCHEMA, Plan, PlannedDevice, PlanRefused, decoded, encoded
from natvakt_agent.discovery.scope import ScopeRefused
from natvakt_agent.vault.files import write_atomically

SHOWN = 50
MANY_PCS = frozenset(("sweep", "arp"))
"""Who tells of PCs and phones more often than of equipment."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", nargs="*", metavar="CIDR", help="networks to sweep, for example 192.168.10.0/24")
    parser.add_argument("--seed", action="append", default=[], metavar="ADDRESS", help="a device to begin at; its neighbours lead on")
    parser.add_argument("--rate", type=float, metavar="N", help="packets a second over the site (default: discovery.rate)")
    parser.add_argument("--plan", type=Path, metavar="FILE", help="where the plan goes (default: discovery-plan.json in the state folder)")
    parser.add_argument("--fresh", action="store_true", help="begin anew where an interrupted discovery would go on")
    parser.add_argument(
        "--approve", type=Path, metavar="PLAN", help="add the plan's devices as [[target]] to agent.d/discovered.toml; nothing is asked"
    )


def run(options: argparse.Namespace, context: Context) -> int:
    """Exit code 1 when discovery was cancelled: what was found so far is in the plan."""
    if options.approve is not None:
        if options.network or options.seed or options.plan or options.rate is not None or options.fresh:
            raise UsageError("--approve takes no networks, seeds or rates: it adds what the plan says")
        return _approve(options, context)
    if not options.network and not options.seed:
        raise UsageError("give a network in CIDR notation, or --seed ADDRESS")
    if options.rate is not None and not 1 <= options.rate <= 10_000:
        raise UsageError(f"--rate {options.rate:g}: is not from 1 to 10000 packets a second")
    return _discover(options, context)


def _discover(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    rate = options.rate if options.rate is not None else found.config.discovery.rate
    wanted = Wanted(options.network, options.seed, rate, options.fresh)
    target = options.plan or found.paths.root / PLAN_NAME
    targets = with_targets(found.config, adopted_targets(found.paths.discovered_targets)).target
    with session_opener(found, context) as open_session, _stopped_by_signals(context) as stop:
        runner = Runner(surroundings(found, context, targets, found.credentials(context), open_session))
        try:
            scope = runner.scope(wanted)
            context.note(f"{scope.size} addresses at {rate:g} packets a second; Ctrl-C stops, and the next call goes on")
            plan = runner.run(wanted, stop, lambda progress: context.note(_line(progress)))
        except ScopeRefused as error:
            raise UsageError(str(error)) from None
        except DiscoveryBusy as error:
            raise CommandFailed(str(error)) from None
    try:
        write_atomically(target, encoded(plan))
    except OSError as error:
        raise CommandFailed(f"{target}: {error.strerror}; name another file with --plan") from None
    if options.json:
        context.print_json(msgspec.to_builtins(plan) | {"plan": str(target)})
    else:
        _show(plan, target, context)
    return OK if plan.complete else FAILED


@contextmanager
def _stopped_by_signals(context: Context) -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; the second one ends the hard way."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def on_signal(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (the signal's own signature)
        if stop.is_set():
            raise KeyboardInterrupt
        context.note("stopping; what is under way ends first")
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _line(progress: Progress) -> str:
    share = 100 * progress.settled / max(1, progress.total)
    return (
        f"{progress.settled} of {progress.total} addresses ({share:.0f} %), {progress.present} answer, {progress.devices} devices, "
        f"{progress.packets} packets, {progress.logins} log-ins, {progress.refused} refused"
    )


def _show(plan: Plan, path: Path, context: Context) -> None:
    for device in plan.devices:
        what = " ".join(part for part in (device.model, device.os, device.version) if part) or device.sys_descr or ""
        context.print(f"{device.state:8} {device.name:24} {device.address:20} {device.credential:16} {what[:60]}")
    equipment = [place for place in plan.unmatched if place.engine_id or set(place.found_by) - MANY_PCS]
    for place in equipment[:SHOWN]:
        context.print(f"no log-in {place.address}, told by {', '.join(place.found_by)}: {place.reason}")
    if len(plan.unmatched) > len(equipment[:SHOWN]):
        context.print(f"no log-in at {len(plan.unmatched) - len(equipment[:SHOWN])} more addresses that answer; the plan lists them")
    for notice in plan.notices[:SHOWN]:
        context.print(f"NOTICE   {notice.kind}: {notice.text}")
    if len(plan.notices) > SHOWN:
        context.print(f"NOTICE   {len(plan.notices) - SHOWN} more in the plan")
    for each in plan.outside:
        context.print(f"outside  {each.address}, told by {', '.join(each.told_by)}: not asked")
    for reason in plan.not_tried:
        context.print(f"not tried {reason}")
    counts = plan.counts
    context.print(
        f"{len(plan.devices)} devices, {len(plan.unmatched)} without a log-in, {counts.without_snmp} without SNMP; "
        f"{counts.packets} packets in {counts.seconds:g} s, {counts.refused_logins} of {counts.logins} log-ins refused"
    )
    context.note(f"plan: {path}; look through it, then natvakt-agent discover --approve {path}")
    if not plan.complete:
        context.note("discovery was stopped before its end; the same call goes on where it was")


def _approve(options: argparse.Namespace, context: Context) -> int:
    found = settings(options, context)
    if found.config_file is None:
        raise CommandFailed("there is no configuration file to add a drop-in to; write one and name it with --config")
    try:
        plan = decoded(options.approve.read_bytes(), str(options.approve))
    except OSError as error:
        raise CommandFailed(f"plan {options.approve}: {error.strerror}; name the file that `natvakt-agent discover` wrote") from None
    except PlanRefused as error:
        raise CommandFailed(str(error)) from None
    path = drop_in(found.config_file)
    refused = _refused(plan, found, context, path)
    if refused:
        raise CommandFailed("\n".join(refused) + "\nnothing was added; mend the plan, or set `approve` to false there")
    entries, changed = with_devices(read_targets(path), plan.approved())
    if changed:
        try:
            write_targets(path, entries, like=found.config_file)
        except OSError as error:
            raise CommandFailed(f"{path}: {error.strerror}; run as the user that may write beside {found.config_file}") from None
    if options.json:
        context.print_json({"schema": SCHEMA, "approved": changed, "targets": len(entries), "file": str(path)})
    else:
        context.print(f"{len(changed)} targets added or changed in {path}")
        context.note("a running agent polls them within a minute")
    return OK


def _refused(plan: Plan, found: Settings, context: Context, path: Path) -> list[str]:
    """Every reason not to add the plan, each with its device."""
    held = found.credentials(context)
    own = {entry.name for entry in read_targets(path)}
    foreign = {entry.name: str(entry.address) for entry in found.config.target if entry.name not in own}
    policy, refused = found.site_policy(), []
    for device in plan.approved():
        here = f"plan {device.name} ({device.address}):"
        reason = _outside(device, policy, found.config.discovery.excluded)
        credential = held.get(device.credential)
        if reason:
            refused.append(f"{here} {reason}")
        if credential is None or credential.version == "login":
            refused.append(f"{here} there is no SNMP credential {device.credential!r} in the vault; add it, or name another in the plan")
        if device.target in foreign:
            refused.append(f"{here} target {device.target!r} stands in a file written by hand; change its address there")
        elif device.name in foreign and device.target is None:
            refused.append(f"{here} the name is a target's already ({foreign[device.name]}); give another in the plan")
    return refused


def _outside(device: PlannedDevice, policy: SitePolicy, excluded: Sequence[Network]) -> str | None:
    if not policy.allows_address(device.address):
        return "lies outside the site policy's allowed_networks; take it out of the plan, or widen the policy"
    if any(network.holds(device.address) for network in excluded):
        return "is excluded (discovery.excluded); take it out of the plan, or change the setting"
    return None
