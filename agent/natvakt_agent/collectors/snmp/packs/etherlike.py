"""What only an Ethernet port counts: EtherLike-MIB dot3StatsTable (RFC 3635)."""

from natvakt_agent.collectors.snmp.pack import Pack, numbers, series, state

STATS = "1.3.6.1.2.1.10.7.2.1"
DUPLEX = {1: "unknown", 2: "half", 3: "full"}

ETHERLIKE = Pack(
    name="etherlike",
    mib="EtherLike-MIB",
    table="port",
    index=numbers("ifIndex"),
    columns=(
        state("dot3StatsDuplexStatus", f"{STATS}.19", DUPLEX),
        series("dot3StatsFCSErrors", f"{STATS}.3"),
        series("dot3StatsAlignmentErrors", f"{STATS}.2"),
        series("dot3StatsLateCollisions", f"{STATS}.8"),
        series("dot3StatsSymbolErrors", f"{STATS}.18"),
    ),
    most_rows=10_000,
)
