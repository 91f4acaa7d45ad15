"""`natvakt-agent fetch NAME`: ask one target once over SSH and show what would leave. Nothing does.

The newcomer's first contact over SSH: whether the login works, whether the rights are enough, which host key the device has. That key is
kept as at any other contact.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from natvakt_agent.app.context import FAILED, OK, CommandFailed, Context, Settings, settings
from natvakt_agent.app.credentials import Credentials
from natvakt_agent.app.device_registry import DeviceRegistry
from natvakt_agent.app.host_keys import HostKeyFile
from natvakt_agent.app.plans import places, plan_targets
from natvakt_agent.app.ssh import ChildCaller, OnlyShown, ssh_child
from natvakt_agent.app.wiring import host_name, site_gate
from natvakt_agent.collectors.ssh.collector import OWN_TABLES, SshCollector
from natvakt_agent.config.site_policy import SitePolicy
from natvakt_agent.model.observation import Observation, TableObservation, TableStatus
from natvakt_agent.model.target import Target

SCHEMA = "natvakt.fetch/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the target, as in agent.toml")
    parser.add_argument("--text", action="store_true", help="print the running configuration, letter by letter as it would leave")


def run(options: argparse.Namespace, context: Context) -> int:
    """Raises CommandFailed, ConfigError, VaultError, HostKeysDamaged. Exit code 1 where no configuration came."""
    found = settings(options, context)
    observation = _asked(found, context, options.name)
    tables = {table.name: table for table in observation.tables}
    if options.json:
        context.print_json(_document(options.name, observation))
    elif options.text:
        context.out.write(_running(tables.get("configuration")))
    else:
        _show(tables, context)
    for error in observation.errors:
        context.note(error)
    return OK if _provided(tables.get("configuration")) else FAILED


def _asked(found: Settings, context: Context, name: str) -> Observation:
    site, credentials, edges = found.site_policy(), found.credentials(context), context.edges
    target = _target(found, site, credentials, context, name)
    child = ssh_child(1, edges.environment)
    try:
        collector = SshCollector(
            ChildCaller(child),
            credentials.get,
            HostKeyFile(found.paths.host_keys, edges.clock),
            site_gate(credentials, found.paths, edges, OnlyShown()),
            lambda _: None,
            site.allowed_show_commands,
        )
        return collector.collect(target, OWN_TABLES, edges.clock)
    finally:
        child.close()


def _target(found: Settings, site: SitePolicy, credentials: Credentials, context: Context, name: str) -> Target:
    own_name = host_name(found.config)
    devices = DeviceRegistry(found.paths.devices, context.clock, context.edges.random).meet(places(found.config, own_name))
    planned = plan_targets(found.config, site, devices, credentials.get, own_name)
    target = next((target for target in planned.targets.values() if target.name == name and target.device != planned.host), None)
    if target is None:
        raise CommandFailed(f"{name}: {planned.refused.get(name, 'is no target of the settings')}")
    if target.device not in planned.over_ssh:
        raise CommandFailed(f"{name}: has no `login`, or `ssh = false`; set one and add it: natvakt-agent credentials add")
    if target.system is None:
        raise CommandFailed(f"{name}: set `os` of the target; the running agent learns it by SNMP, this command does not ask")
    return replace(target, deadline_seconds=float(found.config.ssh.deadline))


def _provided(table: TableObservation | None) -> bool:
    return table is not None and table.status is TableStatus.PROVIDED and bool(table.rows)


def _running(table: TableObservation | None) -> str:
    texts = [row["text"] for row in table.rows if row["source"] == "running"] if table else []
    return next((text for text in texts if isinstance(text, str)), "")


def _show(tables: Mapping[str, TableObservation], context: Context) -> None:
    for row in tables["host_key"].rows if "host_key" in tables else ():
        context.print(f"host key  {row['algorithm']}  {row['fingerprint']}  {row['state']}")
    for name, key in (("configuration", "source"), ("command_output", "command")):
        for row in tables[name].rows if name in tables else ():
            judged = "whole" if row["complete"] else row["incomplete_reason"]
            context.print(f"{name}  {row[key]}  {row['lines'] or 0} lines  {judged}")


def _document(name: str, observation: Observation) -> dict[str, object]:
    tables: dict[str, Sequence[Mapping[str, object]]] = {table.name: list(table.rows) for table in observation.tables}
    statuses = {table.name: {"status": table.status.value, "detail": table.detail} for table in observation.tables}
    return {"schema": SCHEMA, "target": name, "tables": tables, "collection": statuses, "errors": list(observation.errors)}
