"""`natvakt-agent probe TARGET`: the document is made in `app/probe.py`; here the vault and the engines are had."""

import argparse
from pathlib import Path

from natvakt_agent.app import probe
from natvakt_agent.app.context import Context, settings
from natvakt_agent.app.snmp_engines import GUFO, OnlyThisRun, SnmpEngines, snmp_child
from natvakt_agent.collectors.snmp.collector import SnmpCollector
from natvakt_agent.model.target import SnmpCredential


def add_arguments(parser: argparse.ArgumentParser) -> None:
    probe.add_arguments(parser)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, for --credential")


def run(options: argparse.Namespace, context: Context) -> int:
    """The vault is opened only where a credential of it is asked for."""

    def lookup(name: str) -> SnmpCredential | None:
        return settings(options, context).credentials(context).get(name)

    engines = SnmpEngines(GUFO, snmp_child(1, context.environment), OnlyThisRun(), context.clock)
    try:
        collector = SnmpCollector(context.edges.open_session or engines.open_session)
        return probe.run(options, context.out, context.notes, context.clock, collector, lookup)
    finally:
        engines.close()
