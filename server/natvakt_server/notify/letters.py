"""Mails of the server, whatever they tell: headers that no name can break, and that no holiday program answers."""

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def letter(*, key: str, subject: str, sender: str, to: str, date: datetime) -> EmailMessage:
    """Without a body. The same `key` makes the same Message-ID, by which mail programs tell that one that came twice is the same."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = one_line(subject)
    made["From"] = sender
    made["To"] = to
    made["Date"] = date
    made["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2].strip('>')}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834
    return made


def one_line(text: str) -> str:
    """Names of customers and devices are data: a line break in one cannot become a header, nor a control character a command."""
    return " ".join(_CONTROLS.sub(" ", text).split())
