"""PagerDuty, by its Events API v2: our incident is their alert under the same key, acknowledged and resolved with ours."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.calling import check_url, json_call, judge_http
from natvakt_server.notify.letters import one_line
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, SettingsRefused, Target

URL = "https://events.pagerduty.com/v2/enqueue"
ROUTING_KEY = re.compile(r"[0-9A-Za-z]{32}")
ACTIONS: Mapping[Kind, str] = {Kind.ACKNOWLEDGED: "acknowledge", Kind.CLEARED: "resolve"}
SEVERITIES: Mapping[Severity, str] = {Severity.CRITICAL: "critical", Severity.WARNING: "warning", Severity.INFORMATION: "info"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SUMMARY_CHARACTERS = 1024


@dataclass(frozen=True, slots=True)
class PagerDutyChannel:
    name: str = "pagerduty"
    fields: Sequence[Field] = (
        Field("routing_key", secret=True, example="0123456789abcdef...", stand_in="0" * 32),
        Field("url", required=False, example="https://events.eu.pagerduty.com/v2/enqueue"),
    )
    follows_incidents: bool = True

    def check(self, target: Target) -> None:
        check_url("url", target["url"], required=False)
        if not ROUTING_KEY.fullmatch(target["routing_key"]):
            raise SettingsRefused("routing_key", "routing-key")

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, origin: Origin) -> HttpCall:
        first = notice.occasions[0] if notice.occasions else None
        source = f"{first.tenant}/{first.site}" if first and first.tenant and not notice.is_digest else origin.partner
        event: dict[str, object] = {
            "routing_key": target["routing_key"],
            "event_action": "trigger" if notice.is_digest else ACTIONS.get(notice.kind, "trigger"),
            "dedup_key": notice.incident or notice.key,
            "payload": {
                "summary": notice.subject[:MOST_SUMMARY_CHARACTERS],
                "source": source,
                "severity": SEVERITIES[notice.severity],
                "timestamp": (EPOCH + timedelta(microseconds=notice.at_ns // 1000)).isoformat(),
                "component": one_line(first.devices[0])[:MOST_SUMMARY_CHARACTERS] if first and first.devices else "",
                "custom_details": {"text": notice.text},
            },
            "links": [{"href": notice.link, "text": "natvakt"}],
            "client": "natvakt",
        }
        return json_call(target["url"] or URL, event)

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


CHANNEL = PagerDutyChannel()
