"""Settings for every channel as a person would write them, pointed at a receiver, and notices to send."""

from ipaddress import ip_network

from natvakt_server.domain.notification import Kind, Severity
from natvakt_server.domain.notifying import Message
from natvakt_server.notify.composing import Composer
from natvakt_server.notify.port import HttpCall, Mail, SyslogLine, Target
from natvakt_server.notify.reach import Reach
from natvakt_server.notify.transports.http import HttpPost
from natvakt_server.notify.transports.smtp import MailPost, SmtpTransport
from natvakt_server.notify.transports.syslog import SyslogPost
from testkit.console import MovingClock
from testkit.notifying import NAMES, destination, occasion

LOOPBACK = Reach((ip_network("127.0.0.0/8"),))
CANARY = "kanariefagel"
SECRETS = {
    "mail": {},
    "sms": {"password": f"{CANARY}1"},
    "ntfy": {"topic": f"{CANARY}2", "token": f"tk_{CANARY}3"},
    "slack": {"url": f"/services/{CANARY}4"},
    "teams": {"url": f"/workflows/{CANARY}5"},
    "pagerduty": {"routing_key": f"{CANARY}6".ljust(32, "x")},
    "webhook": {"secret": f"{CANARY}7 that is long"},
    "ticket": {"authorization": f"Bearer {CANARY}8", "header": f"clientId: {CANARY}9"},
    "syslog": {},
}
SETTINGS = {
    "mail": {"to": "noc@norrsken.example"},
    "sms": {"to": "+46701234567", "from": "natvakt", "url": "/a1/sms", "user": "u1"},
    "ntfy": {"url": "/"},
    "slack": {},
    "teams": {},
    "pagerduty": {"url": "/v2/enqueue"},
    "webhook": {"url": "/hook"},
    "ticket": {"url": "/tickets", "update_url": "/tickets/{incident}/notes"},
    "syslog": {"host": "127.0.0.1", "transport": "tcp"},
}
KINDS = {"url", "update_url"}


def target(channel: str, base: str, **changes: str) -> Target:
    """`base`: where addresses of the settings begin."""

    def whole(settings):
        return {name: base + value if name in KINDS else value for name, value in settings.items()}

    settings = {**whole(SETTINGS[channel]), **changes}
    recipient = {"mail": "noc@norrsken.example", "sms": "+46701234567"}.get(channel, "")
    return Target(settings, recipient, whole(SECRETS[channel]))


def composer(language="en"):
    return Composer(destination(language=language), NAMES, MovingClock().now_ns)


def message(told, number=1):
    from_occasion = {"tenant": told.tenant, "incident": told.incident, "kind": told.kind, "severity": told.severity}
    return Message(f"m{number}", f"k{number}", "d1", "", number, created_ns=told.at_ns, **from_occasion)


def notice(kind=Kind.OPENED, severity=Severity.CRITICAL, language="en", **changes):
    told = occasion(kind=kind, severity=severity, **changes)
    return composer(language).single(message(told), told)


def digest(count=3, language="en"):
    told = {number: occasion(f"i{number}/opened/1", incident=f"i{number}") for number in range(count)}
    return composer(language).digest([message(each, number) for number, each in told.items()], told)


def transports(mail_port=1, **how):
    return {
        HttpCall: HttpPost(LOOPBACK, "natvakt/1.0", **how),
        Mail: MailPost(SmtpTransport("127.0.0.1", mail_port, "none")),
        SyslogLine: SyslogPost(LOOPBACK),
    }
