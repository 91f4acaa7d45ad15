"""The listening service with real sockets and real senders: what is heard, what is answered, and what is not."""

import socket
import ssl
import subprocess

import pytest
from natvakt_agent.listeners.messages import ListenRefused, TrapUser
from testkit.listening import (
    AUTH_KEY,
    COLD_START,
    HERE,
    LINK_DOWN,
    LINK_UP,
    PORT_DOWN,
    PRIVACY_KEY,
    Listening,
    net_snmp,
    secured,
    send,
)

CONFIGURED = b"<189>45: core1: *Mar  1 00:00:00.123 CET: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (10.0.0.5)"


@pytest.fixture
def listening():
    opened = []

    def start(**changes):
        opened.append(Listening(**changes))
        return opened[-1]

    yield start
    for each in opened:
        each.service.stop()


def names(listening):
    return [event.name for event in listening.heard_in_the_end()]


@pytest.mark.parametrize(
    "how",
    [
        ("-v1", "-c", "trap-word", "{to}", "1.3.6.1.4.1.9.1.1", "192.0.2.1", "2", "0", "1234"),
        ("-v2c", "-c", "trap-word", "{to}", "1234", LINK_DOWN),
        ("-e", "0x8000000001020304", *secured(), "{to}", "1234", LINK_DOWN),
        ("-e", "0x8000000001020304", *secured("open", "noAuthNoPriv"), "{to}", "1234", LINK_DOWN),
    ],
)
def test_a_trap_of_every_version_is_heard_by_its_name(listening, how):
    service = listening()
    to = f"{HERE}:{service.port('traps')}"
    assert net_snmp("snmptrap")(*(part.format(to=to) for part in how), *PORT_DOWN) == 0
    service.until("trap heard", 1)
    (event,) = service.heard_in_the_end()
    assert (event.kind, event.name, event.severity) == ("trap", "linkDown", 3)
    assert event.message == "ifIndex.3=3 ifDescr.3=Gi1/0/3 ifOperStatus.3=down"
    assert "trap answered" not in service.counts()


@pytest.mark.parametrize("how", [("-v2c", "-c", "trap-word"), secured(), secured("signed", "authNoPriv"), secured("open", "noAuthNoPriv")])
def test_an_inform_is_answered_and_heard_once(listening, how):
    users = [
        TrapUser("watcher", "sha", AUTH_KEY, "aes128", PRIVACY_KEY),
        TrapUser("signed", "sha", AUTH_KEY, "", ""),
        TrapUser("open", "", "", "", ""),
    ]
    service = listening(users=users)
    to = f"{HERE}:{service.port('traps')}"
    assert net_snmp("snmpinform")(*how, "-r2", "-t5", to, "1234", LINK_UP, *PORT_DOWN) == 0
    assert names(service) == ["linkUp"]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (("-v2c", "-c", "another"), "trap unknown-community"),
        (("-e", "0x8000000001020304", *secured(level="authNoPriv")), "trap wrong-security-level"),
        (("-e", "0x8000000001020304", *secured(level="noAuthNoPriv")), "trap wrong-security-level"),
        (("-e", "0x8000000001020304", *secured("nobody")), "trap unknown-user"),
    ],
)
def test_promise_35_nothing_is_believed_on_less_than_the_credential_asks_for(listening, how, reason):
    service = listening()
    net_snmp("snmptrap")(*how, f"{HERE}:{service.port('traps')}", "1234", COLD_START)
    service.until(reason, 1)
    assert service.heard_in_the_end() == []


def test_promise_37_ten_thousand_spoofed_traps_are_counted_and_none_is_decoded_or_answered(listening):
    service = listening(sources=["192.0.2.1"])
    trap = bytes.fromhex("30240201000409747261702d776f7264a7140201010201000201003009300706032b06010500")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for start in range(0, 10_000, 100):
            for _ in range(100):
                sender.sendto(trap, (HERE, service.port("traps")))
            service.until("message source-not-allowed", start + 100)
        sender.setblocking(False)
        with pytest.raises(BlockingIOError):
            sender.recv(1)
    assert service.counts() == {"message source-not-allowed": 10_000}


def test_promise_37_a_flood_of_an_allowed_source_is_cut_to_its_rate(listening):
    service = listening(source_per_second=0.001, source_burst=20.0)
    for start in range(0, 2_000, 100):
        send(
            service.port("syslog-udp"), *(f"<187>{number}: %LINK-3-UPDOWN: port {number}".encode() for number in range(start, start + 100))
        )
        service.until("message source-rate", max(0, start + 80))
    counts = service.counts()
    assert (counts["message admitted"], counts["message source-rate"]) == (20, 1_980)
    assert len(service.heard_in_the_end()) == 20


def test_syslog_over_udp_says_who_changed_the_configuration(listening):
    service = listening()
    send(service.port("syslog-udp"), CONFIGURED)
    service.until("syslog heard", 1)
    (event,) = service.heard_in_the_end()
    assert (event.name, event.user, event.origin, event.is_change, event.host) == ("SYS-5-CONFIG_I", "admin", "10.0.0.5", True, "core1")


@pytest.mark.parametrize("framed", [str(len(CONFIGURED)).encode() + b" " + CONFIGURED, CONFIGURED + b"\n", CONFIGURED])
def test_syslog_over_tcp_is_counted_or_ends_with_a_line(listening, framed):
    service = listening()
    with socket.create_connection((HERE, service.port("syslog-tcp"))) as sender:
        sender.sendall(framed[:30])
        sender.sendall(framed[30:])
    service.until("syslog heard", 1)
    assert names(service) == ["SYS-5-CONFIG_I"]


def test_a_connection_of_a_stranger_is_closed_unread(listening):
    service = listening(sources=["192.0.2.1"])
    with socket.create_connection((HERE, service.port("syslog-tcp"))) as sender:
        assert sender.recv(1) == b""
    assert service.counts() == {"stream connection-refused": 1}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=syslog",
    ]
    subprocess.run([*made, "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"], check=True, capture_output=True)
    return folder


def test_syslog_over_tls(listening, certificate):
    service = listening(syslog_tls_port=0, certificate_file=str(certificate / "certificate.pem"), key_file=str(certificate / "key.pem"))
    trust = ssl.create_default_context(cafile=str(certificate / "certificate.pem"))
    trust.check_hostname = False
    with socket.create_connection((HERE, service.port("syslog-tls"))) as plain, trust.wrap_socket(plain) as sender:
        sender.sendall(CONFIGURED + b"\n")
    service.until("syslog heard", 1)
    assert names(service) == ["SYS-5-CONFIG_I"]


def test_a_port_that_is_taken_names_the_setting(listening):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HERE, 0))
        with pytest.raises(ListenRefused, match=r"listen\.trap_port .* in use"):
            listening(trap_port=other.getsockname()[1])


def test_a_certificate_that_is_not_there_names_the_setting(listening):
    with pytest.raises(ListenRefused, match=r"listen\.certificate_file /nowhere"):
        listening(syslog_tls_port=0, certificate_file="/nowhere")
