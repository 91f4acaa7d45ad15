"""A night on which 40 sites lose their WAN at once: what the partner's people really receive, from the agents' silence to the telephone."""

from datetime import date

import pytest
from natvakt_server.domain.escalation import Chain, OnCallCalendar, Person, Step
from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.notify.port import Answer, HttpCall, Mail
from natvakt_server.notify.transports.smtp import MailPost, SmtpTransport
from testkit.databases import migrated_file
from testkit.monitoring import MINUTE, NIGHT_NS, WatchedSite, answer, cabled
from testkit.notifying import Desk, Recorder, destination, engine, rule
from testkit.postbox import postbox

__all__ = ["engine", "migrated_file", "postbox"]
SITES, MINUTES, LOST_FROM, LOST_UNTIL = 40, 16, 3, 11
NAMES = ("edge1", "core1")


def night():
    """Occasions of all sites, by when they were announced."""
    announced = []
    for number in range(SITES):
        site = WatchedSite(cabled(NAMES, (("edge1", "core1"),)), f"s{number:02d}")
        for minute in range(MINUTES):
            now_ns, is_heard, before = (
                NIGHT_NS + minute * MINUTE + number * 10**9,
                not LOST_FROM <= minute < LOST_UNTIL,
                len(site.occasions),
            )
            site.look([answer(name, now_ns - 10**9, True) for name in NAMES] if is_heard else (), now_ns, is_heard)
            announced += [(now_ns, each) for each in site.occasions[before:]]
    return sorted(announced, key=lambda pair: pair[0])


@pytest.fixture
def desk(engine, postbox):
    """Mail to the NOC at once; the telephone of who is on call through a chain."""
    telephone = Recorder()
    telephone.answer = lambda outgoing: Answer(200)
    made = Desk(engine, {Mail: MailPost(SmtpTransport("127.0.0.1", postbox.port, "none")), HttpCall: telephone})
    made.telephone = telephone
    made.settings.put_destination(destination())
    number = {"to": "+46701234567", "from": "natvakt", "url": "https://sms.example/send"}
    made.settings.put_destination(
        destination(id="anna", name="Anna", channel="sms", settings=number, quiet_from="00:00", quiet_until="23:59")
    )
    made.chains.put_calendar(
        OnCallCalendar("duty", "Duty", "Europe/Stockholm", date(2026, 11, 2), 7, "08:00", (Person("Anna", ("anna",)),))
    )
    made.chains.put_chain(Chain("c1", "Night", (Step(0, (), ("duty",)), Step(30, ("d1",)))))
    made.settings.put_rule(rule(least=Severity.CRITICAL, kinds=(Kind.OPENED, Kind.CLEARED), chain="c1"))
    return made


def test_forty_lost_sites_are_forty_causes_in_a_few_messages(desk, postbox):
    announced = night()
    assert [each.kind for _, each in announced] == [Kind.OPENED] * SITES + [Kind.CLEARED] * SITES
    assert {each.cause for _, each in announced} == {"site-down"}
    desk.clock.now_ns = NIGHT_NS
    while desk.clock.now_ns < NIGHT_NS + (MINUTES + 5) * MINUTE:
        now_ns = desk.clock.now_ns
        desk.announcements.announce([each for at_ns, each in announced if now_ns - 30 * 10**9 < at_ns <= now_ns])
        desk.later(30)
    told = desk.told()
    assert {state for _, state, _ in told} == {"sent"}
    assert len(told) == SITES * 4, "each opening and each end, to the NOC and to who is on call"
    assert len(postbox.taken) == 6
    assert len(desk.telephone.sent) == 6
    assert sum(digested(mail["Subject"]) for _, _, mail in postbox.taken) == SITES * 2
    assert desk.escalations.due(desk.clock.now_ns + 24 * 60 * MINUTE, 1000) == [], "no chain runs on"


def digested(subject: str) -> int:
    return int(subject[1:].split(" messages]", maxsplit=1)[0]) if " messages]" in subject else 1
