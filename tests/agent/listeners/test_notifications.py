"""Traps and informs: whose are believed, what is answered, what they are called; and that no octets raise anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natvakt_agent.collectors.snmp.pysnmp_notifications import NotificationRefused, OwnEngine, Receiver, _ber, _integer, _oid
from natvakt_agent.collectors.snmp.pysnmp_users import user_named
from natvakt_agent.listeners.notification_names import NOTIFICATIONS, OBJECTS
from natvakt_agent.listeners.notifications import heard_of

OURS, SENDER = b"\x80our engine", b"\x80their engine"
TRAP, INFORM, RESPONSE = 0xA7, 0xA6, 0xA2
CISCO = "1.3.6.1.4.1.9.9"
WATCHER = user_named("watcher", "sha256", "authentication", "aes128", "privacy-key")


def oid(text):
    """BER of any OID."""
    first, second, *rest = map(int, text.split("."))
    octets = bytearray([40 * first + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        octets += bytes(reversed(groups))
    return _ber(0x06, bytes(octets))


def varbind(name, value):
    content = {int: lambda: _integer(value), bytes: lambda: _ber(0x04, value), str: lambda: oid(value)}[type(value)]()
    return _ber(0x30, oid(name), content)


def pdu(trap, *varbinds, tag=TRAP, request=7):
    head = [_ber(0x30, oid("1.3.6.1.2.1.1.3.0"), _ber(0x43, b"\x04\xd2")), varbind("1.3.6.1.6.3.1.1.4.1.0", trap)]
    return _ber(tag, _integer(request), _integer(0), _integer(0), _ber(0x30, *head, *(varbind(*each) for each in varbinds)))


def plain(body, community=b"trap-word", version=1):
    return _ber(0x30, _integer(version), _ber(0x04, community), body)


def secured(body, *, engine=SENDER, boots=3, at=100, user=WATCHER, number=1):
    scoped = _ber(0x30, _ber(0x04, engine), _ber(0x04, b""), body)
    sender = Receiver((), {}, OwnEngine(engine, boots, 0.0))
    return sender._message(number, user.flags, user.name, user, scoped, float(at))


@pytest.fixture
def receiver():
    return Receiver([b"trap-word", b"other"], {b"watcher": WATCHER}, OwnEngine(OURS, 5, 1000.0))


def refused(receiver, octets, now=1000.0):
    with pytest.raises(NotificationRefused) as error:
        receiver.receive(octets, "192.0.2.1", now)
    return str(error.value)


LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"


def test_a_trap_of_version_1_gets_the_name_of_version_2(receiver):
    def version_1(generic, specific):
        parts = (oid(f"{CISCO}.1"), _ber(0x40, bytes(4)), _integer(generic), _integer(specific), _ber(0x43, b"\x05"), _ber(0x30))
        return receiver.receive(plain(_ber(0xA4, *parts), version=0), "192.0.2.1", 0.0).notification

    assert version_1(2, 0).oid == LINK_DOWN
    assert version_1(6, 9).oid == f"{CISCO}.1.0.9"


def test_an_inform_is_answered_by_its_own_octets_and_heard_once(receiver):
    octets = plain(pdu(LINK_DOWN, tag=INFORM))
    first, again = (receiver.receive(octets, "192.0.2.1", 0.0) for _ in range(2))
    assert first.answer == again.answer == plain(pdu(LINK_DOWN, tag=RESPONSE))
    assert first.notification.oid == LINK_DOWN
    assert again.notification is None
    assert receiver.receive(octets, "192.0.2.2", 0.0).notification is not None


def test_promise_37_a_trap_is_never_answered(receiver):
    for octets in (plain(pdu(LINK_DOWN)), secured(pdu(LINK_DOWN))):
        assert receiver.receive(octets, "192.0.2.1", 0.0).answer is None


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (plain(pdu(LINK_DOWN), b"guess"), "unknown-community"),
        (plain(pdu(LINK_DOWN), b""), "unknown-community"),
        (plain(pdu(LINK_DOWN), version=0), "malformed"),
        (plain(pdu(LINK_DOWN, tag=RESPONSE)), "malformed"),
        (plain(_ber(TRAP, _integer(1), _integer(0), _integer(0), _ber(0x30))), "malformed"),
        (secured(pdu(LINK_DOWN), user=user_named("nobody", "", "", "", "")), "unknown-user"),
        (secured(pdu(LINK_DOWN), user=user_named("watcher", "", "", "", "")), "wrong-security-level"),
        (secured(pdu(LINK_DOWN), user=user_named("watcher", "sha256", "authentication", "", "")), "wrong-security-level"),
        (secured(pdu(LINK_DOWN), user=user_named("watcher", "sha256", "another word", "aes128", "privacy-key")), "wrong-digest"),
        (secured(pdu(LINK_DOWN), user=user_named("watcher", "sha", "authentication", "aes128", "privacy-key")), "wrong-digest"),
        (secured(pdu(LINK_DOWN, tag=INFORM)), "wrong-engine"),
        (b"", "malformed"),
    ],
)
def test_promise_35_what_is_not_as_it_must_be_is_refused_with_a_word(receiver, octets, reason):
    assert refused(receiver, octets) == reason


def test_promise_35_replayed_traps_and_those_of_an_earlier_life_are_refused(receiver):
    now = secured(pdu(LINK_DOWN), boots=3, at=1000)
    assert receiver.receive(now, "192.0.2.1", 0.0).notification is not None
    assert refused(receiver, now, 1.0) == "replayed"
    assert refused(receiver, secured(pdu(LINK_DOWN), boots=2, at=5000), 1.0) == "not-in-time"
    assert refused(receiver, secured(pdu(LINK_DOWN), boots=3, at=800), 1.0) == "not-in-time"
    assert receiver.receive(secured(pdu(LINK_DOWN), boots=3, at=900, number=2), "192.0.2.1", 1.0).notification is not None
    assert receiver.receive(secured(pdu(LINK_DOWN), boots=4, at=1), "192.0.2.1", 2.0).notification is not None
    assert refused(receiver, secured(pdu(LINK_DOWN), boots=3, at=1100, number=3), 3.0) == "not-in-time"


def test_promise_35_an_inform_out_of_our_time_is_told_ours_and_not_believed(receiver):
    received = receiver.receive(secured(pdu(LINK_DOWN, tag=INFORM), engine=OURS, boots=5, at=9000), "192.0.2.1", 1100.0)
    assert received.notification is None
    assert received.answer is not None
    in_time = receiver.receive(secured(pdu(LINK_DOWN, tag=INFORM), engine=OURS, boots=5, at=110), "192.0.2.1", 1100.0)
    assert in_time.notification.oid == LINK_DOWN


def test_memory_is_bounded(receiver):
    for number in range(1500):
        engine = b"\x80engine" + number.to_bytes(3, "big")
        receiver.receive(secured(pdu(LINK_DOWN), engine=engine), "192.0.2.1", 0.0)
    assert len(receiver._engines) == 1024


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_promise_28_any_octets_are_refused_and_nothing_else(octets):
    with pytest.raises(NotificationRefused):
        Receiver([b"w"], {b"watcher": WATCHER}, OwnEngine(OURS, 5, 0.0)).receive(octets, "192.0.2.1", 0.0)


GOOD = [
    plain(pdu(LINK_DOWN, ("1.3.6.1.2.1.2.2.1.2.3", b"Gi1/0/3"))),
    plain(pdu(LINK_DOWN, tag=INFORM)),
    secured(pdu(LINK_DOWN)),
    secured(pdu(LINK_DOWN, tag=INFORM), engine=OURS, boots=5, at=0),
]


@settings(max_examples=500)
@given(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 400))
def test_promise_28_mutated_notifications_are_heard_or_refused(octets, changes, cut):
    changed = bytearray(octets)
    for at, octet in changes:
        changed[at % len(changed)] = octet
    receiver = Receiver([b"trap-word"], {b"watcher": WATCHER}, OwnEngine(OURS, 5, 0.0))
    for each in (bytes(changed), bytes(changed[: cut % len(changed)])):
        try:
            received = receiver.receive(each, "192.0.2.1", 0.0)
        except NotificationRefused:
            continue
        if received.notification is not None:
            heard_of("192.0.2.1", 0, received.notification)


def heard(receiver, trap, *varbinds):
    return heard_of("192.0.2.1", 9, receiver.receive(plain(pdu(trap, *varbinds)), "192.0.2.1", 0.0).notification)


def test_objects_and_states_have_their_names(receiver):
    found = heard(receiver, LINK_DOWN, ("1.3.6.1.2.1.2.2.1.8.3", 2), ("1.3.6.1.4.1.9.2.2.1.1.20.3", b"administratively down"))
    assert (found.name, found.severity, found.message) == ("linkDown", 3, "ifOperStatus.3=down locIfReason.3=administratively down")
    assert found.told_at == "up 12 s"


def test_a_notification_nobody_knows_keeps_its_oid_and_a_binary_value_its_digits(receiver):
    found = heard(receiver, "1.3.6.1.4.1.99999.0.1", ("1.3.6.1.4.1.99999.1.1.0", b"\x00\xff\n"), ("1.3.6.1.4.1.99999.1.2.0", b"two\nlines"))
    assert found.name == "1.3.6.1.4.1.99999.0.1"
    assert found.message == "1.3.6.1.4.1.99999.1.1.0=00ff0a 1.3.6.1.4.1.99999.1.2.0=two lines"


def test_a_message_forwarded_by_cisco_syslog_is_that_message(receiver):
    base = f"{CISCO}.41.1.2.3.1"
    text = b"Configured from console by admin on vty0 (10.0.0.5)"
    parts = ((f"{base}.2.9", b"SYS"), (f"{base}.3.9", 6), (f"{base}.4.9", b"CONFIG_I"), (f"{base}.5.9", text))
    found = heard(receiver, f"{CISCO}.41.2.0.1", *parts)
    assert (found.name, found.severity, found.mnemonic, found.user, found.origin) == ("SYS-5-CONFIG_I", 5, "CONFIG_I", "admin", "10.0.0.5")
    assert found.is_change


@pytest.mark.parametrize(("destination", "is_change"), [(3, True), (4, False), (6, False)])
def test_only_what_goes_into_the_running_configuration_changes_it(receiver, destination, is_change):
    base = f"{CISCO}.43.1.1.6.1"
    found = heard(receiver, f"{CISCO}.43.2.0.1", (f"{base}.5.4", destination), (f"{base}.8.4", b"anna"))
    assert (found.name, found.user, found.is_change) == ("ciscoConfigManEvent", "anna", is_change)


def test_every_name_is_a_name_once_and_every_oid_is_one():
    names = [known.name for known in NOTIFICATIONS.values()]
    assert len(set(names)) == len(names)
    assert len(set(OBJECTS.values())) == len(OBJECTS)
    for each in (*NOTIFICATIONS, *OBJECTS):
        assert all(part.isdigit() for part in each.split("."))
    assert _oid("1.3.6.1.6.3.15.1.1.4.0") == oid("1.3.6.1.6.3.15.1.1.4.0")
