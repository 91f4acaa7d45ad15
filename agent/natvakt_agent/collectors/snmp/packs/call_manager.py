"""Cisco Unified Communications Manager: nodes, what is registered, phones, gateways, trunks and media devices (CISCO-CCM-MIB)."""

from natvakt_agent.collectors.snmp.oids import Index
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, IndexReader, Pack, Row, document, instead, looked_up, numbers, state
from natvakt_agent.collectors.snmp.packs.voice_counts import VoiceCount, voice_counts
from natvakt_agent.collectors.snmp.reading import address, filled_text, hexadecimal, words

CCM = "1.3.6.1.4.1.9.9.156.1"
NODE = f"{CCM}.1.2.1"
PHONE = f"{CCM}.2.1.1"
PRODUCT_NAME = f"{CCM}.1.8.1.3"
COUNTS = f"{CCM}.5"
NODE_STATES = {1: "unknown", 2: "up", 3: "down"}
REGISTRATION = {1: "unknown", 2: "registered", 3: "unregistered", 4: "rejected", 5: "partiallyregistered"}  # CcmDeviceStatus
D_CHANNEL = {1: "active", 2: "inActive", 3: "unknown", 4: "notApplicable"}
PROTOCOLS = {1: "unknown", 2: "sccp", 3: "sip"}
REASONS = {  # CcmDevFailCauseCode
    0: "noError", 1: "unknown", 2: "noEntryInDatabase", 3: "databaseConfigurationError", 4: "deviceNameUnresolveable",
    5: "maxDevRegReached", 6: "connectivityError", 7: "initializationError", 8: "deviceInitiatedReset", 9: "callManagerReset",
    10: "authenticationError", 11: "invalidX509NameInCertificate", 12: "invalidTLSCipher", 13: "directoryNumberMismatch",
    14: "malformedRegisterMsg",
}  # fmt: skip

NODES = Pack(
    name="ccm-nodes",
    mib="CISCO-CCM-MIB",
    table="call_manager",
    index=numbers("index"),
    columns=(
        state("status", f"{NODE}.5", NODE_STATES),
        document("name", f"{NODE}.2", filled_text),
        document("description", f"{NODE}.3", filled_text),
        document("version", f"{NODE}.4", filled_text),
        document("address", f"{NODE}.7", address),
        document("cluster", f"{NODE}.8", filled_text),
    ),
    applies=CISCO_PRODUCTS,
    tested=1,
)
REGISTRATIONS = voice_counts(
    "ccm-registrations", "CISCO-CCM-MIB",
    VoiceCount("phones-registered", f"{COUNTS}.5", "Phones registered"),
    VoiceCount("phones-unregistered", f"{COUNTS}.6", "Phones unregistered"),
    VoiceCount("phones-rejected", f"{COUNTS}.7", "Phones rejected"),
    VoiceCount("phones-partially-registered", f"{COUNTS}.31", "Phones partially registered"),
    VoiceCount("gateways-registered", f"{COUNTS}.8", "Gateways registered"),
    VoiceCount("gateways-unregistered", f"{COUNTS}.9", "Gateways unregistered"),
    VoiceCount("gateways-rejected", f"{COUNTS}.10", "Gateways rejected"),
    VoiceCount("media-devices-registered", f"{COUNTS}.11", "Media devices registered"),
    VoiceCount("media-devices-unregistered", f"{COUNTS}.12", "Media devices unregistered"),
    VoiceCount("media-devices-rejected", f"{COUNTS}.13", "Media devices rejected"),
    VoiceCount("cti-devices-registered", f"{COUNTS}.14", "CTI devices registered"),
    VoiceCount("cti-devices-unregistered", f"{COUNTS}.15", "CTI devices unregistered"),
    VoiceCount("voice-mail-ports-registered", f"{COUNTS}.17", "Voice mail ports registered"),
    VoiceCount("voice-mail-ports-unregistered", f"{COUNTS}.18", "Voice mail ports unregistered"),
)  # fmt: skip


def phone(index: Index) -> Row | None:
    return {"system": "ccm", "index": index[0]} if len(index) == 1 else None


PHONES = Pack(
    name="ccm-phones",
    mib="CISCO-CCM-MIB",
    table="phone",
    index=phone,
    columns=(
        state("status", f"{PHONE}.7", REGISTRATION),
        document("name", f"{PHONE}.20", filled_text),
        document("mac", f"{PHONE}.2", hexadecimal),
        document("description", f"{PHONE}.4", filled_text),
        document("address", f"{PHONE}.21", address),
        instead(document("address", f"{PHONE}.15", address)),
        instead(document("address", f"{PHONE}.6", address)),
        document("load", f"{PHONE}.25", filled_text),
        instead(document("load", f"{PHONE}.10", filled_text)),
        document("protocol", f"{PHONE}.19", words(PROTOCOLS)),
        document("_product", f"{PHONE}.18"),
        looked_up("model", PRODUCT_NAME, filled_text, at="_product"),
    ),
    applies=CISCO_PRODUCTS,
    most_rows=3_000,
    tested=1,
)


def of_kind(kind: str) -> IndexReader:
    def read(index: Index) -> Row | None:
        return {"kind": kind, "index": index[0]} if len(index) == 1 else None

    return read


def devices(kind: str, table: str, address_column: int, reason_column: int) -> Pack:
    """Name at 2, description at 4 and status at 5, as in all device tables of the MIB."""
    return Pack(
        name=f"ccm-{kind}", mib="CISCO-CCM-MIB", table="voice_device", index=of_kind(kind),
        columns=(
            state("status", f"{CCM}.{table}.5", REGISTRATION),
            document("name", f"{CCM}.{table}.2", filled_text),
            document("description", f"{CCM}.{table}.4", filled_text),
            document("address", f"{CCM}.{table}.{address_column}", address),
            document("reason", f"{CCM}.{table}.{reason_column}", words(REASONS)),
        ),
        applies=CISCO_PRODUCTS, tested=1,
    )  # fmt: skip


GATEWAYS = devices("gateway", "3.1.1", 8, 10)
MEDIA_DEVICES = devices("media-device", "6.1.1", 8, 9)
CTI_DEVICES = devices("cti-device", "8.1.1", 8, 10)
VOICE_MAIL = devices("voice-mail", "12.1.1", 7, 8)
D_CHANNELS = Pack(
    name="ccm-d-channels", mib="CISCO-CCM-MIB", table="voice_device", index=of_kind("gateway"),
    columns=(state("d_channel", f"{CCM}.3.1.1.13", D_CHANNEL),), applies=CISCO_PRODUCTS, founds=False,
)  # fmt: skip
SIP_TRUNKS = Pack(
    name="ccm-sip-trunks", mib="CISCO-CCM-MIB", table="voice_device", index=of_kind("sip-trunk"),
    columns=(
        document("name", f"{CCM}.14.1.1.2", filled_text),
        document("description", f"{CCM}.14.1.1.4", filled_text),
        document("address", f"{CCM}.14.1.1.6", address),
    ),
    applies=CISCO_PRODUCTS, tested=1,
)  # fmt: skip
CALL_MANAGER_PACKS = (
    NODES, REGISTRATIONS, PHONES, GATEWAYS, MEDIA_DEVICES, CTI_DEVICES, VOICE_MAIL, D_CHANNELS, SIP_TRUNKS,
)  # fmt: skip
