"""Tables of messages, destinations, rules, chains and calendars."""

from collections.abc import Sequence

from natvakt_server.domain.escalation import Chain, Step
from natvakt_server.domain.notification import Occasion, Severity
from natvakt_server.domain.notifying import FAILED, SENT, TEST, WAITING, Message, Rule
from natvakt_server.notify.turns import on_call
from natvakt_server.notify.words import CAUSES, said
from natvakt_server.web import tables
from natvakt_server.web.states import State
from natvakt_server.web.tables import Cell, Column, Filter, Row, Table, arrange
from natvakt_server.web.visit import Visit

MESSAGE_LIMIT = 500
MESSAGE_STATES = {SENT: State.OK, WAITING: State.WARNING, FAILED: State.CRITICAL}
SEVERITY_STATES = {Severity.CRITICAL: State.CRITICAL, Severity.WARNING: State.WARNING, Severity.INFORMATION: State.NOT_OBSERVED}
MESSAGE_COLUMNS = (
    Column("at", "time"),
    Column("state", "state"),
    Column("what", "message-what"),
    Column("destination", "destination"),
    Column("recipient", "recipient", optional=True),
    Column("customer", "customer", optional=True),
    Column("attempts", "message-attempts", numeric=True, optional=True),
    Column("detail", "message-reason"),
)
DESTINATION_COLUMNS = (
    Column("name", "name"),
    Column("channel", "channel"),
    Column("to", "recipient", optional=True),
    Column("language", "language", optional=True),
    Column("quiet", "quiet-hours", optional=True),
    Column("state", "state"),
)
RULE_COLUMNS = (
    Column("name", "name"),
    Column("place", "where"),
    Column("least", "rule-least"),
    Column("kinds", "rule-kinds", optional=True),
    Column("tells", "rule-tells"),
    Column("state", "state"),
)
CHAIN_COLUMNS = (Column("name", "name"), Column("steps", "chain-steps"), Column("repeat", "chain-repeat", optional=True))
CALENDAR_COLUMNS = (
    Column("name", "name"),
    Column("now", "on-call-now"),
    Column("people", "calendar-people", optional=True),
    Column("zone", "time-zone", optional=True),
)


def messages_table(visit: Visit) -> Table:
    ports = visit.ports.notifying
    messages = ports.log.messages(MESSAGE_LIMIT)
    occasions = ports.log.occasions([each.occasion for each in messages])
    destinations = {each.id: each.name for each in ports.settings.destinations()}
    customers = {each.tenant: each.name for each in visit.ports.estate.customers()}
    rows = []
    for message in messages:
        told = occasions.get(message.occasion)
        cells = {
            "at": tables.moment(message.created_ns),
            "what": Cell(_what(visit, message, told)),
            "destination": tables.plain(
                destinations.get(message.destination, visit.speech("destination-gone")),
                visit.url("notifications.destination", destination_id=message.destination) if message.destination in destinations else None,
            ),
            "recipient": tables.plain(message.recipient),
            "customer": tables.plain(customers.get(message.tenant, message.tenant)),
            "state": Cell(visit.speech(f"message-state.{message.state}"), state=MESSAGE_STATES[message.state]),
            "attempts": tables.number(visit, message.attempts),
            "detail": tables.plain(_reason(visit, message), quiet=True),
        }
        rows.append(Row(cells, {"state": message.state, "destination": message.destination}))
    filters = (
        Filter("state", "state", [(state, visit.speech(f"message-state.{state}")) for state in MESSAGE_STATES]),
        Filter("destination", "destination", list(destinations.items())),
    )
    return arrange(visit, "messages", MESSAGE_COLUMNS, rows, "-at", filters)


def _what(visit: Visit, message: Message, told: Occasion | None) -> str:
    if told is None:
        return ""
    if told.cause == TEST:
        return visit.speech("message-kind.test")
    kind, cause = visit.speech(f"message-kind.{message.kind.value}"), said(CAUSES, told.cause, visit.speech.language)
    return f"{kind}: {cause}: {told.devices[0]}" if told.devices else f"{kind}: {cause}"


