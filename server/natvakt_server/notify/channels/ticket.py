"""A ticket in the partner's PSA, by HTTP: what it wants to hear is written as a JSON template, whose texts may hold {subject} and others.

Without an address for changes a ticket is made when an incident opens, and nothing more is said. With one, changes go there; it may hold
{incident}, by which systems with an id of the other side find their ticket.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from natvakt_server.domain.notification import Kind
from natvakt_server.notify.calling import check_header, check_url, json_call, judge_http
from natvakt_server.notify.letters import one_line
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, SettingsRefused, Target

USUAL_TEMPLATE = (
    '{"summary": "{subject}", "description": "{text}", "priority": "{severity}", "externalId": "{incident}", "event": "{kind}"}'
)
PLACE = re.compile(r"\{(subject|text|severity|incident|kind|customer|site|device|link)\}")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
RESERVED = ("host", "content-length", "content-type", "transfer-encoding", "connection", "idempotency-key")
MOST_TEMPLATE_CHARACTERS, MOST_DEVICE_CHARACTERS = 4000, 255


@dataclass(frozen=True, slots=True)
class TicketChannel:
    name: str = "ticket"
    fields: Sequence[Field] = (
        Field("url", example="https://psa.example.org/api/tickets"),
        Field("update_url", required=False, example="https://psa.example.org/api/tickets/external/{incident}/notes"),
        Field("template", required=False, example=USUAL_TEMPLATE),
        Field("authorization", secret=True, required=False, example="Bearer ..."),
        Field("header", secret=True, required=False, example="clientId: 0b5c..."),
    )
    follows_incidents: bool = True

    def check(self, target: Target) -> None:
        check_url("url", target["url"])
        check_url("update_url", target["update_url"].replace("{incident}", "x"), required=False)
        check_header("authorization", target["authorization"])
        check_header("header", target["header"])
        name, _, _ = target["header"].partition(":")
        if target["header"] and (not HEADER_NAME.fullmatch(name) or name.lower() in RESERVED):
            raise SettingsRefused("header", "header-line")
        try:
            json.loads(target["template"][: MOST_TEMPLATE_CHARACTERS + 1] or USUAL_TEMPLATE)
        except (ValueError, RecursionError):
            raise SettingsRefused("template", "json") from None

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> HttpCall | None:
        opens = notice.is_digest or notice.kind is Kind.OPENED
        if not opens and not target["update_url"]:
            return None
        url = target["url"] if opens else target["update_url"].replace("{incident}", quote(notice.incident, safe=""))
        headers = {"Authorization": target["authorization"]} if target["authorization"] else {}
        if target["header"]:
            name, _, value = target["header"].partition(":")
            headers[name] = value.strip()
        return json_call(url, filled(json.loads(target["template"] or USUAL_TEMPLATE), places(notice)), headers, notice.key)

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


def places(notice: Notice) -> Mapping[str, str]:
    first = notice.occasions[0] if notice.occasions and not notice.is_digest else None
    return {
        "subject": notice.subject,
        "text": notice.text,
        "severity": notice.severity.value,
        "incident": notice.incident or notice.key,
        "kind": notice.kind.value,
        "customer": first.tenant if first else "",
        "site": first.site if first else "",
        "device": one_line(first.devices[0])[:MOST_DEVICE_CHARACTERS] if first and first.devices else "",
        "link": notice.link,
    }


def filled(template: object, values: Mapping[str, str]) -> object:
    """The same shape with the places filled in, once: a name that holds {text} stays as it is."""
    if isinstance(template, str):
        return PLACE.sub(lambda found: values[found[1]], template)
    if isinstance(template, dict):
        return {name: filled(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    return template


CHANNEL = TicketChannel()
