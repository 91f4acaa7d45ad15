"""voice.trunk.sip: a SIP trunk does not answer, or its dial peers are out of service."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_TIMEOUTS = 0.10
LEAST_REQUESTS = 100
ACTIVE = "active"


def judge(device: Device, evidence: Evidence) -> Judgement:
    peers = [row for row in device.table("dial_peer").rows if row.get("session_protocol") == "sip" and row.get("session_target")]
    series = {f: next(iter(device.history("sip", f, WINDOW_DAYS)), None) for f in ("invites_out", "options_out", "request_timeouts_in")}
    if not peers and device.table("sip").missing is not None:
        absent = missing(device, "dial_peer", "sip-ua| session protocol sipv2")
        return absent if absent is not None else not_applicable("no-sip-trunk")
    failures = []
    for row in peers:
        if row.get("status") not in (None, ACTIVE):
            name, at_ns = f"dial-peer {row.get('peer')}", device.table("dial_peer").observed_ns
            facts = (
                Fact(f"{name} status", str(row.get("status")), None, at_ns),
                Fact(f"{name} target", str(row["session_target"]), None, at_ns),
            )
            failures.append(Failure(name, Severity.HIGH, facts, (f"show dial-peer voice {row.get('peer')}", "show sip-ua status")))
    sent = sum((h.increase or 0.0) for name in ("invites_out", "options_out") if (h := series[name]) is not None)
    late = series["request_timeouts_in"]
    if late is not None and late.increase is not None and sent >= LEAST_REQUESTS and late.increase / sent > MOST_TIMEOUTS:
        facts = (
            Fact("SIP requests sent", round(sent), "requests/7 d", late.last_ns),
            Fact("SIP requests timed out", round(late.increase / sent * 100, 1), "%", late.last_ns),
        )
        failures.append(Failure("SIP", Severity.HIGH, facts, ("show sip-ua statistics", "show sip-ua status")))
    return decide(failures, len(peers) + (sent > 0))


RULE = Rule(
    id="voice.trunk.sip",
    title=Text(
        "SIP trunk does not answer",
        "SIP-trunken svarar inte",
    ),
    impact=Text(
        "Calls over that provider fail, or wait seconds until the next way is tried.",
        "Samtal via den leverantören misslyckas, eller väntar i sekunder innan nästa väg provas.",
    ),
    recommendation=Text(
        "Ask the provider with times; check name resolution, certificate and the firewall in between.",
        "Fråga leverantören med klockslag; kontrollera namnuppslag, certifikat och brandväggen emellan.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway,
    tables=(),
    beside=("dial_peer", "sip", "configuration"),
    needs=(Need("sip", ("invites_out", "options_out", "request_timeouts_in"), WINDOW_DAYS, hourly=True),),
    judge=judge,
    effort_minutes=30,
    references=("RFC 3261",),
)