def _reason(visit: Visit, message: Message) -> str:
    if message.state == SENT and message.digest not in ("", message.id) and not message.detail:
        return visit.speech("message-in-digest")
    return message.detail


def destinations_table(visit: Visit) -> Table:
    rows = [
        Row(
            {
                "name": tables.plain(each.name, visit.url("notifications.destination", destination_id=each.id)),
                "channel": tables.plain(visit.speech.known("channel", each.channel)),
                "to": tables.plain(each.settings.get("to") or each.settings.get("host") or each.settings.get("url", "")),
                "language": tables.plain(visit.speech(f"language.{each.language}")),
                "quiet": tables.plain(f"{each.quiet_from}–{each.quiet_until}" if each.quiet_from else ""),
                "state": _switched(visit, each.enabled),
            }
        )
        for each in visit.ports.notifying.settings.destinations()
    ]
    return arrange(visit, "destinations", DESTINATION_COLUMNS, rows, "name")


def rules_table(visit: Visit) -> Table:
    ports = visit.ports.notifying
    names = {each.id: each.name for each in ports.settings.destinations()} | {each.id: each.name for each in ports.chains.chains()}
    rows = [
        Row(
            {
                "name": tables.plain(each.name, visit.url("notifications.rule", rule_id=each.id)),
                "place": tables.plain(_place(visit, each)),
                "least": Cell(visit.speech(f"alert-severity.{each.least.value}"), state=SEVERITY_STATES[each.least]),
                "kinds": tables.plain(", ".join(visit.speech(f"message-kind.{kind.value}") for kind in each.kinds)),
                "tells": tables.plain(", ".join(_named(visit, names, [*each.destinations, *([each.chain] if each.chain else [])]))),
                "state": _switched(visit, each.enabled),
            }
        )
        for each in ports.settings.rules()
    ]
    return arrange(visit, "rules", RULE_COLUMNS, rows, "name")


def _place(visit: Visit, rule: Rule) -> str:
    if not rule.tenant:
        return visit.speech("rule-every-customer")
    return f"{rule.tenant}/{rule.site}" if rule.site else rule.tenant


def chains_table(visit: Visit) -> Table:
    ports = visit.ports.notifying
    names = {each.id: each.name for each in ports.settings.destinations()}
    names |= {each.id: f"{each.name} ({visit.speech('on-call')})" for each in ports.chains.calendars()}
    rows = [
        Row(
            {
                "name": tables.plain(each.name, visit.url("notifications.chain", chain_id=each.id)),
                "steps": tables.plain(_steps(visit, each, names)),
                "repeat": tables.plain(
                    visit.speech("minutes", count=each.repeat_minutes) if each.repeat_minutes else visit.speech("chain-ends")
                ),
            }
        )
        for each in ports.chains.chains()
    ]
    return arrange(visit, "chains", CHAIN_COLUMNS, rows, "name")


def _steps(visit: Visit, chain: Chain, names: dict[str, str]) -> str:
    def told(step: Step) -> str:
        who = ", ".join(_named(visit, names, [*step.calendars, *step.destinations]))
        return f"+{visit.speech('minutes', count=step.after_minutes)} {who}" if step.after_minutes else who

    return " → ".join(told(step) for step in chain.steps)


def calendars_table(visit: Visit) -> Table:
    rows = []
    for each in visit.ports.notifying.chains.calendars():
        person = on_call(each, visit.now_ns)
        cells = {
            "name": tables.plain(each.name, visit.url("notifications.calendar", calendar_id=each.id)),
            "now": tables.plain(person.name) if person else Cell(visit.speech("on-call-nobody"), state=State.WARNING),
            "people": tables.plain(", ".join(one.name for one in each.people)),
            "zone": tables.plain(each.time_zone),
        }
        rows.append(Row(cells))
    return arrange(visit, "on-call", CALENDAR_COLUMNS, rows, "name")


def _named(visit: Visit, names: dict[str, str], ids: Sequence[str]) -> Sequence[str]:
    return [names.get(each, visit.speech("destination-gone")) for each in ids]


def _switched(visit: Visit, enabled: bool) -> Cell:
    return Cell(visit.speech("switched-on" if enabled else "switched-off"), state=State.OK if enabled else State.NOT_OBSERVED)
