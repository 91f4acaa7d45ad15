"""The channels. A new one is a module and a line here; the contract test takes it in by itself."""

from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.notify.channels.mail import CHANNEL as MAIL
from natvakt_server.notify.port import Channel

CHANNELS: Mapping[str, Channel] = MappingProxyType({channel.name: channel for channel in (MAIL,)})
