"""Something of everything the API shows, and where it is."""

from testkit.configuration_history import tell_configuration
from testkit.configurations import IOS
from testkit.console import ConsoleHouse
from testkit.two_customers import EVERYBODYS, OWN, furnish


def examples(house: ConsoleHouse, tenant: str = OWN) -> dict[str, str]:
    """Values for every path, and under `OPERATION?` the arguments an operation cannot do without. Every text in it names its customer."""
    placed = furnish(house, tenant)
    changed = IOS.replace("description desk 1", f"description {tenant} door")
    tell_configuration(house, f"{tenant}-{EVERYBODYS}-{tenant}-sw1", changed, tenant=tenant, age_seconds=30)
    newest = house.ports.configurations.configurations(tenant, placed.device_id)[0]
    return {
        "customer": placed.tenant,
        "site": placed.site,
        "device": placed.device_id,
        "table": "interface",
        "version": str(newest.id),
        "assessment": placed.assessment_id,
        "format": "sarif",
        "job": placed.job_id,
        "agent": placed.agent_id,
        "incident": placed.incident_id,
        "devices.series?": "table=cpu&field=used_ratio",
        "findings.list?": f"customer={placed.tenant}",
    }
