"""The part of the worker that tells people: channels, transports and names, put together."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import EmailMessage

from natvakt_server.app.config import Configuration, ConfigurationError, console_address, seconds
from natvakt_server.app.house import House
from natvakt_server.app.keys import notification_key
from natvakt_server.app.services import Loop, Part
from natvakt_server.app.smtp import smtp_transport
from natvakt_server.domain.estate import EstateReader
from natvakt_server.jobs.backup_occasions import INCIDENT_PREFIX
from natvakt_server.jobs.notifying import Notifier, NotifierParts
from natvakt_server.jobs.upkeep import DAY_SECONDS, Task
from natvakt_server.notify.channels import CHANNELS
from natvakt_server.notify.composing import Names
from natvakt_server.notify.delivering import Delivery
from natvakt_server.notify.port import HttpCall, Mail, Origin, SyslogLine, Unavailable
from natvakt_server.notify.reach import BadNetwork, Reach, networks
from natvakt_server.notify.sealing import SecretOpener
from natvakt_server.notify.transports.http import HttpPost
from natvakt_server.notify.transports.smtp import MailPost
from natvakt_server.notify.transports.syslog import SyslogPost

THREADS = 8


@dataclass(frozen=True, slots=True)
class NoMail:
    """Stands where the server was given no mail server."""

    def send(self, message: EmailMessage) -> None:
        raise Unavailable(
            f"{message['To']}: this server has no mail server; set mail.server and mail.sender in server.toml and start it again"
        )


def notifying_part(house: House) -> Part:
    """Raises ConfigurationError, KeyFileError."""
    return Loop("notifications", make_notifier(house, ThreadPoolExecutor(THREADS, "notify").submit).step)


def make_notifier(house: House, start: Callable[[Callable[[], None]], object]) -> Notifier:
    """`start` runs a piece of work. Raises ConfigurationError, KeyFileError."""
    return Notifier(
        NotifierParts(
            outbox=house.stores.notifying.outbox,
            settings=house.stores.notifying.settings,
            escalations=house.stores.notifying.escalations,
            chains=house.stores.notifying.chains,
            delivery=make_delivery(house),
            names=make_names(house.stores.reader, house.configuration),
            clock=house.clock,
            new_id=house.new_id,
            start=start,
        )
    )


def notifying_tasks(house: House) -> Sequence[Task]:
    kept_ns = int(seconds(house.configuration.notifications.retain, "notifications.retain") * 1e9)
    return (Task("notification-retention", DAY_SECONDS, lambda: house.stores.notifying.outbox.expire(house.clock.wall_ns() - kept_ns)),)


def make_delivery(house: House) -> Delivery:
    """Raises ConfigurationError, KeyFileError."""
    mail, reach = house.configuration.mail, own_reach(house.configuration)
    return Delivery(
        channels=CHANNELS,
        transports={
            Mail: MailPost(smtp_transport(mail) if mail.server else NoMail()),
            HttpCall: HttpPost(reach, f"natvakt/{house.version}"),
            SyslogLine: SyslogPost(reach),
        },
        open_secrets=SecretOpener(notification_key(house.keys.files)),
        origin=Origin(house.configuration.partner.name, mail.sender, house.version),
    )


def own_reach(configuration: Configuration) -> Reach:
    """Raises ConfigurationError."""
    try:
        return Reach(networks(configuration.notifications.own_networks))
    except BadNetwork as error:
        raise ConfigurationError(f"notifications.own_networks: {error}") from error


def make_names(reader: EstateReader, configuration: Configuration) -> Names:
    address = console_address(configuration)

    def customer(tenant: str) -> str:
        found = reader.customer(tenant)
        return found.name if found else tenant

    def site(tenant: str, name: str) -> str:
        return next((each.name for each in reader.sites(tenant) if each.site == name), name)

    def link(tenant: str, incident: str) -> str:
        if incident.startswith(INCIDENT_PREFIX):
            return f"{address}/customers/{tenant}/backups"
        return f"{address}/customers/{tenant}/alerts/{incident}" if incident else f"{address}/alerts"

    return Names(customer, site, link)
