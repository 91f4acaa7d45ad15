"""What no device tells: the customer's service contracts, answers of people, limits and servers of its own, and what it lives with.

What is refused is shown on the same page with the place, the value and the way out, and with what was typed; nothing is kept of it.
"""

from collections.abc import Mapping

from flask import abort
from werkzeug.wrappers import Response

from natvakt_server.domain.answers import GivenAnswer, checked
from natvakt_server.domain.contracts import ContractList, read_contracts
from natvakt_server.domain.policy import PLACES, STRICT, CustomerPolicy, NotAPolicy, read_number, read_places
from natvakt_server.domain.refusal import WordedRefusal
from natvakt_server.domain.rights import Permission
from natvakt_server.web import tables
from natvakt_server.web.customers.queries import customer_head
from natvakt_server.web.papers.queries import contracts_table, exceptions_table, place_fields, questions, threshold_fields, written_number
from natvakt_server.web.papers.words import WORDS
from natvakt_server.web.routing import Screen, get, post
from natvakt_server.web.visit import Visit

YES, NO = "yes", "no"
NUMBERS = frozenset({"example", "most"})  # of what is refused, said as the reader writes numbers


def show(visit: Visit, tenant: str, problem: str = "", typed: Mapping[str, str] | None = None) -> Response:
    """`typed`: what the form that was refused held, shown again."""
    head, papers, again = customer_head(visit, tenant), visit.ports.papers, typed or {}
    given, policy = papers.contracts(tenant), papers.policy(tenant)
    contracts, exceptions = contracts_table(visit, given), exceptions_table(visit, tenant)
    for table in (contracts, exceptions):
        if tables.export_wanted(visit, table):
            return tables.export(visit, table, f"{tenant}-{table.name}")
    return visit.page(
        "papers/papers.html",
        status=422 if problem else 200,
        head=head,
        given=given,
        contracts=contracts,
        exceptions=exceptions,
        questions=questions(visit, tenant),
        policy=policy,
        strict=again.get(STRICT) == YES if again else bool(policy and policy.numbers.get(STRICT)),
        places=place_fields(policy, again),
        fields=threshold_fields(visit, policy, again),
        typed=again,
        problem=problem,
        kept=visit.argument("kept"),
    )


def put_contracts(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    text = visit.field("list")
    try:
        contracts = read_contracts(text)
    except WordedRefusal as refused:
        return _refused(visit, tenant, refused)
    visit.ports.papers.put_contracts(tenant, ContractList(contracts, visit.now_ns, visit.user.display_name))
    visit.audit("contract-import", tenant, detail=f"{len(contracts)} serial numbers", tenant=tenant)
    return visit.go("papers.show", tenant=tenant, kept="contracts", _anchor="contracts")


def forget_contracts(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    if visit.ports.papers.forget_contracts(tenant):
        visit.audit("contract-forget", tenant, tenant=tenant)
    return visit.go("papers.show", tenant=tenant, _anchor="contracts")


def give(visit: Visit, tenant: str) -> Response:
    """Only to what asks, or was answered before. 404 for anything else."""
    rule, device = _place(visit, tenant)
    holds = visit.field("holds")
    try:
        if holds not in (YES, NO):
            raise WordedRefusal(f"{holds[:20]!r} is neither yes nor no", "answer-no-choice", value=holds[:20])
        wanted = GivenAnswer(tenant, rule, device, holds == YES, visit.now_ns, visit.field("by").strip(), visit.field("remark").strip())
        given = checked(wanted)
    except WordedRefusal as refused:
        return _refused(visit, tenant, refused)
    visit.ports.papers.give(given)
    visit.audit("answer-give", f"{rule} {device}", detail=f"{holds} by {given.by}", tenant=tenant)
    return visit.go("papers.show", tenant=tenant, kept="answers", _anchor="answers")


def withdraw(visit: Visit, tenant: str) -> Response:
    rule, device = _place(visit, tenant)
    if visit.ports.papers.withdraw_answer(tenant, rule, device):
        visit.audit("answer-withdraw", f"{rule} {device}", tenant=tenant)
    return visit.go("papers.show", tenant=tenant, _anchor="answers")


def put_policy(visit: Visit, tenant: str) -> Response:
    visit.customer(tenant)
    numbers: dict[str, float] = {STRICT: 1.0} if visit.field(STRICT) == YES else {}
    try:
        for threshold in visit.console.settings.thresholds:
            number = read_number(threshold, visit.field(threshold.name))
            numbers |= {threshold.name: number} if number is not None else {}
        places = {kind: found for kind in PLACES if (found := read_places(kind, visit.field(kind)))}
    except NotAPolicy as refused:
        return _refused(visit, tenant, refused)
    visit.ports.papers.put_policy(CustomerPolicy(tenant, numbers, places, visit.now_ns, visit.user.display_name))
    visit.audit("policy-set", tenant, detail=f"{len(numbers)} thresholds, {sum(map(len, places.values()))} places", tenant=tenant)
    return visit.go("papers.show", tenant=tenant, kept="policy", _anchor="policy")


def _place(visit: Visit, tenant: str) -> tuple[str, str]:
    visit.customer(tenant)
    wanted = visit.field("question")
    found = next((each for each in questions(visit, tenant) if each.place == wanted), None)
    if found is None:
        abort(404)
    return found.rule, found.device_id


def _refused(visit: Visit, tenant: str, refused: WordedRefusal) -> Response:
    values = dict(refused.values)
    if "place" in values:  # the field as the page calls it
        word = "policy-place" if values["place"] in PLACES else "threshold"
        values["place"] = visit.speech.known(word, values["place"])
    values |= {name: written_number(visit, float(values[name])) for name in NUMBERS & values.keys() if "line" not in values}
    return show(visit, tenant, visit.speech(f"refused.{refused.word}", **values), visit.request.form.to_dict())


SCREEN = Screen(
    name="papers",
    words=WORDS,
    routes=(
        get("papers.show", "/customers/<tenant>/papers", show, permission=Permission.REPORTS),
        post("papers.contracts", "/customers/<tenant>/contracts", put_contracts, permission=Permission.ASSESS),
        post("papers.forget_contracts", "/customers/<tenant>/contracts/withdrawal", forget_contracts, permission=Permission.ASSESS),
        post("papers.answer", "/customers/<tenant>/answers", give, permission=Permission.ASSESS),
        post("papers.withdraw_answer", "/customers/<tenant>/answers/withdrawal", withdraw, permission=Permission.ASSESS),
        post("papers.policy", "/customers/<tenant>/policy", put_policy, permission=Permission.SETTINGS),
    ),
)
