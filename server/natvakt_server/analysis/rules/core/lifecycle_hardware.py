"""core.lifecycle.hardware: the last day of support has passed or is near, or the product is no longer sold."""

from datetime import date

from natvakt_server.analysis.applicability import any_device
from natvakt_server.analysis.evidence import Device, Evidence, Reason
from natvakt_server.analysis.hardware import Piece, pieces
from natvakt_server.analysis.rule import Change, Failure, Judgement, Rule, Text, decide
from natvakt_server.analysis.vulnerabilities import age_of, day_of
from natvakt_server.domain.assessment import Evidence as Fact
from natvakt_server.domain.assessment import Severity
from natvakt_server.knowledge.lifecycle import Product

SOON_DAYS = 365
LOWER = {Severity.HIGH: Severity.MEDIUM, Severity.MEDIUM: Severity.LOW, Severity.INFO: Severity.INFO}


def severity_of(product: Product, today: date) -> Severity | None:
    """None where no milestone is near."""
    last = product.milestones.get("last_date_of_support")
    if last and last < today.isoformat():
        return Severity.HIGH
    if last and (date.fromisoformat(last) - today).days <= SOON_DAYS:
        return Severity.MEDIUM
    sale = product.milestones.get("end_of_sale")
    return Severity.INFO if sale and sale < today.isoformat() else None


def judge(device: Device, evidence: Evidence) -> Judgement:
    """Modules, power supplies and optics weigh one less than the chassis. Unknown where the chassis is not known."""
    today = day_of(evidence)
    known: list[tuple[Piece, Product]] = []
    chassis_known = False
    for piece in pieces(device):
        product = evidence.knowledge.products.get(piece.pid)
        if product is not None and product.known and product.milestones:
            known.append((piece, product))
            chassis_known = chassis_known or piece.is_chassis
    failures = []
    for piece, product in known:
        severity = severity_of(product, today)
        if severity is not None:
            failures.append(_failure(piece, product, severity if piece.is_chassis else LOWER[severity], evidence))
    return decide(failures, len(known), undecided=None if chassis_known else Reason.NOT_LISTED)


def _failure(piece: Piece, product: Product, severity: Severity, evidence: Evidence) -> Failure:
    day = product.milestones.get
    facts = [Fact(f"{piece.pid} {words}", day(name)) for name, words in MILESTONES if day(name)]
    if product.replacement:
        facts.append(Fact(f"{piece.pid} replaced by", product.replacement))
    facts.append(Fact(f"{piece.pid} told by", f"{product.source} {product.as_of}"))
    return Failure(piece.pid, severity, (*facts, *age_of(product.as_of or "", evidence)))


MILESTONES = (("end_of_sale", "last day of sale"), ("last_date_of_support", "last day of support"))

RULE = Rule(
    id="core.lifecycle.hardware",
    title=Text("Hardware near or past its end of support", "Hårdvara nära eller efter supportens slut"),
    impact=Text(
        "After the last day of support there is no spare, no correction and nobody to ask.",
        "Efter sista supportdagen finns ingen reserv, ingen rättelse och ingen att fråga.",
    ),
    recommendation=Text(
        "Plan the replacement into the budget before the day named, together with what else ends that year.",
        "Lägg in bytet i budgeten före det angivna datumet, tillsammans med annat som slutar samma år.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO),
    applies_to=any_device,
    tables=(),
    beside=("component",),
    judge=judge,
    effort_minutes=15,
    references=("EoX",),
    change=Change.ON_SITE,
)
