"""From a notice to an answer: the channel says what goes out, a transport sends it, the channel judges what came back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from natvakt_server.domain.notifying import Destination
from natvakt_server.notify.port import Channel, HttpCall, Mail, Notice, Origin, Refused, SyslogLine, Target, Transport

OpenSecrets = Callable[[Destination], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """`open_secrets` raises Refused where they cannot be opened. `transports`: by what goes out."""

    channels: Mapping[str, Channel]
    transports: Mapping[type[HttpCall | Mail | SyslogLine], Transport]
    open_secrets: OpenSecrets
    origin: Origin

    def deliver(self, notice: Notice, destination: Destination, recipient: str) -> None:
        """Returns when it was taken. Raises Unavailable, Refused."""
        channel = self.channels.get(destination.channel)
        if channel is None:
            raise Refused(f"there is no channel {destination.channel!r}; give the destination another one")
        target = Target(destination.settings, recipient, self.open_secrets(destination))
        outgoing = channel.outgoing(notice, target, self.origin)
        if outgoing is not None:
            channel.judge(self.transports[type(outgoing)].send(outgoing))
