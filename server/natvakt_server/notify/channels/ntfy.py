"""ntfy, its own server or the public one: push to telephones. On a public server the topic is all that protects, so it is a secret."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.calling import check_header, check_url, json_call, judge_http
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, SettingsRefused, Target

TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
PRIORITIES: Mapping[Severity, int] = {Severity.CRITICAL: 5, Severity.WARNING: 4, Severity.INFORMATION: 3}
TAGS: Mapping[Severity, str] = {
    Severity.CRITICAL: "rotating_light",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "information_source",
}
MOST_BYTES = 3900  # of the 4,096 after which ntfy makes an attachment of it


@dataclass(frozen=True, slots=True)
class NtfyChannel:
    name: str = "ntfy"
    fields: Sequence[Field] = (
        Field("url", example="https://ntfy.example.org"),
        Field("topic", secret=True, example="natvakt-3f9c0d", stand_in="natvakt"),
        Field("token", secret=True, required=False, example="tk_..."),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        check_url("url", target["url"])
        check_header("token", target["token"])
        if not TOPIC.fullmatch(target["topic"]):
            raise SettingsRefused("topic", "topic")

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> HttpCall:
        over = notice.kind in (Kind.CLEARED, Kind.ACKNOWLEDGED)
        content = {
            "topic": target["topic"],
            "title": notice.subject,
            "message": notice.text.encode()[:MOST_BYTES].decode(errors="ignore"),
            "priority": PRIORITIES[Severity.INFORMATION] if over else PRIORITIES[notice.severity],
            "tags": ["white_check_mark" if over else TAGS[notice.severity]],
            "click": notice.link,
        }
        return json_call(target["url"], content, {"Authorization": f"Bearer {target['token']}"} if target["token"] else None)

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


CHANNEL = NtfyChannel()
