"""The EoX API (version 5): pages of `EOXRecord`. A record with `EOXError` says that nothing is known and stores nothing."""

from collections.abc import Iterator

import msgspec

from natvakt_server.knowledge.facts import Lifecycle
from natvakt_server.knowledge.formats.reading import RecordRefused, day, decoded

FORMAT = "eox-api"


class _Date(msgspec.Struct):
    value: str | None = ""


class _Migration(msgspec.Struct):
    MigrationProductId: str | None = ""


class _Error(msgspec.Struct):
    ErrorID: str | None = ""
    ErrorDescription: str | None = ""


class _Record(msgspec.Struct):
    EOLProductID: str | None = ""
    EOXInputValue: str | None = ""
    EOXExternalAnnouncementDate: _Date = msgspec.field(default_factory=_Date)
    EndOfSaleDate: _Date = msgspec.field(default_factory=_Date)
    EndOfSWMaintenanceReleases: _Date = msgspec.field(default_factory=_Date)
    EndOfSecurityVulSupportDate: _Date = msgspec.field(default_factory=_Date)
    LastDateOfSupport: _Date = msgspec.field(default_factory=_Date)
    ProductBulletinNumber: str | None = ""
    LinkToProductBulletinURL: str | None = ""
    EOXMigrationDetails: _Migration | None = None
    EOXError: _Error | None = None
    UpdatedTimeStamp: _Date = msgspec.field(default_factory=_Date)


class _Page(msgspec.Struct):
    EOXRecord: list[msgspec.Raw]


def records(data: bytes) -> Iterator[msgspec.Raw]:
    """Raises RecordRefused."""
    yield from decoded(data, _Page).EOXRecord


def read(data: msgspec.Raw, place: str = "") -> Lifecycle:
    """Raises RecordRefused, also for a record that tells an error."""
    record = decoded(data, _Record, place)
    if record.EOXError is not None and (record.EOXError.ErrorID or record.EOXError.ErrorDescription):
        about = (record.EOLProductID or record.EOXInputValue or "").strip()
        raise RecordRefused(f"{place}: {about}: {(record.EOXError.ErrorDescription or record.EOXError.ErrorID or '').strip()}")
    pid = (record.EOLProductID or "").strip()
    if not pid:
        raise RecordRefused(f"{place}: EOLProductID is empty; a record needs the product it is about")
    dates = {
        "announced": record.EOXExternalAnnouncementDate,
        "end_of_sale": record.EndOfSaleDate,
        "end_of_software_maintenance": record.EndOfSWMaintenanceReleases,
        "end_of_vulnerability_support": record.EndOfSecurityVulSupportDate,
        "last_date_of_support": record.LastDateOfSupport,
    }
    milestones = {name: found for name, date in dates.items() if (found := day(date.value or "", f"{place}: {name}"))}
    migration = record.EOXMigrationDetails
    return Lifecycle(
        pid,
        milestones,
        (migration.MigrationProductId or "").strip() if migration is not None else "",
        (record.ProductBulletinNumber or "").strip(),
        (record.LinkToProductBulletinURL or "").strip(),
        day(record.UpdatedTimeStamp.value or "", f"{place}: UpdatedTimeStamp"),
    )
