"""IP SLA: CISCO-RTTMON-MIB. What is measured, the latest result, and the counters of the current hour."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from natvakt_agent.collectors.snmp.pack import CISCO, Pack, Row, document, numbers, series, state
from natvakt_agent.collectors.snmp.reading import address, filled_text, scaled, words
from natvakt_agent.model.observation import Value

ADMIN = "1.3.6.1.4.1.9.9.42.1.2.1.1"
ECHO = "1.3.6.1.4.1.9.9.42.1.2.2.1"
LATEST = "1.3.6.1.4.1.9.9.42.1.2.10.1"
LATEST_JITTER = "1.3.6.1.4.1.9.9.42.1.5.2.1"
CAPTURE = "1.3.6.1.4.1.9.9.42.1.3.1.1"
COLLECT = "1.3.6.1.4.1.9.9.42.1.3.2.1"
JITTER_COLLECT = "1.3.6.1.4.1.9.9.42.1.3.5.1"
TYPES = {
    1: "echo",
    2: "pathEcho",
    3: "fileIO",
    4: "script",
    5: "udpEcho",
    6: "tcpConnect",
    7: "http",
    8: "dns",
    9: "jitter",
    10: "dlsw",
    11: "dhcp",
    12: "ftp",
    13: "voip",
    14: "rtp",
    15: "lspGroup",
    16: "icmpjitter",
    17: "lspPing",
    18: "lspTrace",
    19: "ethernetPing",
    20: "ethernetJitter",
    21: "lspPingPseudowire",
    22: "video",
    23: "y1731Delay",
    24: "y1731Loss",
    25: "mcastJitter",
    26: "fabricPathEcho",
}
CODECS = {0: "notApplicable", 1: "g711ulaw", 2: "g711alaw", 3: "g729a"}
SENSES = {
    0: "other",
    1: "ok",
    2: "disconnected",
    3: "overThreshold",
    4: "timeout",
    5: "busy",
    6: "notConnected",
    7: "dropped",
    8: "sequenceError",
    9: "verifyError",
    10: "applicationSpecific",
    11: "dnsServerTimeout",
    12: "tcpConnectTimeout",
    13: "httpTransactionTimeout",
    14: "dnsQueryError",
    15: "httpError",
    16: "error",
    17: "mplsLspEchoTxError",
    18: "mplsLspUnreachable",
    19: "mplsLspMalformedReq",
    20: "mplsLspReachButNotFEC",
    21: "enableOk",
    22: "enableNoConnect",
    23: "enableVersionFail",
    24: "enableInternalError",
    25: "enableAbort",
    26: "enableFail",
    27: "enableAuthFail",
    28: "enableFormatError",
    29: "enablePortInUse",
    30: "statsRetrieveOk",
    31: "statsRetrieveNoConnect",
}


def called_by_its_target(row: Row) -> Iterable[Row]:
    """An operation that nobody gave a tag is called by what it measures."""
    if row.get("tag") is None and row.get("type") is not None:
        row["tag"] = _target(row)
    yield row


def _target(row: Row) -> Value:
    target = row.get("target")
    match row["type"]:
        case "http":
            return row.get("_url")
        case "dns":
            return row.get("_name") or target
        case "jitter" if target is not None and row.get("_port") is not None:
            codec = row.get("codec")
            simulated = f" ({codec} @ {row.get('_codec_interval_ms')}ms)" if codec not in (None, "notApplicable") else ""
            return f"{target}:{row['_port']}{simulated}"
        case _:
            return target


OPERATIONS = Pack(
    name="rttmon-operations",
    mib="CISCO-RTTMON-MIB",
    table="ipsla",
    index=numbers("index"),
    columns=(
        series("rtt_ms", f"{LATEST}.1"),
        state("sense", f"{LATEST}.2", SENSES),
        document("type", f"{ADMIN}.4", words(TYPES)),
        document("tag", f"{ADMIN}.3", filled_text),
        document("threshold_ms", f"{ADMIN}.5"),
        document("frequency_seconds", f"{ADMIN}.6"),
        document("target", f"{ECHO}.2", address),
        document("tos", f"{ECHO}.9"),
        document("codec", f"{ECHO}.27", words(CODECS)),
        document("_port", f"{ECHO}.5"),
        document("_name", f"{ECHO}.11", filled_text),
        document("_url", f"{ECHO}.15", filled_text),
        document("_codec_interval_ms", f"{ECHO}.28"),
    ),
    derive=called_by_its_target,
    applies=CISCO,
    comes_and_goes=True,
)


def jitter_result(row: Row) -> Iterable[Row]:
    """The mean round trip is sum over count; a MOS or ICPIF of 0 on an operation that simulates no codec is no value."""
    count, total = row.get("_count"), row.get("_sum_ms")
    if isinstance(count, int) and isinstance(total, int | float) and count > 0:
        row["rtt_ms"] = round(total / count, 3)
    if row.get("mos") is None:
        row["icpif"] = None
    one_way = row.get("_one_way_count")
    for name, material in (("one_way_source_destination_ms", "_out_sum"), ("one_way_destination_source_ms", "_back_sum")):
        measured = row.get(material)
        if isinstance(one_way, int) and isinstance(measured, int) and one_way > 0:
            row[name] = round(measured / one_way, 3)
    lost = [row.get("packets_lost_source_destination"), row.get("packets_lost_destination_source"), row.get("_missing"), row.get("_late")]
    if isinstance(count, int):
        row["packets_sent"] = count + sum(value for value in lost if isinstance(value, int))
    yield row


LATEST_JITTERS = Pack(
    name="rttmon-latest-jitter",
    mib="CISCO-RTTMON-MIB",
    table="ipsla",
    index=numbers("index"),
    columns=(
        series("_count", f"{LATEST_JITTER}.1"),
        series("_sum_ms", f"{LATEST_JITTER}.2"),
        series("mos", f"{LATEST_JITTER}.42", scaled(0.01, none_if=(0,))),
        series("icpif", f"{LATEST_JITTER}.43"),
        series("jitter_source_destination_ms", f"{LATEST_JITTER}.47"),
        series("jitter_destination_source_ms", f"{LATEST_JITTER}.48"),
        series("packets_lost_source_destination", f"{LATEST_JITTER}.26"),
        series("packets_lost_destination_source", f"{LATEST_JITTER}.27"),
        series("_missing", f"{LATEST_JITTER}.29"),
        series("_late", f"{LATEST_JITTER}.30"),
        series("_out_sum", f"{LATEST_JITTER}.33"),
        series("_back_sum", f"{LATEST_JITTER}.37"),
        series("_one_way_count", f"{LATEST_JITTER}.41"),
        state("sense", f"{LATEST_JITTER}.31", SENSES),
    ),
    derive=jitter_result,
    applies=CISCO,
    comes_and_goes=True,
)


def newest_hour(*fields: str) -> Callable[[list[Row]], list[Row]]:
    """The statistics tables keep one group an hour; the newest one, summed over paths and hops, is a counter that restarts hourly."""

    def settle(rows: list[Row]) -> list[Row]:
        hours: dict[Value, list[Row]] = defaultdict(list)
        for row in rows:
            hours[row["index"]].append(row)
        found: list[Row] = []
        for index, group in hours.items():
            newest = max(int(row["_start"] or 0) for row in group)
            current = [row for row in group if row["_start"] == newest]
            totals: Row = {field: sum(int(row.get(field) or 0) for row in current) for field in fields}
            found.append({"index": index} | totals)
        return found

    return settle


COMPLETIONS = Pack(
    name="rttmon-completions",
    mib="CISCO-RTTMON-MIB",
    table="ipsla",
    index=numbers("index", "_start", "_path", "_hop", "_distribution"),
    columns=(series("completions", f"{CAPTURE}.5"),),
    settle=newest_hour("completions"),
    applies=CISCO,
    founds=False,
)
JITTER_COMPLETIONS = Pack(
    name="rttmon-jitter-completions",
    mib="CISCO-RTTMON-MIB",
    table="ipsla",
    index=numbers("index", "_start"),
    columns=(series("completions", f"{JITTER_COLLECT}.2"),),
    settle=newest_hour("completions"),
    applies=CISCO,
    founds=False,
)
TIMEOUTS = Pack(
    name="rttmon-timeouts",
    mib="CISCO-RTTMON-MIB",
    table="ipsla",
    index=numbers("index", "_start", "_path", "_hop"),
    columns=(series("timeouts", f"{COLLECT}.2"),),
    settle=newest_hour("timeouts"),
    applies=CISCO,
    founds=False,
)
