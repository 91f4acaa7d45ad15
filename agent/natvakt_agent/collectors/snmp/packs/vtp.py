"""VLAN Trunking Protocol: the domain, this switch's part in it and the revision that could overwrite all others (CISCO-VTP-MIB)."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, looked_up
from natvakt_agent.collectors.snmp.reading import text, words

VTP = "1.3.6.1.4.1.9.9.46.1"
DOMAIN = f"{VTP}.2.1.1"
MODES = {1: "client", 2: "server", 3: "transparent", 4: "off"}
VERSIONS = {1: "one", 2: "two", 3: "none", 4: "three"}
TRUTH = {1: "true", 2: "false"}


def domain(index: Index) -> Row | None:
    return {"domain": index[0], "_scalar": "0"} if len(index) == 1 else None


VTP_DOMAINS = Pack(
    name="cisco-vtp-domain",
    mib="CISCO-VTP-MIB",
    table="vtp",
    index=domain,
    columns=(
        document("mode", f"{DOMAIN}.3", words(MODES)),
        document("name", f"{DOMAIN}.2", text),
        document("revision", f"{DOMAIN}.4"),
        looked_up("version", f"{VTP}.1.1", words(VERSIONS), at="_scalar"),
    ),
    applies=CISCO_PRODUCTS,
    tested=1,
)
