"""What one piece of work does besides the rule it is named after: rules with the same cure, and rules that wait for another's."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Measure(StrEnum):
    """Work that cures several rules of a device at once."""

    UPGRADE = "upgrade"  # other software
    REPLACE = "replace"  # other hardware


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "security.vuln.kev": Measure.UPGRADE,
        "security.vuln.affected": Measure.UPGRADE,
        "security.vuln.probable": Measure.UPGRADE,
        "core.software.recommended": Measure.UPGRADE,
        "core.software.unsupported": Measure.UPGRADE,
        "core.lifecycle.hardware": Measure.REPLACE,
        "security.vuln.fixes-ended": Measure.REPLACE,
    }
)
# Cured by the restart of an upgrade where the device gets one, else work of their own.
BESIDE_UPGRADE = frozenset({"core.device.uptime"})

_REDUNDANCY = (
    "core.redundancy.stack",
    "core.redundancy.sso",
    "core.redundancy.failover",
    "core.redundancy.fhrp",
    "core.redundancy.lag",
)
# Rule -> rules whose cure comes first where both fail on a device.
AFTER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "security.mgmt.telnet": ("security.mgmt.ssh",),
        "security.mgmt.vty-acl": ("security.mgmt.ssh",),
        "security.snmp.version": ("security.snmp.v3-weak",),
        "security.snmp.v3-weak": ("security.snmp.default",),
        "security.aaa.local-users": ("security.aaa.servers",),
        "security.log.ntp-auth": ("core.time.ntp",),
        "core.time.stamps": ("core.time.ntp",),
        "security.l2.dai": ("security.l2.dhcp-snooping",),
        "security.l2.source-guard": ("security.l2.dhcp-snooping",),
        "security.cert.expiry": ("core.time.ntp",),
        "security.cert.trust": ("core.time.ntp",),
    }
)
# Before a device starts again or is opened, what it holds must be saved and copied, and what stands beside it must be able to take over.
BEFORE_RESTART = ("core.config.unsaved", "core.config.backup", "core.storage.flash", "core.software.boot", *_REDUNDANCY)
