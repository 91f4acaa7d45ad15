"""`natvakt-agent status`: how the running agent is doing, from the file it writes every few seconds."""

import argparse
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from natvakt_agent.app.context import FAILED, OK, Context, settings
from natvakt_agent.app.status import read_status

FRESH_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(options: argparse.Namespace, context: Context) -> int:
    """Exit code 1 when no agent runs on this state folder."""
    path = settings(options, context).paths.status
    status: dict[str, Any] | None = read_status(path)
    if status is None:
        context.note(f"no agent has run on {path.parent} yet; natvakt-agent run")
        return FAILED
    age_seconds = context.clock.wall_ns() / 1e9 - datetime.fromisoformat(status["updated_at"]).timestamp()
    is_running = not status["stopped"] and age_seconds < FRESH_SECONDS
    if options.json:
        context.print_json(status | {"running": is_running, "age_seconds": round(age_seconds, 1)})
    else:
        _print(status, is_running, age_seconds, context)
    return OK if is_running else FAILED


def _print(status: Mapping[str, Any], is_running: bool, age_seconds: float, context: Context) -> None:
    state = "running" if is_running else "stopped" if status["stopped"] else f"silent for {age_seconds:.0f} s"
    context.print(f"{status['tenant']}/{status['site']} agent {status['agent']}: {state}, version {status['version']}")
    polls, pipeline, spool = status["polls"], status["pipeline"], status["spool"]
    context.print(f"polls    {polls['finished']} finished, {polls['overrun']} past their deadline, {polls['shed']} shed")
    context.print(f"batches  {pipeline['batches']} sealed, {pipeline['cells']} samples, {pipeline['lost_batches']} lost")
    pending = sum(lane["pending_batches"] for lane in spool["lanes"])
    context.print(f"spool    {pending} batches wait, {spool['bytes_on_disk']} of {spool['cap_bytes']} bytes")
    context.print("link     " + ", ".join(f"{key} {value}" for key, value in status["link"].items()))
    context.print(
        f"clock    {'trusted' if status['clock_trusted'] else 'NOT trusted: samples are dated when the server has told the time'}"
    )
    context.print(f"certificate ends {status['certificate_ends_at'] or '(none yet)'}")
    if status.get("discovery", {}).get("automatic"):
        context.print(f"discovery {status['discovery']['state']}")
    _print_listeners(status.get("listeners", {}), context)
    for name, reason in status["held_back"].items():
        context.print(f"held back  {name}: {reason}")
    for name, text in status["alarms"].items():
        context.print(f"ALARM  {name}: {text}")
    for device in status["devices"]:
        word = "answers" if device["answered"] else "SILENT"
        cost = f"{device['seconds']} s, {device['requests']} requests, {device['octets']} bytes"
        slowed = f", asked {device['slowdown']} times less often: {device['slowed_by']}" if device["slowdown"] > 1 else ""
        context.print(f"{word:8} {device['name']:24} {device['address']:20} {device['at']}  {cost}{slowed}")


def _print_listeners(listeners: Mapping[str, Any], context: Context) -> None:
    if not listeners:
        return
    ports = ", ".join(f"{name} port {port}" for name, port in listeners["ports"].items())
    context.print(f"listeners {listeners['state']}{f' on {ports}' if ports else ''}")
    counts = {**listeners["counts"], **{f"brought home {name}": count for name, count in listeners["taken"].items() if count}}
    if counts:
        context.print("heard    " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    for warning in listeners["warnings"]:
        context.print(f"WARN   listeners: {warning}")
