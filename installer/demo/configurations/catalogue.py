"""Which device answers over SSH, who may log in, and what it shows; one line each."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from demo.configurations import others, routers, switches
from demo.device import SimulatedDevice
from demo.shell import RUNNING, STARTUP, CommandLine, Login

WRITERS: Mapping[str, Callable[[SimulatedDevice], str]] = {
    "hq-core": switches.core,
    "hq-acc1": switches.access_one,
    "hq-acc2": switches.access_two,
    "hq-acc3": switches.access_three,
    "br-sw": switches.branch,
    "hq-rtr": routers.headquarters,
    "br-rtr": routers.branch,
    "hq-fw": others.firewall,
    "hq-wlc": others.controller,
    "hq-sb": others.small_switch,
}

LOGIN = Login("natvakt-agent", "skaffa-en-egen-7Q")
VENDOR_LOGIN = Login("cisco", "cisco")
LOGINS: Mapping[str, Login] = {name: VENDOR_LOGIN if name == "hq-sb" else LOGIN for name in WRITERS}
"""hq-sb keeps the login of its manual."""


def command_lines(devices: Iterable[SimulatedDevice]) -> Sequence[CommandLine]:
    """Those of the devices that answer over SSH; running and startup configuration are the same."""
    found = []
    for device in devices:
        own = device.identity
        if own.name not in WRITERS:
            continue
        text = WRITERS[own.name](device)
        answers = {RUNNING: text, STARTUP: text, "show privilege": "Current privilege level is 15\n"}
        answers["show curpriv"] = f"Username : {LOGIN.user}\nCurrent privilege level : 15\nCurrent Mode/s : P_PRIV\n"
        mark = "# " if own.name == "hq-fw" else "#"
        found.append(CommandLine(own.name, own.loopback_address, LOGINS[own.name], answers, mark, own.name == "hq-sb"))
    return found
