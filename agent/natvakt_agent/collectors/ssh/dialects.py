"""How each family of Cisco systems is spoken to over SSH, and every command that may be sent to one: the allow-list, as data.

Nothing outside a dialect's `commands()` and its few session words (`paging_off`, `enable`, `leave`) can leave the child process; the
site policy narrows `commands()` further. All of them only show. `config paging disable` of AireOS holds for the one session and is no
part of its configuration (Cisco WLC Command Reference 8.10).
"""

from collections.abc import Collection
from dataclasses import dataclass

ENABLE = "enable"
CONFIGURATION = "configuration"
COMMAND_OUTPUT = "command_output"
RUNNING = "running"
STARTUP = "startup"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`systems` are os words of the table `device`; `driver` is netmiko's name for it, `templates` that of ntc-templates.

    `last_line`: how a whole configuration ends, None where the system prints no such line. `first_words`: one of them begins a line
    of every configuration of this system. `has_enable`: a prompt with `>` is not enough to read a configuration.
    """

    name: str
    systems: tuple[str, ...]
    driver: str
    templates: str
    paging_off: tuple[str, ...]
    running: str
    startup: str | None
    reports: tuple[str, ...]
    first_words: tuple[str, ...]
    last_line: str | None = "end"
    has_enable: bool = True
    asks_in_session: bool = False
    privilege: str | None = None
    leave: str = "exit"

    def configurations(self) -> dict[str, str]:
        """Command by source."""
        return {RUNNING: self.running} | ({STARTUP: self.startup} if self.startup else {})

    def commands(self) -> tuple[str, ...]:
        """Everything that may be asked of such a device."""
        return (*self.configurations().values(), *self.reports, *((self.privilege,) if self.privilege else ()))


IOS = Dialect(
    name="ios",
    systems=("ios", "ios-xe"),
    driver="cisco_ios",
    templates="cisco_ios",
    paging_off=("terminal length 0", "terminal width 511"),
    running="show running-config",
    startup="show startup-config",
    reports=(
        "show version",
        "show inventory",
        "show boot",
        "show ip ssh",
        "show ntp status",
        "show license summary",
        "show redundancy",
        "show cdp neighbors detail",
        "show vlan",
        "show spanning-tree summary",
        "show etherchannel summary",
        "show ip dhcp snooping",
        "show port-security",
        "show standby brief",
        "show call active voice compact",
        "show ccm-manager",
    ),
    first_words=("version ", "hostname "),
    privilege="show privilege",
)
NX_OS = Dialect(
    name="nx-os",
    systems=("nx-os",),
    driver="cisco_nxos",
    templates="cisco_nxos",
    paging_off=("terminal length 0", "terminal width 511"),
    running="show running-config",
    startup="show startup-config",
    reports=(
        "show version",
        "show inventory",
        "show boot",
        "show ntp peer-status",
        "show license usage",
        "show cdp neighbors detail",
        "show vlan",
        "show vpc",
        "show port-channel summary",
        "show spanning-tree summary",
    ),
    first_words=("version ", "hostname ", "switchname "),
    last_line=None,
)
ASA = Dialect(
    name="asa",
    systems=("asa",),
    driver="cisco_asa",
    templates="cisco_asa",
    paging_off=("terminal pager 0",),
    running="show running-config",
    startup="show startup-config",
    reports=(
        "show version",
        "show inventory",
        "show failover",
        "show ntp status",
        "show vpn-sessiondb summary",
        "show resource usage",
        "show crypto ca certificates",
    ),
    first_words=("ASA Version ", "PIX Version ", "hostname "),
    last_line=": end",
    privilege="show curpriv",
)
IOS_XR = Dialect(
    name="ios-xr",
    systems=("ios-xr",),
    driver="cisco_xr",
    templates="cisco_xr",
    paging_off=("terminal length 0", "terminal width 511"),
    running="show running-config",
    startup=None,
    reports=(
        "show version",
        "show inventory",
        "show redundancy summary",
        "show ntp status",
        "show cdp neighbors detail",
        "show install active summary",
    ),
    first_words=("hostname ", "!! IOS XR Configuration"),
    has_enable=False,
)
AIREOS = Dialect(
    name="aireos",
    systems=("aireos",),
    driver="cisco_wlc",
    templates="cisco_wlc_ssh",
    paging_off=("config paging disable",),
    running="show run-config commands",
    startup="show run-config startup-commands",
    reports=("show sysinfo", "show inventory", "show redundancy summary", "show boot", "show time", "show ap summary"),
    first_words=("config ", "sysname ", "802.11", "interface ", "mgmtuser ", "radius "),
    last_line=None,
    has_enable=False,
    asks_in_session=True,
    leave="logout",
)
SMALL_BUSINESS = Dialect(
    name="small-business",
    systems=("small-business",),
    driver="cisco_s300",
    templates="cisco_s300",
    paging_off=("terminal datadump",),
    running="show running-config",
    startup="show startup-config",
    reports=("show version", "show system", "show inventory", "show bootvar", "show ip ssh", "show vlan", "show cdp neighbors detail"),
    first_words=("config-file-header", "hostname ", "vlan database", "interface "),
    last_line=None,
    asks_in_session=True,
)
DIALECTS = (IOS, NX_OS, ASA, IOS_XR, AIREOS, SMALL_BUSINESS)
SYSTEMS = tuple(system for dialect in DIALECTS for system in dialect.systems)


def dialect_of(system: str | None) -> Dialect | None:
    """The dialect of an os word, or None where SSH collection knows none."""
    return next((dialect for dialect in DIALECTS if system in dialect.systems), None)


def dialect_named(name: str) -> Dialect | None:
    return next((dialect for dialect in DIALECTS if dialect.name == name), None)


def allowed(dialect: Dialect, narrowed_to: Collection[str]) -> tuple[str, ...]:
    """The dialect's commands that the site allows; an empty `narrowed_to` allows them all, and nothing is ever added by it."""
    return tuple(command for command in dialect.commands() if not narrowed_to or command in narrowed_to)


def all_commands() -> tuple[str, ...]:
    """Every command of every dialect, once."""
    return tuple(dict.fromkeys(command for dialect in DIALECTS for command in dialect.commands()))
