"""Lists of other systems: which formats there are, and what no agent observes as targets for an agent's drop-in folder."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from natvakt_server.app.context import CommandFailed
from natvakt_server.domain.estate import Device
from natvakt_server.domain.exchange.ansible import read_ansible, write_ansible
from natvakt_server.domain.exchange.listed import Listed, Row
from natvakt_server.domain.exchange.netbox import read_netbox
from natvakt_server.domain.exchange.tables import read_csv, read_oxidized, write_csv, write_netbox, write_oxidized

FORMATS = ("netbox", "ansible", "csv", "oxidized")
Names = Mapping[str, str]
SiteNames = Mapping[tuple[str, str], str]
_SPOKEN_TO = ("ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business")
_HEAD = """# {tenant}/{site}: devices that a list named and no agent observes.
# Add `credential = "NAME"` where it is not the site's default, then put this file into agent.d.
"""


def read_rows(format: str, text: str, oxidized_columns: Sequence[str]) -> Sequence[Row]:
    """Raises NotReadable."""
    readers: Mapping[str, Callable[[], Sequence[Row]]] = {
        "netbox": lambda: read_netbox(text),
        "ansible": lambda: read_ansible(text),
        "csv": lambda: read_csv(text),
        "oxidized": lambda: read_oxidized(text, oxidized_columns),
    }
    return readers[format]()


def written(format: str, devices: Sequence[Device], customers: Names, sites: SiteNames) -> str:
    writers: Mapping[str, Callable[[], str]] = {
        "netbox": lambda: write_netbox(devices, customers, sites),
        "ansible": lambda: write_ansible(devices),
        "csv": lambda: write_csv(devices, customers, sites),
        "oxidized": lambda: write_oxidized(devices),
    }
    return writers[format]()


def write_targets(folder: Path, unseen: Sequence[Listed]) -> Sequence[Path]:
    """One file a site. Raises CommandFailed where one is there already: a person's additions are not written over."""
    by_site: dict[tuple[str, str], list[Listed]] = {}
    for each in unseen:
        by_site.setdefault((each.customer, each.site), []).append(each)
    paths = {place: folder / f"{place[0]}-{place[1]}.toml" for place in sorted(by_site)}
    for path in paths.values():
        if path.exists():
            raise CommandFailed(f"{path} is there already; move it away, or name another --targets folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for place, path in paths.items():
            path.write_text(targets(place, by_site[place]), "utf-8")
    except OSError as error:
        raise CommandFailed(f"{folder}: cannot be written: {error.strerror}") from error
    return list(paths.values())


def targets(place: tuple[str, str], listed: Sequence[Listed]) -> str:
    """TOML; names are unique in a file, as the agent wants them."""
    names: set[str] = set()
    parts = [_HEAD.format(tenant=place[0], site=place[1])]
    for each in listed:
        name = each.name if each.name not in names else f"{each.name} {each.address}"
        names.add(name)
        system = f"os = {_quoted(each.os)}\n" if each.os in _SPOKEN_TO else ""
        parts.append(f"[[target]]\nname = {_quoted(name)}\naddress = {_quoted(each.address)}\n{system}")
    return "\n".join(parts)


def _quoted(text: str | None) -> str:
    """JSON's strings are TOML's basic strings."""
    return json.dumps(text or "", ensure_ascii=False)
