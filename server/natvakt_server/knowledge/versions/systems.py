"""The operating systems whose versions are understood; one line each."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from natvakt_server.knowledge.versions import aci, cucm, dotted, ios, ios_xe, ise, nx_os
from natvakt_server.knowledge.versions.version import Version, VersionUnknown

FIRST_ACI_MAJOR = 11

PARSERS: Mapping[str, Callable[[str], Version]] = MappingProxyType(
    {
        "ios": ios.parse,
        "ios-xe": ios_xe.parse,
        "ios-xr": dotted.ios_xr,
        "nx-os": nx_os.parse,
        "aci": aci.parse,
        "asa": dotted.asa,
        "ftd": dotted.ftd,
        "fmc": dotted.fmc,
        "fxos": dotted.fxos,
        "aireos": dotted.aireos,
        "cucm": cucm.parse,
        "ise": ise.parse,
        "small-business": dotted.small_business,
    }
)


def parse_version(os: str, text: str) -> Version:
    """The version of that operating system; an ACI version that is given as NX-OS is one of ACI.

    Raises VersionUnknown, also for a system that is not known.
    """
    parser = PARSERS.get(os)
    if parser is None:
        raise VersionUnknown(f"operating system {os[:40]!r} is not known; use one of {', '.join(PARSERS)}")
    if os == "nx-os" and (nx_os.major(text) or 0) >= FIRST_ACI_MAJOR:
        return aci.parse(text)
    return parser(text)


def is_version(os: str, text: str) -> bool:
    try:
        parse_version(os, text)
    except VersionUnknown:
        return False
    return True


def system_meant(os: str, text: str) -> str:
    """ACI where an NX-OS version is one of ACI's; else the system itself."""
    if os != "nx-os":
        return os
    try:
        return parse_version(os, text).os
    except VersionUnknown:
        return os
