"""Tables of people and of the audit trail."""

from collections.abc import Sequence

from natvakt_server.domain.accounts import User
from natvakt_server.web import tables
from natvakt_server.web.administration.granting import said
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

AUDIT_LIMIT = 1000
USER_COLUMNS = (
    Column("name", "login-name"),
    Column("person", "name"),
    Column("role", "user-role"),
    Column("state", "state"),
    Column("factor", "second-factor", optional=True),
    Column("do", "user-actions", sortable=False),
)
AUDIT_COLUMNS = (
    Column("at", "time"),
    Column("actor", "audit-actor"),
    Column("action", "audit-action"),
    Column("subject", "audit-subject"),
    Column("outcome", "audit-outcome"),
    Column("tenant", "customer", optional=True),
    Column("detail", "audit-detail", optional=True),
)


def users_table(visit: Visit, users: Sequence[User]) -> Table:
    rows = []
    for user in users:
        cells = {
            "name": tables.plain(user.name, visit.url("administration.person", user_id=user.id)),
            "person": tables.plain(user.display_name),
            "role": tables.plain(", ".join(said(visit, grant) for grant in user.grants.given)),
            "state": _state(visit, user),
            "factor": tables.plain(visit.speech("factor-on" if user.totp_sealed else "factor-off"), quiet=not user.totp_sealed),
            "do": Cell("", shown=visit.fragment("administration/actions.html", user=user, own=user.id == visit.user.id)),
        }
        rows.append(Row(cells))
    return arrange(visit, "users", USER_COLUMNS, rows, "name")


def _state(visit: Visit, user: User) -> Cell:
    if user.disabled:
        return Cell(visit.speech("user-disabled"), order=2, state=State.NOT_OBSERVED)
    if user.password_hash is None:
        return Cell(visit.speech("user-invited"), order=1, state=State.WARNING)
    return Cell(visit.speech("user-active"), order=0, state=State.OK)


def audit_table(visit: Visit) -> Table:
    rows = [
        Row(
            {
                "at": tables.moment(entry.at_ns),
                "actor": tables.plain(entry.actor),
                "action": tables.plain(entry.action),
                "subject": tables.plain(entry.subject),
                "outcome": Cell(visit.speech.known("outcome", entry.outcome), state=State.OK if entry.outcome == "ok" else State.WARNING),
                "tenant": tables.plain(entry.tenant),
                "detail": tables.plain(entry.detail, quiet=True),
            },
            {"outcome": entry.outcome},
        )
        for entry in visit.ports.audit.entries(AUDIT_LIMIT)
    ]
    outcomes = [(outcome, visit.speech(f"outcome.{outcome}")) for outcome in ("ok", "refused")]
    return arrange(visit, "audit", AUDIT_COLUMNS, rows, "-at", (Filter("outcome", "audit-outcome", outcomes),))
