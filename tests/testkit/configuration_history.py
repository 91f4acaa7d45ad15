"""Configurations as an agent's batch brings them, into a console's database."""

from natvakt_server.domain.configuration.history import KIND, Source
from natvakt_server.domain.estate import DocumentEffect
from natvakt_server.ingest.configurations import readings, without_texts
from natvakt_server.store.estate.configuration_writing import apply_configurations
from natvakt_server.store.estate.documents import apply_documents
from natvakt_server.store.estate.transactions import writing
from sqlalchemy import Connection
from testkit.console import ConsoleHouse

SECOND_NS = 1_000_000_000


def tell_configuration(
    house: ConsoleHouse,
    agent_device: str,
    running: str,
    startup: str | None = None,
    *,
    age_seconds: float = 60,
    complete: bool = True,
    reason: str = "",
    tenant: str = "acme",
    site: str = "hq",
) -> None:
    """One `configuration` document with one or two texts."""
    observed_ns = house.clock.now_ns - int(age_seconds * SECOND_NS)
    texts = {Source.RUNNING: running} | ({} if startup is None else {Source.STARTUP: startup})
    rows = [
        {"source": source.value, "text": text, "lines": text.count("\n"), "complete": complete, "incomplete_reason": reason or None}
        for source, text in texts.items()
    ]
    documents = [DocumentEffect(agent_device, KIND, observed_ns, f"{KIND}-{observed_ns}", rows)]

    def write(connection: Connection) -> None:
        kept = without_texts(documents)
        apply_documents(connection, tenant, site, kept, house.ids)
        apply_configurations(connection, tenant, site, readings(documents), kept, house.clock.now_ns)

    writing(house.engine, write)
