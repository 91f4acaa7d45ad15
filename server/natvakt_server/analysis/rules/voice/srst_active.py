"""voice.srst.active: a branch lives on its fallback."""

from natvakt_server.analysis.applicability import gateway
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.features import missing
from natvakt_server.analysis.interfaces import number
from natvakt_server.analysis.rule import Failure, Judgement, Need, Rule, Text, decide, not_applicable, unknown
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
ACTIVE = 1  # CISCO-SRST-MIB csrstState


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Two readings in a row, five minutes and more apart."""
    absent = missing(device, "srst", "call-manager-fallback|voice register global")
    if absent is not None:
        return absent
    row, table = next(iter(device.table("srst").rows), {}), device.table("srst")
    if row.get("enabled") is False:
        return not_applicable("srst-off")
    state = number(row, "state")
    if state is None:
        return unknown(Reason.NOT_PROVIDED)
    history = next(iter(device.history("srst", "state", WINDOW_DAYS)), None)
    if state != ACTIVE or history is None or history.previous != ACTIVE:
        return decide([], 1)
    facts = (
        Fact("fallback", "active", None, table.observed_ns),
        Fact("of the last 7 days", round(history.share.get(str(ACTIVE), 0.0) * 100, 1), "%", history.last_ns),
        *(
            (Fact("phones on it", round(phones), "phones", table.observed_ns),)
            if (phones := number(row, "registered_phones")) is not None
            else ()
        ),
    )
    return decide([Failure(None, Severity.HIGH, facts, ("show call-manager-fallback all", "show ccm-manager"))], 1)


RULE = Rule(
    id="voice.srst.active",
    title=Text(
        "Branch lives on its fallback telephony",
        "Filialen lever på sin reservtelefoni",
    ),
    impact=Text(
        "The phones have only the simplest functions, no voice mail and no transfer, and nobody at headquarters sees them.",
        "Telefonerna har bara de enklaste funktionerna, ingen röstbrevlåda eller koppling, och ingen på huvudkontoret ser dem.",
    ),
    recommendation=Text(
        "Mend the line or the call manager; the phones go back by themselves.",
        "Laga förbindelsen eller samtalsväxeln; telefonerna går tillbaka av sig själva.",
    ),
    severities=(Severity.HIGH,),
    applies_to=gateway,
    tables=(),
    beside=("srst", "configuration"),
    needs=(Need("srst", ("state",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=30,
    references=("CISCO-SRST-MIB csrstState",),
)
