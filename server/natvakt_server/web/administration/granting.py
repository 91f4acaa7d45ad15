"""Grants as forms give them: a role and a place in words, checked against the customers and sites there are."""

from natvakt_server.domain.rights import Grant, NotGrantable, grant_over
from natvakt_server.web.visit import Visit


class GrantRefused(ValueError):
    """`word`: the key of what the form says about it."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def wanted_grants(visit: Visit) -> tuple[Grant, ...]:
    """The fields `role` and `place` of the form; several places stand with spaces between them. Raises GrantRefused."""
    places = visit.field("place").split() or [""]
    return tuple(wanted_grant(visit, place) for place in places)


def wanted_grant(visit: Visit, place: str) -> Grant:
    """Raises GrantRefused."""
    try:
        grant = grant_over(visit.field("role"), place)
    except NotGrantable as error:
        raise GrantRefused("grant-not-there") from error
    if grant.tenant and visit.ports.estate.customer(grant.tenant) is None:
        raise GrantRefused("grant-no-customer")
    if grant.site and grant.site not in {site.site for site in visit.ports.estate.sites(grant.tenant)}:
        raise GrantRefused("grant-no-site")
    return grant


def said(visit: Visit, grant: Grant) -> str:
    """For people: the role, and over what."""
    role = visit.speech(f"user-role.{grant.role}")
    return f"{role}: {grant.place}" if grant.tenant else role
