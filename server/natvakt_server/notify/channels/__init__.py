"""The channels. A new one is a module and a line here; the contract test takes it in by itself."""

from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.notify.channels.mail import CHANNEL as MAIL
from natvakt_server.notify.channels.ntfy import CHANNEL as NTFY
from natvakt_server.notify.channels.pagerduty import CHANNEL as PAGERDUTY
from natvakt_server.notify.channels.slack import CHANNEL as SLACK
from natvakt_server.notify.channels.sms import CHANNEL as SMS
from natvakt_server.notify.channels.syslog import CHANNEL as SYSLOG
from natvakt_server.notify.channels.teams import CHANNEL as TEAMS
from natvakt_server.notify.channels.ticket import CHANNEL as TICKET
from natvakt_server.notify.channels.webhook import CHANNEL as WEBHOOK
from natvakt_server.notify.port import Channel

ALL: tuple[Channel, ...] = (MAIL, SMS, NTFY, SLACK, TEAMS, PAGERDUTY, WEBHOOK, TICKET, SYSLOG)
CHANNELS: Mapping[str, Channel] = MappingProxyType({channel.name: channel for channel in ALL})
