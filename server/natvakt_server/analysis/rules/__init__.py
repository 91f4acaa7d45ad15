"""The rules that ship, one line each. A new rule is one file and one line here."""

from natvakt_server.analysis.configuration.check import ConfigurationRule
from natvakt_server.analysis.rule import Rule
from natvakt_server.analysis.rules.core import (
    capacity_poe,
    cpu_load,
    device_reboot,
    device_unreachable,
    device_uptime,
    env_fan,
    env_psu,
    env_temperature,
    interface_discards,
    interface_down,
    interface_errors,
    interface_flaps,
    interface_undocumented,
    interface_utilisation,
    link_duplex,
    link_mtu,
    link_trunk,
    memory_leak,
    memory_low,
    optic_level,
    server_disk,
    software_mixed,
    topology_spof,
    topology_uplink,
    wan_circuit,
)
from natvakt_server.analysis.rules.security import (
    aaa_default_credential,
    mgmt_banner,
    snmp_default,
    snmp_version,
)
from natvakt_server.analysis.rules.voice import (
    quality_delay,
    quality_jitter,
    quality_loss,
    quality_mos,
)

RULES: tuple[Rule, ...] = (
    capacity_poe.RULE,
    cpu_load.RULE,
    device_reboot.RULE,
    device_unreachable.RULE,
    device_uptime.RULE,
    env_fan.RULE,
    env_psu.RULE,
    env_temperature.RULE,
    interface_discards.RULE,
    interface_down.RULE,
    interface_errors.RULE,
    interface_flaps.RULE,
    interface_undocumented.RULE,
    interface_utilisation.RULE,
    link_duplex.RULE,
    link_mtu.RULE,
    link_trunk.RULE,
    memory_leak.RULE,
    memory_low.RULE,
    optic_level.RULE,
    server_disk.RULE,
    software_mixed.RULE,
    topology_spof.RULE,
    topology_uplink.RULE,
    wan_circuit.RULE,
    aaa_default_credential.RULE,
    snmp_default.RULE,
    snmp_version.RULE,
    quality_delay.RULE,
    quality_jitter.RULE,
    quality_loss.RULE,
    quality_mos.RULE,
)

CHECKS: tuple[ConfigurationRule, ...] = (mgmt_banner.CHECK,)
"""Rules that judge a configuration alone and need more than a pattern; the simple ones stand in `files/`."""
