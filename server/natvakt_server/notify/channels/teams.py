"""Microsoft Teams, by the address of a workflow ("when a webhook request is received") that posts an adaptive card.

The text stands in RichTextBlocks, which know no Markdown: a customer's name cannot become a link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.calling import check_url, json_call, judge_http
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, Target

COLOURS: Mapping[Severity, str] = {Severity.CRITICAL: "Attention", Severity.WARNING: "Warning", Severity.INFORMATION: "Accent"}
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class TeamsChannel:
    name: str = "teams"
    fields: Sequence[Field] = (
        Field("url", secret=True, example="https://....api.powerplatform.com/...", stand_in="https://api.powerplatform.com/"),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        check_url("url", target["url"])

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> HttpCall:
        colour = "Good" if notice.kind is Kind.CLEARED else COLOURS[notice.severity]
        lines = [_block(line) for line in notice.lines[:MOST_LINES] if line]
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [_block(notice.subject, weight="Bolder", color=colour), *lines],
            "actions": [{"type": "Action.OpenUrl", "title": "natvakt", "url": notice.link}],
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        return json_call(target["url"], {"type": "message", "attachments": [attachment]})

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


def _block(text: str, **look: str) -> Mapping[str, object]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}


CHANNEL = TeamsChannel()
