"""Rules: who hears of what, of which customers."""

from dataclasses import replace

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.notification import SEVERITIES, Kind, Severity
from natvakt_server.domain.notifying import Rule
from natvakt_server.web import tables
from natvakt_server.web.notifications.forms import FormRefused, chosen, name_of
from natvakt_server.web.notifications.queries import rules_table
from natvakt_server.web.visit import Visit

OFFERED = (Kind.OPENED, Kind.UPDATED, Kind.ACKNOWLEDGED, Kind.ESCALATED, Kind.CLEARED)
USUAL = (Kind.OPENED, Kind.CLEARED)


def show_all(visit: Visit) -> Response:
    table = rules_table(visit)
    if tables.export_wanted(visit, table):
        return tables.export(visit, table, "rules")
    return visit.page("notifications/rules.html", table=table)


def show_new(visit: Visit) -> Response:
    return form_page(visit, Rule("", "", Severity.WARNING, USUAL))


def show_one(visit: Visit, rule_id: str) -> Response:
    return form_page(visit, found(visit, rule_id))


def form_page(visit: Visit, rule: Rule, status: int = 200, refused: FormRefused | None = None, place: str | None = None) -> Response:
    ports = visit.ports.notifying
    if place is None:
        place = f"{rule.tenant}/{rule.site}" if rule.site else rule.tenant
    return visit.page(
        "notifications/rule.html",
        status,
        rule=rule,
        place=place,
        refused=refused,
        severities=SEVERITIES,
        kinds=OFFERED,
        destinations=ports.settings.destinations(),
        chains=ports.chains.chains(),
    )


def add(visit: Visit) -> Response:
    return save(visit, Rule(visit.console.surroundings.new_id(), "", Severity.WARNING, USUAL), is_new=True)


def change(visit: Visit, rule_id: str) -> Response:
    return save(visit, found(visit, rule_id), is_new=False)


def save(visit: Visit, before: Rule, *, is_new: bool) -> Response:
    ports = visit.ports.notifying
    try:
        least = Severity(visit.field("least"))
    except ValueError:
        abort(400)
    draft = replace(
        before,
        least=least,
        kinds=tuple(Kind(value) for value in chosen(visit, "kinds", [kind.value for kind in OFFERED])),
        destinations=chosen(visit, "destinations", [each.id for each in ports.settings.destinations()]),
        chain=next((each.id for each in ports.chains.chains() if each.id == visit.field("chain")), ""),
        enabled=bool(visit.field("enabled")),
    )
    try:
        tenant, site = place_of(visit)
        changed = replace(draft, name=name_of(visit), tenant=tenant, site=site)
        if not (changed.destinations and changed.kinds) and not changed.chain:
            raise FormRefused("rule-tells-nobody")
    except FormRefused as refused:
        shown = replace(draft, id="" if is_new else before.id, name=visit.field("name"))
        return form_page(visit, shown, 400, refused, visit.field("place"))
    ports.settings.put_rule(changed)
    visit.audit("rule-add" if is_new else "rule-change", f"rule:{changed.id}", detail=changed.name, tenant=changed.tenant or None)
    return visit.go("notifications.rules")


def place_of(visit: Visit) -> tuple[str, str]:
    """`acme`, `acme/hq`, or nothing for all. Raises FormRefused."""
    tenant, _, site = visit.field("place").strip().partition("/")
    if tenant and visit.ports.estate.customer(tenant) is None:
        raise FormRefused("grant-no-customer", "grant-place")
    if site and site not in [each.site for each in visit.ports.estate.sites(tenant)]:
        raise FormRefused("grant-no-site", "grant-place")
    return tenant, site


def remove(visit: Visit, rule_id: str) -> Response:
    rule = found(visit, rule_id)
    visit.ports.notifying.settings.remove_rule(rule.id)
    visit.audit("rule-remove", f"rule:{rule.id}", detail=rule.name)
    return visit.go("notifications.rules")


def found(visit: Visit, rule_id: str) -> Rule:
    rule = next((each for each in visit.ports.notifying.settings.rules() if each.id == rule_id), None)
    if rule is None:
        abort(404)
    return rule
