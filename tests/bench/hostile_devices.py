"""Honest devices and one hostile, in a process of their own: prints their ports, the hostile one last, and answers until stdin ends.

The hostile one answers every question with the largest legal datagram: 8,000 varbinds with the right request id.
"""

import select
import socket
import sys

from testkit.snmp import COUNTER, Answers, Cell, honest, oid_of, read_question, reply_to

HONEST_DEVICES = 4
COLUMNS = Answers.parse("\n".join(f"1.3.6.1.2.1.2.2.1.{column}.{row}|65|{row * 1_000}" for column in (10, 16) for row in range(1, 49)))
LONG = [(oid_of("1.3"), Cell(COUNTER, 1))] * 8_000
MARK = b"\x7f\x01\x02\x03"


def main() -> None:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(HONEST_DEVICES + 1)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    print(*(each.getsockname()[1] for each in sockets), flush=True)
    truth, flood = honest(COLUMNS), b""
    while True:
        ready, _, _ = select.select([*sockets, sys.stdin], [], [])
        for each in ready:
            if each is sys.stdin:
                return
            packet, asking = each.recvfrom(65_535)
            question = read_question(packet)
            if each is not sockets[-1]:
                each.sendto(truth(question), asking)
                continue
            flood = flood or reply_to(question, LONG, request_id=MARK)
            each.sendto(flood.replace(MARK, question.request_id.rjust(4, b"\0"), 1), asking)


if __name__ == "__main__":
    main()
