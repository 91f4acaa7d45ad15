"""SMS, by a gateway that takes a form by HTTP: 46elks as it stands, Twilio and others by the names of their fields."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from natvakt_server.notify.addresses import MOST_RECIPIENTS, NUMBER, listed
from natvakt_server.notify.calling import check_url, judge_http
from natvakt_server.notify.port import Answer, Field, HttpCall, Notice, Origin, SettingsRefused, Target

MOST_CHARACTERS = 300  # five of UCS-2, two of GSM 7-bit: who is woken must be able to read it
SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[A-Za-z][A-Za-z0-9]{0,10}")
NAMES = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}(,[A-Za-z][A-Za-z0-9_-]{0,30}){2}")
USUAL_NAMES = "to,from,message"


@dataclass(frozen=True, slots=True)
class SmsChannel:
    name: str = "sms"
    fields: Sequence[Field] = (
        Field("to", example="+46701234567, +46707654321"),
        Field("from", example="natvakt"),
        Field("url", example="https://api.46elks.com/a1/sms"),
        Field("user", required=False),
        Field("password", secret=True, required=False),
        Field("names", required=False, example=f"{USUAL_NAMES} · To,From,Body"),
    )
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        numbers = listed(target["to"])
        if not numbers or len(numbers) > MOST_RECIPIENTS or not all(NUMBER.fullmatch(each) for each in numbers):
            raise SettingsRefused("to", "numbers")
        if not SENDER.fullmatch(target["from"]):
            raise SettingsRefused("from", "sms-sender")
        check_url("url", target["url"])
        if ":" in target["user"]:
            raise SettingsRefused("user", "colon")
        if target["names"] and not NAMES.fullmatch(target["names"]):
            raise SettingsRefused("names", "names")

    def recipients(self, settings: Mapping[str, str]) -> Sequence[str]:
        return listed(settings.get("to", ""))

    def outgoing(self, notice: Notice, target: Target, _origin: Origin) -> HttpCall:
        to, sender, text = (target["names"] or USUAL_NAMES).split(",")
        room = MOST_CHARACTERS - len(notice.link) - 1
        form = {to: target.recipient, sender: target["from"], text: f"{shortened(notice.subject, room)}\n{notice.link}"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": notice.key}
        if target["user"]:
            pair = f"{target['user']}:{target['password']}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return HttpCall(target["url"], urlencode(form).encode(), headers)

    def judge(self, answer: Answer) -> None:
        judge_http(answer)


def shortened(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: max(characters - 1, 0)].rstrip() + "…"


CHANNEL = SmsChannel()
