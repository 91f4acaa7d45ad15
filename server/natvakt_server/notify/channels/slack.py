"""Slack, by an incoming webhook. The address is the secret. Names are data: nothing in them can mention people or make links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.calling import check_url, json_call, judge_http
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, Target

COLOURS: Mapping[Severity, str] = {Severity.CRITICAL: "#c62828", Severity.WARNING: "#b26a00", Severity.INFORMATION: "#1565c0"}
OVER = "#2e7d32"
MOST_CHARACTERS = 3000


@dataclass(frozen=True, slots=True)
class SlackChannel:
    name: str = "slack"
    fields: Sequence[Field] = (
        Field("url", secret=True, example="https://hooks.slack.com/services/...", stand_in="https://hooks.slack.com/"),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        check_url("url", target["url"])

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> HttpCall:
        colour = OVER if notice.kind is Kind.CLEARED else COLOURS[notice.severity]
        attachment = {"color": colour, "text": escaped(notice.text), "fallback": escaped(notice.subject), "mrkdwn_in": []}
        return json_call(target["url"], {"text": f"*{escaped(notice.subject)}*", "attachments": [attachment]})

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


def escaped(text: str) -> str:
    """As Slack asks for: the three characters that begin links, mentions and entities."""
    return text[:MOST_CHARACTERS].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


CHANNEL = SlackChannel()
