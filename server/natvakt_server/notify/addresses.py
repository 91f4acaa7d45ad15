"""Addresses of people, as they are written into forms."""

import re

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,189}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")  # as browsers check it
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
MOST_RECIPIENTS = 20


def listed(text: str) -> list[str]:
    """Separated by commas, semicolons or lines; each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[,;\n]", text) if part.strip()))
