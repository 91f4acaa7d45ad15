"""Ansible's inventory, as YAML or INI, read and written. Nothing is run: plugins, vaults and templates stay closed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from natvakt_server.domain.estate import Device
from natvakt_server.domain.exchange.listed import MOST_ROWS, NotReadable, Row

DEEPEST = 32
_HOST_VARIABLES: Mapping[str, tuple[str, ...]] = {
    "address": ("ansible_host", "ansible_ssh_host"),
    "os": ("ansible_network_os",),
    "customer": ("natvakt_customer", "customer", "tenant"),
    "site": ("natvakt_site", "site"),
    "role": ("natvakt_role", "role", "device_role"),
    "serial": ("serial",),
    "model": ("model",),
}
_SYSTEMS = {
    "ios": "cisco.ios.ios",
    "ios-xe": "cisco.ios.ios",
    "ios-xr": "cisco.iosxr.iosxr",
    "nx-os": "cisco.nxos.nxos",
    "asa": "cisco.asa.asa",
}
_SECTION = re.compile(r"\[(?P<group>[^\]:]+)(?::(?P<kind>vars|children))?\]\s*(?:[#;].*)?$")
_YAML_START = re.compile(r"[\w.'\"-]+:(?:\s|$)")
_PAIR = re.compile(r"(?P<name>[A-Za-z_]\w*)=(?P<value>\"[^\"]*\"|'[^']*'|\S*)")


@dataclass(slots=True)
class _Steps:
    """Groups may stand in many groups, so that a short file can mean an endless walk: it is counted."""

    left: int = MOST_ROWS

    def take(self, group: str, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise NotReadable(f"group {group[:60]!r}: groups within groups, deeper than {DEEPEST} or more than {MOST_ROWS} in all")


@dataclass(slots=True)
class _Group:
    variables: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, dict[str, str]] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)


def read_ansible(text: str) -> Sequence[Row]:
    """Variables of a host win over those of its groups, an inner group's over an outer's. Raises NotReadable."""
    groups = _from_ini(text) if _is_ini(text) else _from_yaml(text)
    hosts = _merged(groups)
    if len(hosts) > MOST_ROWS:
        raise NotReadable(f"it lists {len(hosts)} hosts, more than {MOST_ROWS}; take it in parts")
    return [Row(f"host {name}", _values(name, variables)) for name, variables in hosts.items()]


def write_ansible(devices: Sequence[Device]) -> str:
    """One group a site, TENANT_SITE; credentials are the reader's own."""
    children: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for device in devices:
        group = children.setdefault(f"{device.tenant}_{device.site}".replace("-", "_"), {"hosts": {}})
        told = {"ansible_host": device.address, "natvakt_customer": device.tenant, "natvakt_site": device.site}
        told |= {"natvakt_role": device.role.value}
        if device.os in _SYSTEMS:
            told["ansible_network_os"] = _SYSTEMS[device.os]
        told |= {name: value for name, value in (("model", device.model), ("serial", device.serial)) if value}
        name = device.name if device.name not in group["hosts"] else f"{device.name}-{device.id}"
        group["hosts"][name] = told
    written: str = yaml.safe_dump({"all": {"children": children}}, allow_unicode=True, sort_keys=True)
    return written


def _values(name: str, variables: Mapping[str, str]) -> Mapping[str, str]:
    found = {ours: next((variables[each] for each in theirs if variables.get(each)), "") for ours, theirs in _HOST_VARIABLES.items()}
    return {"name": name, **found}


def _is_ini(text: str) -> bool:
    first = next((line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith(("#", ";"))), "")
    return first != "---" and not first.startswith("{") and not _YAML_START.match(first)


def _from_ini(text: str) -> dict[str, _Group]:
    groups: dict[str, _Group] = {"ungrouped": _Group()}
    name, kind = "ungrouped", None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith(("#", ";")):
            continue
        section = _SECTION.match(line)
        if section is not None:
            name, kind = section["group"].strip(), section["kind"]
            groups.setdefault(name, _Group())
        elif line.startswith("["):
            raise NotReadable(f"line {number}: {line[:60]!r} is no group; write [NAME], [NAME:vars] or [NAME:children]")
        elif kind == "vars":
            variable, _, value = line.partition("=")
            groups[name].variables[variable.strip()] = value.strip().strip("\"'")
        elif kind == "children":
            groups[name].children.append(line.split()[0])
        else:
            host = line.split()[0]
            if "[" in host:
                raise NotReadable(f"line {number}: {host[:60]!r} is a range of hosts; list them one by one")
            groups[name].hosts[host] = {pair["name"]: pair["value"].strip("\"'") for pair in _PAIR.finditer(line[len(host) :])}
    return groups


def _from_yaml(text: str) -> dict[str, _Group]:
    class Loader(yaml.SafeLoader):
        """Tags such as !vault become nothing: what is locked stays locked."""

    Loader.add_multi_constructor("!", lambda _loader, _suffix, _node: None)
    try:
        told = yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise NotReadable(f"it is no YAML: {str(error)[:200]}") from None
    if not isinstance(told, dict):
        raise NotReadable("it holds no groups; an inventory begins with `all:` or the name of a group")
    groups: dict[str, _Group] = {}
    steps = _Steps()
    for name, group in told.items():
        _take_in(groups, str(name), group, 0, steps)
    return groups


def _take_in(groups: dict[str, _Group], name: str, told: object, depth: int, steps: _Steps) -> None:
    steps.take(name, depth)
    group = groups.setdefault(name, _Group())
    if not isinstance(told, dict):
        return
    group.variables |= _scalars(told.get("vars"))
    for host, variables in _pairs(told.get("hosts")):
        group.hosts[host] = _scalars(variables)
    for child, inner in _pairs(told.get("children")):
        if child not in group.children:
            group.children.append(child)
        _take_in(groups, child, inner, depth + 1, steps)


def _pairs(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name), inner


def _scalars(value: object) -> dict[str, str]:
    return {name: str(inner) for name, inner in _pairs(value) if isinstance(inner, str | int | float)}


def _merged(groups: Mapping[str, _Group]) -> dict[str, dict[str, str]]:
    walk = _Walk(groups)
    inner = {child for group in groups.values() for child in group.children}
    for name in sorted(groups, key=lambda each: each in inner):
        if name not in inner or name not in walk.seen:  # groups that hold each other have no outermost one
            walk.descend(name, {}, ())
    return walk.hosts


@dataclass(slots=True)
class _Walk:
    groups: Mapping[str, _Group]
    hosts: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    steps: _Steps = field(default_factory=_Steps)

    def descend(self, name: str, above: Mapping[str, str], way: tuple[str, ...]) -> None:
        self.steps.take(name, len(way))
        self.seen.add(name)
        group = self.groups[name]
        variables = {**above, **group.variables}
        for host, own in group.hosts.items():
            self.hosts[host] = {**self.hosts.get(host, {}), **variables, **own}
        for child in group.children:
            if child in self.groups and child not in way:
                self.descend(child, variables, (*way, name))
