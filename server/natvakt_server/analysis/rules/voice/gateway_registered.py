"""voice.gateway.registered: a gateway, trunk or media device is not registered."""

from natvakt_server.analysis.applicability import gateway_or_call_server
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

UNREGISTERED = {3: "unregistered", 4: "rejected", 5: "partly registered"}  # CISCO-CCM-MIB CcmDeviceStatus
KINDS = {"gateway": "gateway", "media-device": "media device", "voice-mail": "voice mail port"}
COUNTS = ("gateways-unregistered", "gateways-rejected", "media-devices-unregistered", "media-devices-rejected")
INACTIVE = 2  # cmGatewayDChannelStatus


def judge(device: Device, evidence: Evidence) -> Judgement:
    table, counts = (
        device.table("voice_device"),
        {str(row.get("kind")): row for row in device.table("voice").rows if row.get("kind") in COUNTS},
    )
    if table.missing is not None and not counts:
        return missing(device, "voice_device", "ccm-manager|sccp ccm|sip-ua") or unknown(Reason.NOT_PROVIDED)
    failures, judged = [], 0
    for row in table.rows:
        state = int(number(row, "status") or 0)
        if row.get("kind") not in KINDS or not state:
            continue
        judged += 1
        word = UNREGISTERED.get(state) or ("D channel inactive" if number(row, "d_channel") == INACTIVE else None)
        if word is not None:
            name = str(row.get("name") or f"{KINDS[str(row['kind'])]} {row.get('index')}")
            facts = [Fact(f"{KINDS[str(row['kind'])]} {name}", word, None, table.observed_ns)]
            facts += [Fact(field, str(row[field]), None, table.observed_ns) for field in ("reason", "address") if row.get(field)]
            failures.append(Failure(name, Severity.HIGH, tuple(facts), ("show sip-ua register status", "show ccm-manager")))
    for kind, row in sorted(counts.items()):
        judged += 1
        value = number(row, "value") or 0
        if value and not table.rows:
            facts = [Fact(str(row.get("name") or kind), round(value), "devices", device.table("voice").observed_ns)]
            failures.append(Failure(kind, Severity.HIGH, tuple(facts), ("show sip-ua register status", "show ccm-manager")))
    return decide(failures, judged)


RULE = Rule(
    id="voice.gateway.registered",
    title=Text(
        "Voice gateway or media device is not registered",
        "Röstgateway eller mediaenhet är inte registrerad",
    ),
    impact=Text(
        "Calls to the outside fail or take the expensive way; conferences and music on hold are gone.",
        "Samtal utåt misslyckas eller går den dyra vägen; konferenser och pausmusik är borta.",
    ),
    recommendation=Text(
        "Reach it first, then compare name, protocol and version at both ends.",
        "Nå den först, jämför sedan namn, protokoll och version i båda ändar.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway_or_call_server,
    tables=(),
    beside=("voice_device", "voice", "configuration"),
    judge=judge,
    effort_minutes=30,
    change=Change.INTERRUPTION,
    references=("CISCO-CCM-MIB",),
)
