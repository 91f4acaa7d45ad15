"""A webhook of one's own: JSON, signed as Standard Webhooks 1.0 says, so that receivers find a library that checks it.

webhook-id: KEY    webhook-timestamp: 1795600000    webhook-signature: v1,BASE64(HMAC-SHA256(secret, "KEY.1795600000.BODY"))
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from natvakt_server.domain.notification import Occasion
from natvakt_server.notify.calling import check_url, json_call, judge_http
from natvakt_server.notify.letters import one_line
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, SettingsRefused, Target

SECRET_PREFIX = "whsec_"  # noqa: S105 - how the standard marks a secret in base64
LEAST_SECRET_BYTES = 16
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    name: str = "webhook"
    fields: Sequence[Field] = (
        Field("url", example="https://hooks.example.org/natvakt"),
        Field("secret", secret=True, example="whsec_...", stand_in="0" * LEAST_SECRET_BYTES),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        check_url("url", target["url"])
        try:
            key = secret_bytes(target["secret"])
        except ValueError:
            raise SettingsRefused("secret", "base64") from None
        if len(key) < LEAST_SECRET_BYTES:
            raise SettingsRefused("secret", "short")

    def recipients(self, _settings: Mapping[str, str]) -> Sequence[str]:
        return ("",)

    def outgoing(self, notice: Notice, target: Target, origin: Origin) -> HttpCall:
        content = {
            "type": "digest" if notice.is_digest else notice.kind.value,
            "subject": notice.subject,
            "text": notice.text,
            "severity": notice.severity.value,
            "incident": notice.incident,
            "count": notice.count,
            "link": notice.link,
            "sender": origin.partner,
            "occasions": [occasion_data(each) for each in notice.occasions],
        }
        call, seconds = json_call(target["url"], content), notice.sent_ns // SECOND_NS
        signed = f"{notice.key}.{seconds}.".encode() + call.body
        signature = base64.b64encode(hmac.digest(secret_bytes(target["secret"]), signed, sha256)).decode()
        marks = {"webhook-id": notice.key, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{signature}"}
        return replace(call, headers={**call.headers, **marks})

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


def secret_bytes(text: str) -> bytes:
    """Raises ValueError."""
    if not text.startswith(SECRET_PREFIX):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("the secret after whsec_ is not base64") from error


def occasion_data(occasion: Occasion) -> Mapping[str, object]:
    return {
        "key": occasion.key,
        "customer": occasion.tenant,
        "site": occasion.site,
        "incident": occasion.incident,
        "kind": occasion.kind.value,
        "severity": occasion.severity.value,
        "at_ns": occasion.at_ns,
        "cause": occasion.cause,
        "devices": [one_line(name) for name in occasion.devices],
        "suppressed": occasion.suppressed,
        "facts": {name: one_line(value) for name, value in occasion.facts.items()},
        "by": one_line(occasion.by),
    }


CHANNEL = WebhookChannel()
