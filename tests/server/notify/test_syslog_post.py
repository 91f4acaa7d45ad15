"""Syslog over real sockets on loopback."""

import re
import socket
import threading

import pytest
from natvakt_server.notify.channels import CHANNELS
from natvakt_server.notify.port import Refused, SyslogLine, Unavailable
from natvakt_server.notify.reach import Reach
from natvakt_server.notify.transports.syslog import SyslogPost
from testkit.channels import LOOPBACK, notice, target
from testkit.notifying import ORIGIN

SHAPE = re.compile(
    r"<130>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z - natvakt - opened \[natvakt@32473 id=\"k1\" incident=\"i1\" count=\"1\" "
    r"severity=\"critical\" customer=\"acme\" site=\"hq\" cause=\"device-down\" device=\"sw-01\"\] \ufeff\[Critical\] Acme, HQ: .*"
)


def outgoing(transport, port):
    return CHANNELS["syslog"].outgoing(notice(), target("syslog", "", transport=transport, port=str(port)), ORIGIN)


def test_a_datagram_is_a_line_of_rfc_5424():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        SyslogPost(LOOPBACK).send(outgoing("udp", server.getsockname()[1]))
        assert SHAPE.fullmatch(server.recv(4096).decode())


def test_over_tcp_the_length_goes_first():
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = []

        def serve():
            connection, _ = server.accept()
            with connection:
                taken.append(connection.makefile("rb").read())

        thread = threading.Thread(target=serve)
        thread.start()
        SyslogPost(LOOPBACK).send(outgoing("tcp", server.getsockname()[1]))
        thread.join()
    length, _, line = taken[0].partition(b" ")
    assert int(length) == len(line)
    assert SHAPE.fullmatch(line.decode())


def test_nobody_listens():
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1 cannot be reached"):
        SyslogPost(LOOPBACK).send(outgoing("tcp", 1))


def test_in_the_clear_only_on_own_networks():
    with pytest.raises(Refused, match="without TLS"):
        SyslogPost(Reach(), resolve=lambda host, port: ["93.184.215.14"]).send(SyslogLine("log.example", 514, "udp", b"x"))


def test_a_value_cannot_end_its_place():
    line = CHANNELS["syslog"].outgoing(notice(devices=('x"] evil\n[',)), target("syslog", ""), ORIGIN).line
    assert rb'device="x\"\] evil ["' in line
