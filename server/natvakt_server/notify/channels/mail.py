"""Mail, by the server's own mail server (`mail` in server.toml): a message to each address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from natvakt_server.domain.notification import Severity
from natvakt_server.notify.addresses import ADDRESS, MOST_RECIPIENTS, listed
from natvakt_server.notify.letters import letter
from natvakt_server.notify.port import Answer, Field, Mail, Notice, Origin, SettingsRefused, Target

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MailChannel:
    name: str = "mail"
    fields: Sequence[Field] = (Field("to", example="noc@example.org, duty@example.org"),)
    follows_incidents: bool = False

    def check(self, target: Target) -> None:
        addresses = listed(target["to"])
        if not addresses or len(addresses) > MOST_RECIPIENTS or not all(ADDRESS.fullmatch(each) for each in addresses):
            raise SettingsRefused("to", "addresses")

    def recipients(self, settings: Mapping[str, str]) -> Sequence[str]:
        return listed(settings.get("to", ""))

    def outgoing(self, notice: Notice, target: Target, origin: Origin) -> Mail:
        at = EPOCH + timedelta(microseconds=notice.at_ns // 1000)
        made = letter(key=f"{notice.key}\x1f{target.recipient}", subject=notice.subject, sender=origin.sender, to=target.recipient, date=at)
        if notice.severity is Severity.CRITICAL:
            made["Importance"] = "high"  # RFC 4021
        if notice.incident and not notice.is_digest:
            thread = f"<incident.{notice.incident}@{origin.sender.rpartition('@')[2].strip('>')}>"
            made["References"] = thread  # what belongs to one incident stands as one conversation
        made.set_content(f"{notice.text}\n\n-- \n{origin.partner}\n")
        return Mail(made)

    def judge(self, answer: Answer) -> None:
        """The mail server has taken it, or the transport has raised."""


CHANNEL = MailChannel()
