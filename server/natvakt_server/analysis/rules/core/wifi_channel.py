"""core.wifi.channel: a radio's channel is so busy that its clients wait for their turn."""

from natvakt_server.analysis.applicability import controller
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.rule import Change, Failure, Judgement, Need, Rule, Text, decide
from natvakt_server.analysis.rules.core.wifi_ap_join import mac_text
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity

WINDOW_DAYS = 7
MOST_SHARE, MOST_SHARE_2_4_GHZ = 0.60, 0.75
SLOW_BANDS = {"dot11b": "2.4 GHz", "dot11abgn": "2.4 GHz"}


def judge(device: Device, evidence: Evidence) -> Judgement:
    names = {row.get("mac"): str(row.get("name")) for row in device.table("access_point").rows if row.get("name")}
    failures, judged, short = [], 0, False
    for row in device.table("radio").rows:
        place = {"mac": str(row.get("mac")), "slot": str(row.get("slot"))}
        history = next(iter(device.history("radio", "channel_used_ratio", WINDOW_DAYS, **place)), None)
        band = SLOW_BANDS.get(str(row.get("band")), "5 GHz")
        limit = MOST_SHARE_2_4_GHZ if band == "2.4 GHz" else MOST_SHARE
        if history is not None and history.p95 is not None and history.p95 > limit:
            name = f"{names.get(row.get('mac')) or mac_text(str(row.get('mac')))} slot {row.get('slot')}"
            facts = [
                Fact(f"{name} {band} channel used p95", round(history.p95 * 100), "%", history.last_ns),
                Fact("limit", round(limit * 100), "%", None),
                *([Fact(f"{name} channel", str(row["channel"]), None, device.table("radio").observed_ns)] if row.get("channel") else ()),
            ]
            failures.append(Failure(name, Severity.MEDIUM, tuple(facts), ("show ap auto-rf dot11 5ghz", "show ap dot11 5ghz load-info")))
        elif history is None or not history.enough:
            short = True
            continue
        judged += 1
    return decide(failures, judged, undecided=None if judged else Reason.SHORT_HISTORY if short else Reason.NOT_PROVIDED)


RULE = Rule(
    id="core.wifi.channel",
    title=Text("Wireless channel is overcrowded", "Trådlös kanal är överfull"),
    impact=Text(
        "Meetings over video freeze and pages load slowly, although the signal is strong.",
        "Videomöten fryser och sidor laddas långsamt, trots stark signal.",
    ),
    recommendation=Text(
        "Turn low data rates off, let the controller choose channels, and take fewer SSIDs; then more access points with less power.",
        "Stäng av låga datahastigheter, låt kontrollern välja kanaler och ha färre SSID; därefter fler accesspunkter med lägre effekt.",
    ),
    severities=(Severity.MEDIUM,),
    applies_to=controller,
    tables=("radio",),
    beside=("access_point",),
    needs=(Need("radio", ("channel_used_ratio",), WINDOW_DAYS),),
    judge=judge,
    effort_minutes=60,
    change=Change.INTERRUPTION,
    references=("AIRESPACE-WIRELESS-MIB bsnAPIfLoadChannelUtilization",),
)
