"""A real SMTP server on loopback, which answers as it is told."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Postbox:
    """Takes mail as a server does. `answer`: what it says to a recipient; `farewell`: what it says to a QUIT; `silent`: it takes the mail
    and then says nothing.
    """

    answer: str = "250 OK"
    silent: bool = False
    farewell: str = "221 Bye"
    over: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_QUIT(self, server, session, envelope):
        return self.farewell

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.SMTP)))
        if self.silent:
            await asyncio.wait_for(self.over.wait(), 1)
        return "250 OK"


class AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()
