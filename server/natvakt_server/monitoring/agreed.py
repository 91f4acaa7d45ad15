"""Checks what is to be agreed, and reads its hours."""

from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from natvakt_server.domain.agreements import MOST_DEVICES, NAME_CHARACTERS, WHOLE, Agreement
from natvakt_server.monitoring.service_hours import ServiceHours, parse_hours


class BadAgreement(ValueError):
    """Names the value, what is wrong with it and what to write instead."""


def checked(agreement: Agreement) -> Agreement:
    """Raises BadAgreement, BadHours."""
    name = " ".join(agreement.name.split())
    if len(name) > NAME_CHARACTERS or not name.isprintable():
        raise BadAgreement(f"a service's name has 1 to {NAME_CHARACTERS} characters")
    if not 0.5 <= agreement.target < 1:
        raise BadAgreement(f"{agreement.target!r}: a target is a share from 50 % to below 100 %; 99.9 % is usual")
    if (name == WHOLE) != (not agreement.devices) or len(agreement.devices) > MOST_DEVICES:
        raise BadAgreement(f"a service has a name and 1 to {MOST_DEVICES} devices; the customer as a whole has neither")
    hours_of(agreement)
    return replace(agreement, name=name, hours=" ".join(agreement.hours.casefold().split()))


def hours_of(agreement: Agreement) -> ServiceHours:
    """Raises BadAgreement, BadHours."""
    try:
        zone = ZoneInfo(agreement.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadAgreement(f"{agreement.time_zone!r} is no time zone; write one such as Europe/Stockholm") from error
    return parse_hours(agreement.hours, zone)
