"""Voice gateways: signal processors (CISCO-DSP-MGMT-MIB), calls (CISCO-VOICE-DIAL-CONTROL-MIB), SIP (CISCO-SIP-UA-MIB)."""

from collections.abc import Iterable

from natvakt_agent.collectors.snmp.oids import Index, dotted
from natvakt_agent.collectors.snmp.pack import CISCO_PRODUCTS, Pack, Row, document, fixed, instead, looked_up, numbers, series, state
from natvakt_agent.collectors.snmp.packs.call_volume import ACTIVE_CONNECTIONS, CONNECTIONS
from natvakt_agent.collectors.snmp.packs.entity import DESCR, NAME
from natvakt_agent.collectors.snmp.packs.voice_counts import VoiceCount, voice_counts
from natvakt_agent.collectors.snmp.reading import filled_text, scaled, words

DSP = "1.3.6.1.4.1.9.9.86.1"
CARD = f"{DSP}.1.1.1"
CALLS = "1.3.6.1.4.1.9.9.63.1"
PEER = f"{CALLS}.2"
DIAL_PEER = "1.3.6.1.2.1.10.21.1.2.1.1"  # dialCtlPeerCfgEntry (RFC 2128), at peer and ifIndex
SIP = "1.3.6.1.4.1.9.9.152.1.2"
CARD_STATES = {1: "normal", 2: "warning", 3: "critical", 4: "fatal", 5: "offLine"}
PEER_TYPES = {1: "voice", 2: "voip", 3: "mmail", 4: "voatm", 5: "vofr"}
SESSION_PROTOCOLS = {1: "other", 2: "cisco", 3: "sdp", 4: "sip", 5: "multicast"}
PEER_STATUS = {1: "active", 2: "notInService", 3: "notReady", 4: "createAndGo", 5: "createAndWait", 6: "destroy"}
percent = scaled(0.01)

SIGNAL_PROCESSORS = Pack(
    name="cisco-dsp-cards",
    mib="CISCO-DSP-MGMT-MIB",
    table="dsp",
    index=numbers("index"),
    columns=(
        series("used_ratio", f"{CARD}.3", percent),
        state("state", f"{CARD}.2", CARD_STATES),
        series("peak_ratio", f"{CARD}.4", percent),
        series("processors", f"{CARD}.7"),
        series("processors_failed", f"{CARD}.8"),
        series("processors_congested", f"{CARD}.10"),
        document("channels_per_processor", f"{CARD}.6"),
        looked_up("name", NAME, filled_text, at="index"),
        instead(looked_up("name", DESCR, filled_text, at="index")),
    ),
    applies=CISCO_PRODUCTS,
    tested=1,
)
TRANSCODING = voice_counts(
    "cisco-dsp-farm", "CISCO-DSP-MGMT-MIB",
    VoiceCount("transcoding-sessions-free", f"{DSP}.7.2", "Transcoding sessions free", f"{DSP}.7.1"),
    VoiceCount("mtp-sessions-free", f"{DSP}.7.4", "Media termination sessions free", f"{DSP}.7.3"),
)  # fmt: skip
CALL_COUNTS = voice_counts(
    "cisco-call-counts", "CISCO-VOICE-DIAL-CONTROL-MIB",
    VoiceCount("calls", f"{CALLS}.3.8.2", "Calls in progress", f"{CALLS}.3.8.3"),
    VoiceCount("ds0-busy", f"{CALLS}.3.3", "DS0 channels with a call"),
)  # fmt: skip
SIP_USER_AGENT = Pack(
    name="cisco-sip",
    mib="CISCO-SIP-UA-MIB",
    table="sip",
    index=fixed(),
    columns=(
        series("invites_in", f"{SIP}.7.1"),
        series("invites_out", f"{SIP}.7.2"),
        series("invites_repeated", f"{SIP}.8.1"),
        series("options_in", f"{SIP}.7.9"),
        series("options_out", f"{SIP}.7.10"),
        series("registers_in", f"{SIP}.7.11"),
        series("registers_out", f"{SIP}.7.12"),
        series("unauthorized_in", f"{SIP}.4.3"),
        series("forbidden_in", f"{SIP}.4.7"),
        series("request_timeouts_in", f"{SIP}.4.17"),
        series("service_unavailable_in", f"{SIP}.5.7"),
        series("service_unavailable_out", f"{SIP}.5.8"),
        series("udp_connections", f"{SIP}.10.8"),
        series("tcp_connections", f"{SIP}.10.9"),
    ),
    applies=CISCO_PRODUCTS,
    scalar=True,
)


def of_connection(row: Row) -> Iterable[Row]:
    connection = CONNECTIONS.get(int(str(row["_connection"])), str(row["_connection"]))
    yield {"kind": "calls-by-connection", "index": row["_index"], "name": f"{connection} calls", "value": row["_calls"], "limit": None}


CALLS_BY_CONNECTION = Pack(
    name="cisco-calls-by-connection", mib="CISCO-VOICE-DIAL-CONTROL-MIB", table="voice", index=numbers("_connection"),
    columns=(series("_calls", ACTIVE_CONNECTIONS),), derive=of_connection, applies=CISCO_PRODUCTS,
)  # fmt: skip


def dial_peer(index: Index) -> Row | None:
    return {"peer": index[0]} if len(index) == 1 else None


def configured_peer(index: Index) -> Row | None:
    """dialCtlPeerCfgId, then the interface it uses."""
    return {"peer": index[0], "_place": dotted(index)} if len(index) == 2 else None


DIAL_PEERS = Pack(
    name="cisco-dial-peers",
    mib="CISCO-VOICE-DIAL-CONTROL-MIB",
    table="dial_peer",
    index=dial_peer,
    columns=(
        series("incoming_calls", f"{CALLS}.3.8.4.1.1"),
        series("outgoing_calls", f"{CALLS}.3.8.4.1.2"),
        document("type", f"{PEER}.1.1.3", words(PEER_TYPES)),
        document("session_protocol", f"{PEER}.3.1.1", words(SESSION_PROTOCOLS)),
        document("session_target", f"{PEER}.3.1.4", filled_text),
        document("_port", f"{PEER}.2.1.1", filled_text),
        document("preference", f"{PEER}.4.1.4"),
        document("max_connections", f"{PEER}.4.1.2", scaled(1, none_if=(-1,))),
    ),
    derive=lambda row: ({**row, "session_target": row.get("session_target") or row.get("_port")},),
    applies=CISCO_PRODUCTS,
)
DIAL_PEER_NUMBERS = Pack(
    name="dial-control-peers",
    mib="DIAL-CONTROL-MIB",
    table="dial_peer",
    index=configured_peer,
    columns=(document("destination", f"{DIAL_PEER}.4", filled_text), document("status", f"{DIAL_PEER}.18", words(PEER_STATUS))),
    applies=CISCO_PRODUCTS,
    founds=False,
    only_with=("cisco-dial-peers",),
    tested=1,
)
GATEWAY_PACKS = (
    SIGNAL_PROCESSORS, TRANSCODING, CALL_COUNTS, CALLS_BY_CONNECTION, SIP_USER_AGENT, DIAL_PEERS, DIAL_PEER_NUMBERS,
)  # fmt: skip
