"""Something of everything the API shows, and where it is."""

from natvakt_server.domain.jobs import ASSESSMENT, Job
from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import ConsoleHouse
from testkit.events import tell_event

AGENT_DEVICE = "acme-hq-hq-acc1"


def examples(house: ConsoleHouse) -> dict[str, str]:
    """Values for every path, and under `OPERATION?` the arguments an operation cannot do without. All of it is acme's."""
    device_id = house.add_switch()
    tell_configuration(house, AGENT_DEVICE, IOS, IOS, age_seconds=3 * 86_400)
    tell_configuration(house, AGENT_DEVICE, IOS.replace("desk 1", "desk 2"), age_seconds=60)
    tell_event(house, AGENT_DEVICE, message="acme's own")
    report = house.add_assessment(device_id)
    house.add_agent("acme-agent")
    house.jobs.add_job(Job("acme-job", ASSESSMENT, "acme", {"sites": []}, "done", created_ns=house.clock.now_ns))
    return {
        "customer": "acme",
        "site": "hq",
        "device": device_id,
        "table": "interface",
        "version": str(house.ports.configurations.configurations("acme", device_id)[0].id),
        "assessment": report.id,
        "format": "sarif",
        "job": "acme-job",
        "agent": "acme-agent",
        "devices.series?": "table=cpu&field=used_ratio",
        "findings.list?": "customer=acme",
    }
