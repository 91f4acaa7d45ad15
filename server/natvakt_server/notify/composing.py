"""Makes of occasions what one recipient reads: one occasion as it is, many as a digest that stays short however many there are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from natvakt_server.domain.notification import SEVERITIES, Kind, Occasion, Severity
from natvakt_server.domain.notifying import TEST, Destination, Message
from natvakt_server.notify.letters import one_line
from natvakt_server.notify.port import Notice
from natvakt_server.notify.words import CAUSES, FACTS, LINES, MARKS, VALUES, said
from natvakt_server.notify.words import SEVERITIES as SEVERITY_WORDS
from natvakt_server.reports.words import Speech

MOST_DEVICES, MOST_LINES, MOST_CUSTOMERS = 10, 20, 3
SUBJECT_CHARACTERS, VALUE_CHARACTERS = 160, 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Names:
    """What people call customers and sites; the slug where nobody named it. `link`: where the console shows a customer's
    incident; without both, all of them.
    """

    customer: Callable[[str], str]
    site: Callable[[str, str], str]
    link: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Composer:
    """Words for one destination: its language, its time zone."""

    destination: Destination
    names: Names
    now_ns: int

    def single(self, message: Message, occasion: Occasion) -> Notice:
        return Notice(
            key=message.key,
            subject=self._subject(occasion),
            lines=self._lines(occasion),
            kind=occasion.kind,
            severity=occasion.severity,
            incident=occasion.incident,
            occasions=(occasion,),
            count=1,
            at_ns=occasion.at_ns,
            sent_ns=self.now_ns,
            link=self._link(occasion),
        )

    def digest(self, messages: Sequence[Message], occasions: Mapping[int, Occasion]) -> Notice:
        """`messages`: two or more, the oldest first. `occasions`: those of the worst, which are listed."""
        listed = [occasions[each.occasion] for each in listing(messages) if each.occasion in occasions]
        lines = [f"{self._moment(each.at_ns)}  {self._subject(each)}" for each in listed]
        if len(messages) > len(listed):
            lines += ["", self._line("digest-more", count=self._speech.number(len(messages) - len(listed), 0))]
        link = self.names.link("", "")
        return Notice(
            key=f"digest/{messages[0].key}",
            subject=self._digest_subject(messages),
            lines=[*lines, "", f"{self._line('console')}: {link}"],
            kind=Kind.OPENED,
            severity=worst(messages),
            incident="",
            occasions=listed,
            count=len(messages),
            at_ns=max(each.created_ns for each in messages),
            sent_ns=self.now_ns,
            link=link,
        )

    def _subject(self, occasion: Occasion) -> str:
        mark = said(MARKS, TEST if occasion.cause == TEST else occasion.kind.value, self._language)
        severity = said(SEVERITY_WORDS, occasion.severity.value, self._language)
        devices = occasion.devices[0] if occasion.devices else ""
        more = max(len(occasion.devices) - 1, occasion.suppressed)
        where = ", ".join(part for part in (self._customer(occasion), self._site(occasion)) if part)
        what = [where, said(CAUSES, occasion.cause, self._language), f"{devices} (+{more})" if devices and more > 0 else devices]
        return one_line(f"[{mark.format(severity=severity)}] {': '.join(part for part in what if part)}")[:SUBJECT_CHARACTERS]

    def _digest_subject(self, messages: Sequence[Message]) -> str:
        count = self._line("digest", count=self._speech.number(len(messages), 0))
        severities = Counter(each.severity for each in messages)
        found = [
            f"{said(SEVERITY_WORDS, severity.value, self._language)} {self._speech.number(severities[severity], 0)}"
            for severity in reversed(SEVERITIES)
            if severities[severity]
        ]
        customers = Counter(each.tenant for each in messages if each.tenant)
        names = [self.names.customer(tenant) for tenant, _ in customers.most_common(MOST_CUSTOMERS)]
        if len(customers) > MOST_CUSTOMERS:
            names.append(self._line("more", count=self._speech.number(len(customers) - MOST_CUSTOMERS, 0)))
        return one_line(f"[{count}] {', '.join(found)}: {', '.join(names)}")[:SUBJECT_CHARACTERS]

    def _lines(self, occasion: Occasion) -> Sequence[str]:
        if occasion.cause == TEST:
            return [self._line("test-of", name=self.destination.name)]
        cause = said(CAUSES, occasion.cause, self._language)
        told = {
            "customer": self._customer(occasion),
            "site": self._site(occasion),
            "devices": self._devices(occasion.devices),
            "suppressed": self._speech.number(occasion.suppressed, 0) if occasion.suppressed else "",
            "at": self._moment(occasion.at_ns),
            "by": occasion.by,
        }
        lines = [f"{self._line(name)}: {one_line(value)[:VALUE_CHARACTERS]}" for name, value in told.items() if value]
        lines += [self._fact(name, value) for name, value in occasion.facts.items()]
        return [cause[:1].upper() + cause[1:], "", *lines, "", f"{self._line('console')}: {self._link(occasion)}"]

    def _fact(self, name: str, value: str) -> str:
        return f"{said(FACTS, name, self._language)}: {said(VALUES, one_line(value)[:VALUE_CHARACTERS], self._language)}"

    def _devices(self, devices: Sequence[str]) -> str:
        more = len(devices) - MOST_DEVICES
        shown = ", ".join(devices[:MOST_DEVICES])
        return f"{shown} {self._line('more', count=self._speech.number(more, 0))}" if more > 0 else shown

    def _moment(self, at_ns: int) -> str:
        return self._speech.moment((EPOCH + timedelta(microseconds=at_ns // 1000)).isoformat())

    def _customer(self, occasion: Occasion) -> str:
        return self.names.customer(occasion.tenant) if occasion.tenant else ""

    def _site(self, occasion: Occasion) -> str:
        return self.names.site(occasion.tenant, occasion.site) if occasion.site else ""

    def _link(self, occasion: Occasion) -> str:
        return self.names.link(occasion.tenant, occasion.incident if occasion.tenant else "")

    def _line(self, key: str, **values: str) -> str:
        return said(LINES, key, self._language).format(**values)

    @property
    def _language(self) -> str:
        return self.destination.language

    @property
    def _speech(self) -> Speech:
        return Speech(self.destination.language, ZoneInfo(self.destination.time_zone))


def listing(messages: Sequence[Message]) -> Sequence[Message]:
    """Those that a digest lists: the worst, and of these the newest; in order of time."""
    by_weight = sorted(messages, key=lambda each: (SEVERITIES.index(each.severity), each.created_ns, each.id), reverse=True)
    return sorted(by_weight[:MOST_LINES], key=lambda each: (each.created_ns, each.id))


def worst(messages: Sequence[Message]) -> Severity:
    return max((each.severity for each in messages), key=SEVERITIES.index)
