"""Virtual port channels of Nexus pairs: CISCO-VPC-MIB. Row 0 of a domain is the domain itself: keepalive and roles."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import Pack, Row, document, numbers, state
from natvakt_agent.collectors.snmp.reading import filled_text

VPC = "1.3.6.1.4.1.9.9.807.1"
NEXUS = ("1.3.6.1.4.1.9.12.3.1.3.",)
KEEPALIVE = {
    1: "disabled", 2: "alive", 3: "peerUnreachable", 4: "aliveButDomainIdDismatch", 5: "suspendedAsISSU", 6: "suspendedAsDestIPUnreachable",
    7: "suspendedAsVRFUnusable", 8: "misconfigured",
}  # fmt: skip
ROLES = {1: "primarySecondary", 2: "primary", 3: "secondaryPrimary", 4: "secondary", 5: "noneEstablished"}
TRUTH = {1: "true", 2: "false"}
LINK = {1: "down", 2: "downStar", 3: "up"}
CONSISTENCY = {1: "success", 2: "failed", 3: "notApplicable"}


def domain(index: Index) -> Row | None:
    return {"domain": index[0], "vpc": 0} if len(index) == 1 else None


VPC_KEEPALIVE = Pack(
    name="cisco-vpc-keepalive", mib="CISCO-VPC-MIB", table="vpc", index=domain,
    columns=(state("keepalive", f"{VPC}.1.2.1.2", KEEPALIVE),), applies=NEXUS,
)  # fmt: skip
VPC_ROLE = Pack(
    name="cisco-vpc-role",
    mib="CISCO-VPC-MIB",
    table="vpc",
    index=domain,
    columns=(state("role", f"{VPC}.2.1.1.2", ROLES), state("dual_active", f"{VPC}.2.1.1.3", TRUTH)),
    applies=NEXUS,
    only_with=("cisco-vpc-keepalive",),
    tested=1,
)
VPC_LINKS = Pack(
    name="cisco-vpc-links",
    mib="CISCO-VPC-MIB",
    table="vpc",
    index=numbers("domain", "vpc"),
    columns=(
        state("link", f"{VPC}.4.2.1.4", LINK),
        state("consistency", f"{VPC}.4.2.1.5", CONSISTENCY),
        document("consistency_detail", f"{VPC}.4.2.1.6", filled_text),
        document("ifIndex", f"{VPC}.4.2.1.3"),
    ),
    applies=NEXUS,
    only_with=("cisco-vpc-keepalive",),
    tested=1,
)
VPC_PACKS = (VPC_KEEPALIVE, VPC_ROLE, VPC_LINKS)
