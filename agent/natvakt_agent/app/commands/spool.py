"""`natvakt-agent spool show`: what waits for the server."""

import argparse
from collections.abc import Mapping
from typing import Any

from natvakt_agent.app.context import FAILED, OK, Context, settings
from natvakt_agent.spool.disk import LocalDisk
from natvakt_agent.spool.summary import last_status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("show",), help="lanes, batches, bytes, gaps and alarms at the agent's last upkeep")


def run(options: argparse.Namespace, context: Context) -> int:
    folder = settings(options, context).paths.spool
    status: Mapping[str, Any] | None = last_status(LocalDisk(folder)) if folder.is_dir() else None
    if status is None:
        context.note(f"{folder}: no spool has been used here yet; natvakt-agent run")
        return FAILED
    if options.json:
        context.print_json(status)
        return OK
    reserve = ", reserve in use" if status["reserve_in_use"] else ""
    context.print(f"epoch {status['epoch']}: {status['bytes_on_disk']} of {status['cap_bytes']} bytes{reserve}")
    for lane in status["lanes"]:
        context.print(
            f"lane {lane['lane']} {lane['lane_class']}{' (live)' if lane['live'] else ''}: next {lane['next_seq']}, acknowledged through"
            f" {lane['acked_through']}, waiting {lane['pending_batches']} batches of {lane['pending_bytes']} bytes, gaps {lane['gaps']}"
        )
    for name, text in status["alarms"].items():
        context.print(f"ALARM {name}: {text}")
    return OK
