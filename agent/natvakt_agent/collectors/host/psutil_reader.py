"""The real machine, through psutil, /etc/os-release, DMI and systemd."""

import ipaddress
import platform
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import psutil

from natvakt_agent.collectors.host.reader import CpuTimes, DiskActivity, Machine, NetworkInterface, NotProvided, Restart, Service, Space
from natvakt_agent.collectors.host.restarts import JOURNAL, from_journal

DMI_FOLDER = Path("/sys/class/dmi/id")
OS_RELEASE = Path("/etc/os-release")
SYSTEMD_RUNNING = Path("/run/systemd/system")
PROGRAM_SECONDS = 10.0
READ_ONLY_FILE_SYSTEMS = frozenset({"squashfs", "iso9660", "udf", "erofs"})
NOT_DISKS = ("loop", "ram", "zram")


UNITS = ("systemctl", "show", "--type=service,mount,socket,timer,swap", "--all", "--property=Id,ActiveState,SubState,UnitFileState")


def run_program(command: Sequence[str]) -> str:
    """What a program of the system writes. Raises NotProvided."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=PROGRAM_SECONDS, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotProvided(f"{command[0]} did not answer: {error}") from error
    return done.stdout.decode("utf-8", "replace")


class PsutilReader:
    """`run` starts a program of the system and gives what it wrote; raises NotProvided."""

    def __init__(self, run: Callable[[Sequence[str]], str] = run_program) -> None:
        self._run = run

    def machine(self) -> Machine:
        system = platform.system().lower()
        release = parse_os_release(_text(OS_RELEASE) or "")
        name = release.get("PRETTY_NAME", platform.platform())
        return Machine(
            name=socket.gethostname(),
            operating_system=system if system in ("linux", "windows") else "unknown",
            version=release.get("VERSION_ID") or platform.version() or None,
            description=f"{name}, {platform.system()} {platform.release()} {platform.machine()}",
            vendor=_text(DMI_FOLDER / "sys_vendor"),
            model=_text(DMI_FOLDER / "product_name"),
            serial=_text(DMI_FOLDER / "product_serial"),
        )

    def uptime_seconds(self, wall_seconds: float) -> float:
        return max(0.0, wall_seconds - float(psutil.boot_time()))

    def cpu_times(self) -> Sequence[CpuTimes]:
        found = []
        for times in psutil.cpu_times(percpu=True):
            # guest times are already counted in user and nice
            total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
            found.append(CpuTimes(total - times.idle - getattr(times, "iowait", 0.0), total))
        return found

    def memory(self) -> Sequence[Space]:
        physical, swap = psutil.virtual_memory(), psutil.swap_memory()
        pools = [Space("physical", physical.total - physical.available, physical.total)]
        return pools + ([Space("swap", swap.used, swap.total)] if swap.total else [])

    def storage(self) -> Sequence[Space]:
        """Each file system once, however often it is mounted."""
        mounts: dict[str, tuple[str, str]] = {}
        for part in psutil.disk_partitions(all=False):
            if part.fstype not in READ_ONLY_FILE_SYSTEMS and Path(part.mountpoint).is_dir():
                mounts.setdefault(part.device, (part.mountpoint, part.fstype))
        if platform.system() != "Windows" and all(mount != "/" for mount, _ in mounts.values()):
            mounts["/"] = ("/", "")
        return list(_spaces(mounts.values()))

    def interfaces(self) -> Sequence[NetworkInterface]:
        counters = psutil.net_io_counters(pernic=True, nowrap=False)
        addresses = psutil.net_if_addrs()
        present = psutil.net_if_stats()
        indexes = self.interface_indexes(present)
        found = []
        for name, state in present.items():
            if name not in indexes:  # gone since
                continue
            own = addresses.get(name, [])
            moved = counters.get(name)
            figures = (
                (
                    moved.bytes_recv,
                    moved.bytes_sent,
                    moved.packets_recv,
                    moved.packets_sent,
                    moved.errin,
                    moved.errout,
                    moved.dropin,
                    moved.dropout,
                )
                if moved
                else ()
            )
            mac = next((entry.address for entry in own if entry.family == psutil.AF_LINK), None)
            found.append(NetworkInterface(indexes[name], name, state.isup, state.speed, state.mtu, mac, list(_addresses(own)), *figures))
        return found

    def interface_indexes(self, names: Iterable[str]) -> Mapping[str, int]:  # noqa: ARG002 (Windows asks by name)
        return {name: index for index, name in socket.if_nameindex()}

    def disks(self) -> Sequence[DiskActivity]:
        counters = psutil.disk_io_counters(perdisk=True, nowrap=False) or {}
        return [
            DiskActivity(name, moved.read_count, moved.write_count, moved.read_bytes, moved.write_bytes)
            for name, moved in counters.items()
            if not name.startswith(NOT_DISKS)
        ]

    def services(self) -> Sequence[Service]:
        if not SYSTEMD_RUNNING.is_dir():
            raise NotProvided("no service manager: systemd does not run here")
        return parse_systemctl(self._run(UNITS))

    def last_restart(self) -> Restart | None:
        if not SYSTEMD_RUNNING.is_dir():
            raise NotProvided("no journal: systemd does not run here")
        return from_journal(self._run(JOURNAL))

    def users(self) -> int:
        return len(psutil.users())


def _spaces(mounts: Iterable[tuple[str, str]]) -> Iterator[Space]:
    for mount, fs_type in mounts:
        try:
            usage = psutil.disk_usage(mount)
        except OSError:  # unmounted since, or not for us to see
            continue
        yield Space(mount, usage.used, usage.total, fs_type or None)


def _addresses(entries: Sequence[object]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if getattr(entry, "family", None) in (socket.AF_INET, socket.AF_INET6):
            address = str(getattr(entry, "address", "")).partition("%")[0]
            mask = str(getattr(entry, "netmask", "") or "")
            yield address, _prefix_length(address, mask)


def _prefix_length(address: str, mask: str) -> int:
    """From a netmask; a host's own length where there is none."""
    width = ipaddress.ip_address(address).max_prefixlen
    return int(ipaddress.ip_address(mask)).bit_count() if mask else width


def parse_os_release(text: str) -> dict[str, str]:
    """`NAME="Debian GNU/Linux"` lines (os-release(5))."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def parse_systemctl(text: str) -> list[Service]:
    """Blocks of `Name=value` lines; services that neither start by themselves nor run nor failed tell nothing and are left out, and of
    mounts, sockets and timers only those that failed are told, with their full name."""
    found = []
    for block in text.split("\n\n"):
        facts = parse_os_release(block)
        state, mode = facts.get("ActiveState", ""), facts.get("UnitFileState", "")
        name = facts.get("Id", "")
        if name and (state == "failed" or (name.endswith(".service") and (mode == "enabled" or state == "active"))):
            found.append(Service(name.removesuffix(".service"), state == "active", mode or "none", facts.get("SubState") or state))
    return found


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or None
    except OSError:
        return None
