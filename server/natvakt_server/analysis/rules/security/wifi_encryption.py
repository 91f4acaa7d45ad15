"""security.wifi.encryption: wireless networks are encrypted with AES; what is open leads to a portal."""

import re
from dataclasses import dataclass

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, settle
from natvakt_server.analysis.configuration.reading import Reading
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line
from natvakt_server.domain.registry import Role

_OPEN = "security wpa"


@dataclass(frozen=True, slots=True)
class Wlan:
    """`head` opens it; `lines` are its own."""

    head: Line
    name: str
    lines: tuple[Line, ...]

    def last(self, pattern: str) -> Line | None:
        wanted = re.compile(pattern, re.IGNORECASE)
        return next((line for line in reversed(self.lines) if wanted.match(line.text)), None)


def _wlans(reading: Reading) -> list[Wlan]:
    found = [Wlan(head, head.text.split()[1], tuple(reading.inside(head, r"\S"))) for head in reading.find(r"wlan \S")]
    return [each for each in found if each.last(r"shutdown$") is None or each.last(r"no shutdown$") is not None]


def judge(subject: Subject) -> Outcome:
    """IOS-XE: WPA2 with AES is the default; lines take it away or add to it. PMF is optional at least."""
    wlans = _wlans(subject.reading)
    breaches: list[Breach] = []
    for wlan in wlans:
        weak = wlan.last(r"security (?:static-wep|wpa wpa1|wpa wpa2 ciphers tkip|wpa wpa1 ciphers)")
        opened = wlan.last(r"no security wpa$")
        portal = wlan.last(r"security (?:web-auth|wpa wpa3|owe|wpa akm owe)")
        if weak is not None:
            fix = (f"wlan {wlan.name}", f" no {weak.text}", " security wpa wpa2 ciphers aes")
            breaches.append(Breach(Severity.HIGH, (wlan.head, weak), wlan.name, fix))
        elif opened is not None and portal is None:
            breaches.append(Breach(Severity.HIGH, (wlan.head, opened), wlan.name, (f"wlan {wlan.name}", f" {_OPEN}")))
        elif opened is None and wlan.last(r"security pmf (?:optional|mandatory)|security wpa wpa3") is None:
            breaches.append(Breach(Severity.LOW, (wlan.head,), wlan.name, (f"wlan {wlan.name}", " security pmf optional")))
    return settle(breaches, len(wlans), [wlan.head for wlan in wlans], "no-wlan")


def aireos(subject: Subject) -> Outcome:
    """AireOS writes one command a line, with the number of the WLAN."""
    reading = subject.reading
    created = reading.find(r"config wlan create \d")
    breaches: list[Breach] = []
    for line in created:
        number = re.escape(line.text.split()[3])
        weak = reading.find(
            rf"config wlan security (?:static-wep-key encryption {number} |static-wep-key enable {number}|wpa wpa1 enable {number}"
            rf"|wpa wpa[12] ciphers tkip enable {number})"
        )
        opened = reading.find(rf"config wlan security wpa disable {number}$")
        portal = reading.find(rf"config wlan security web-(?:auth enable|passthrough enable) {number}")
        if weak or (opened and not portal):
            fix = (f"config wlan security wpa enable {number}", f"config wlan security wpa wpa2 ciphers aes enable {number}")
            breaches.append(
                Breach(Severity.HIGH, (line, *weak, *opened), line.text.split()[4] if len(line.text.split()) > 4 else number, fix)
            )
    return settle(breaches, len(created), created, "no-wlan")


CHECK = ConfigurationRule(
    id="security.wifi.encryption",
    title=Text("Wireless without encryption that holds", "Trådlöst utan kryptering som håller"),
    impact=Text(
        "Whoever sits in the car park reads along or joins the network.", "Den som sitter på parkeringen läser med eller går in på nätet."
    ),
    recommendation=Text(
        "Use WPA2 or WPA3 with AES, and protect management frames.", "Använd WPA2 eller WPA3 med AES, och skydda hanteringsramar."
    ),
    severities=(Severity.HIGH, Severity.LOW),
    effort_minutes=30,
    requirements=(Requirement(("ios-xe",), judge), Requirement(("aireos",), aireos)),
    roles=frozenset((Role.WLC,)),
    references=("IEEE 802.11i", "IEEE 802.11w"),
)
