"""SNMPv2-MIB (RFC 3418), SNMP-FRAMEWORK-MIB (RFC 3411), OLD-CISCO-SYS-MIB and CISCO-CONFIG-MAN-MIB."""

from demo.device import Identity
from demo.mib import MibBuilder, integer, octets, pointer, text, ticks

SYSTEM = "1.3.6.1.2.1.1"
SNMP_ENGINE = "1.3.6.1.6.3.10.2.1"
WHY_RELOAD = "1.3.6.1.4.1.9.2.1.2"
CONFIG_HISTORY = "1.3.6.1.4.1.9.9.43.1.1"


def system(mib: MibBuilder, identity: Identity, services: int = 78) -> None:
    mib.scalar(f"{SYSTEM}.1", text(identity.sys_descr))
    mib.scalar(f"{SYSTEM}.2", pointer(identity.sys_object_id))
    mib.scalar(f"{SYSTEM}.3", ticks(identity.uptime_ticks))
    mib.scalar(f"{SYSTEM}.4", text("noc@partner.example"))
    mib.scalar(f"{SYSTEM}.5", text(identity.name))
    mib.scalar(f"{SYSTEM}.6", text(identity.location))
    mib.scalar(f"{SYSTEM}.7", integer(services))


def snmp_engine(mib: MibBuilder, identity: Identity) -> None:
    mib.scalar(f"{SNMP_ENGINE}.1", octets(identity.engine_id))
    mib.scalar(f"{SNMP_ENGINE}.2", integer(identity.engine_boots))
    mib.scalar(f"{SNMP_ENGINE}.3", integer(identity.engine_seconds))
    mib.scalar(f"{SNMP_ENGINE}.4", integer(1500))


def cisco_restart(mib: MibBuilder, why_reload: str = "Reload Command") -> None:
    mib.scalar(WHY_RELOAD, text(why_reload))


def configuration_history(mib: MibBuilder, identity: Identity, changed_ns: int, saved_ns: int) -> None:
    """When the running configuration was changed and saved, in sysUpTime ticks."""
    mib.scalar(f"{CONFIG_HISTORY}.1", ticks(identity.uptime_ticks(changed_ns)))
    mib.scalar(f"{CONFIG_HISTORY}.2", ticks(identity.uptime_ticks(saved_ns)))
    mib.scalar(f"{CONFIG_HISTORY}.3", ticks(identity.uptime_ticks(saved_ns)))
