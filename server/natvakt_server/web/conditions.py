"""The state of a customer and of a site, from what their lists already hold: no look at single devices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from natvakt_server.domain.estate import CustomerOverview, Device, SiteOverview
from natvakt_server.domain.incidents import Incident
from natvakt_server.domain.notification import Severity
from natvakt_server.web.states import FRESH_NS, Condition, Reason, State, condition


def customer_condition(overview: CustomerOverview, incidents: Sequence[Incident]) -> Condition:
    """`incidents`: the customer's own that are open."""
    return condition([*_incident_reasons([each for each in incidents if not each.maintenance]), *_customer_reasons(overview)])


def grouped(incidents: Iterable[Incident]) -> Mapping[str, Sequence[Incident]]:
    """By customer, so that a page of a thousand customers looks through them once."""
    found: dict[str, list[Incident]] = {}
    for each in incidents:
        found.setdefault(each.tenant, []).append(each)
    return found


def site_condition(overview: SiteOverview) -> Condition:
    return condition(_observation(overview))


def seen_state(device: Device, now_ns: int) -> State:
    """Whether the device answers at all: what a list of devices can say of each without asking for its series."""
    return State.OK if device.last_seen_ns and now_ns - device.last_seen_ns < FRESH_NS else State.NOT_OBSERVED


def _incident_reasons(incidents: Sequence[Incident]) -> Iterator[Reason]:
    for severity, state in ((Severity.CRITICAL, State.CRITICAL), (Severity.WARNING, State.WARNING)):
        count = sum(each.severity is severity for each in incidents)
        if count:
            yield Reason(state, f"reason-incidents-{severity.value}", (("count", count),))


def _customer_reasons(overview: CustomerOverview) -> Iterator[Reason]:
    yield from _observation(overview)
    critical, high = overview.counts.get("critical", 0), overview.counts.get("high", 0)
    if critical:
        yield Reason(State.CRITICAL, "reason-critical-findings", (("count", critical),))
    if high:
        yield Reason(State.WARNING, "reason-high-findings", (("count", high),))
    if overview.devices and overview.assessment_id is None:
        yield Reason(State.WARNING, "reason-never-assessed")


def _observation(overview: CustomerOverview | SiteOverview) -> Iterator[Reason]:
    missing = overview.stale_devices + overview.silent_devices
    if not overview.agents:
        yield Reason(State.NOT_OBSERVED, "reason-no-agent")
    elif overview.silent_agents == overview.agents:
        yield Reason(State.NOT_OBSERVED, "reason-agents-silent", (("count", overview.silent_agents),))
    elif overview.silent_agents:
        yield Reason(State.WARNING, "reason-some-agents-silent", (("count", overview.silent_agents), ("of", overview.agents)))
    elif not overview.devices:
        yield Reason(State.NOT_OBSERVED, "reason-no-device")
    elif missing == overview.devices:
        yield Reason(State.NOT_OBSERVED, "reason-devices-silent", (("count", missing),))
    elif missing:
        yield Reason(State.WARNING, "reason-some-devices-silent", (("count", missing), ("of", overview.devices)))
