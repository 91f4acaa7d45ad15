"""The agent's settings: types, limits, defaults and words, once.

The same structs validate, document themselves (`documentation.py`) and write the commented sample. Credentials are never
settings: they live in the vault and are named here.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from natvakt_agent.config.addresses import IpAddress, Network
from natvakt_agent.config.units import Duration, Size

DEFAULT_STATE_DIR = "/var/lib/natvakt"
DEFAULT_CONFIG_FILE = "/etc/natvakt/agent.toml"

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
Port = Annotated[int, Meta(ge=1, le=65535)]
Share = Annotated[float, Meta(gt=0, lt=1)]
Compared = Annotated[int, Meta(ge=1, le=100)]
HttpsAddress = Annotated[str, Meta(pattern=r"^https://[^/@?#\s]+$")]
BackupKind = Literal["status", "push", "files", "restic", "borg", "rsync", "dumps", "windows", "veeam"]
Fingerprint = Annotated[str, Meta(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every group of settings."""


class PollingSection(Section, frozen=True):
    """How often and how gently devices are asked."""

    workers: Annotated[int, Meta(ge=1, le=64, description="How many devices are polled at the same time.")] = 8
    jitter: Annotated[
        float, Meta(ge=0, le=1, description="Share of the shortest interval over which the devices' polls are spread, 0 to 1.")
    ] = 0.5
    deadline: Annotated[Duration, Meta(description="How long one poll of one device may take.")] = Duration(30)
    minimum_interval: Annotated[Duration, Meta(description="No table is asked for more often than this.")] = Duration(10)
    reachability_interval: Annotated[Duration, Meta(description="How often each device is asked whether it is there.")] = Duration(60)
    reachability_probes: Annotated[int, Meta(ge=1, le=20, description="Echo requests for each of these.")] = 3
    snmp_engine: Annotated[
        Literal["gufo", "pysnmp"],
        Meta(
            description="What asks by SNMP; for authenticated SNMPv3 and contexts it is always `pysnmp` (slower, in a process of its own)."
        ),
    ] = "gufo"
    device_requests_per_minute: Annotated[
        int, Meta(ge=1, description="A device that is asked more than this is asked less often: half, then a quarter, then an eighth.")
    ] = 600
    device_bytes_per_minute: Annotated[Size, Meta(description="The same for octets, both ways.")] = Size(4 * 1024**2)
    device_time_share: Annotated[
        float, Meta(gt=0, le=1, description="The same for the part of its time that a device spends on answering, 0 to 1.")
    ] = 0.2
    device_busy_cpu: Annotated[
        float, Meta(gt=0, le=1, description="The same for a device whose own CPU is as busy as this, whatever polling it costs, 0 to 1.")
    ] = 0.95
    intervals: Annotated[dict[str, Duration], Meta(description='Interval of a single table, in place of its own: `interface = "60s"`.')] = (
        field(default_factory=dict)
    )


class SpoolSection(Section, frozen=True):
    """What waits on disk until the server has it."""

    cap: Annotated[Size, Meta(description="Most the spool may hold; at the cap whole oldest metrics batches go, with a signed record.")] = (
        Size(2 * 1024**3)
    )
    reserve: Annotated[Size, Meta(description="Space set aside so that a full disk stops neither alarms nor clearing up.")] = Size(
        64 * 1024**2
    )
    keep_acknowledged: Annotated[
        Duration, Meta(description="How long delivered batches are kept, so that a restored server can ask again.")
    ] = Duration(86400)


class BatchSection(Section, frozen=True):
    """When an open batch is closed and sealed."""

    metrics_age: Annotated[Duration, Meta(description="Oldest sample an open metrics batch may hold.")] = Duration(60)
    state_age: Annotated[Duration, Meta(description="Oldest document an open state batch may hold.")] = Duration(60)
    whole_again: Annotated[Duration, Meta(description="How often an unchanged document is sent whole all the same.")] = Duration(86400)


class VaultSection(Section, frozen=True):
    """Where the key comes from that opens the credential vault."""

    key: Annotated[
        Literal["auto", "systemd", "passphrase", "file"],
        Meta(description="`systemd` credential natvakt-vault-key, asked-for `passphrase`, key `file`; `auto`: systemd, else file."),
    ] = "auto"
    key_file: Annotated[str, Meta(description="The key file, mode 0600; empty: `vault.key` in the state folder.")] = ""
    passphrase_file: Annotated[
        str, Meta(description="File (mode 0600, or /dev/fd/N) the passphrase is read from when nobody can be asked; empty: ask.")
    ] = ""


class HostSection(Section, frozen=True):
    """The machine the agent runs on, as a device of its own."""

    enabled: Annotated[bool, Meta(description="Whether this machine is watched too.")] = True
    name: Annotated[str, Meta(description="Its name in console and reports; empty: its host name.")] = ""


class SshSection(Section, frozen=True):
    """Configurations and command outputs that are fetched over SSH from targets with a `login`."""

    enabled: Annotated[bool, Meta(description="Whether any device is asked over SSH.")] = True
    workers: Annotated[int, Meta(ge=1, le=32, description="How many devices are asked over SSH at the same time.")] = 4
    deadline: Annotated[Duration, Meta(description="How long one session with one device may take.")] = Duration(300)
    hold: Annotated[
        bool, Meta(description="Whether a text leaves the site only after a person has approved it: `natvakt-agent outgoing approve`.")
    ] = False


class ListenSection(Section, frozen=True):
    """Traps, syslog and flow exports that devices send by themselves, taken in by a process of its own; nothing but informs is answered."""

    enabled: Annotated[bool, Meta(description="Whether anything is listened to.")] = False
    addresses: Annotated[list[IpAddress], Meta(description="Addresses of this machine that are listened on.")] = field(
        default_factory=lambda: [IpAddress("0.0.0.0")]  # noqa: S104 (only what is on the list of sources is looked at)
    )
    networks: Annotated[list[Network], Meta(description="Networks that are listened to, besides the targets themselves.")] = field(
        default_factory=list
    )
    trap_port: Annotated[int, Meta(ge=0, le=65535, description="UDP port of traps and informs; 0: none.")] = 162
    syslog_port: Annotated[int, Meta(ge=0, le=65535, description="UDP port of syslog; 0: none.")] = 514
    syslog_tcp_port: Annotated[int, Meta(ge=0, le=65535, description="TCP port of syslog; 0: none.")] = 0
    syslog_tls_port: Annotated[int, Meta(ge=0, le=65535, description="TCP port of syslog over TLS, usually 6514; 0: none.")] = 0
    flow_port: Annotated[int, Meta(ge=0, le=65535, description="UDP port of NetFlow v5, v9 and IPFIX; 0: none.")] = 2055
    certificate_file: Annotated[str, Meta(description="Certificate (PEM) shown to senders over TLS.")] = ""
    key_file: Annotated[str, Meta(description="Its key (PEM), mode 0600; empty: it is in the same file.")] = ""
    client_ca_file: Annotated[str, Meta(description="Certificate (PEM) that senders' must come from; empty: none is asked for.")] = ""
    credentials: Annotated[
        list[str], Meta(description="Names of the credentials that traps may be sent with; empty: all of the vault that are for SNMP.")
    ] = field(default_factory=list)
    least_severity: Annotated[
        Literal["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"],
        Meta(description="What is less grave is counted and forgotten; a changed configuration never is."),
    ] = "notice"
    source_rate: Annotated[
        float, Meta(ge=0.1, le=1000, description="Messages a second that are taken from one source for long; at once twenty times as many.")
    ] = 10.0
    total_rate: Annotated[
        float, Meta(ge=1, le=1000, description="Messages a second that are taken from all for long; at once ten times as many.")
    ] = 50.0
    texts: Annotated[bool, Meta(description="Whether scrubbed texts of messages leave the site, or only what kind they are of.")] = True
    flow_addresses: Annotated[
        bool, Meta(description="Whether addresses of top talkers leave the site; `false`: hashes of their /24 (IPv6: /48) networks.")
    ] = False


class LogSection(Section, frozen=True):
    """What is written to standard error."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="Least important line that is written.")] = "info"


class DiscoverySection(Section, frozen=True):
    """How the site's devices are found: by `natvakt-agent discover`, or by the running agent itself."""

    automatic: Annotated[
        bool, Meta(description="Whether the running agent looks for devices by itself in `networks`, and polls what it finds.")
    ] = False
    networks: Annotated[list[Network], Meta(description="Networks the running agent sweeps; inside the site policy.")] = field(
        default_factory=list
    )
    seeds: Annotated[list[IpAddress], Meta(description="Devices the running agent begins at; their neighbours lead on.")] = field(
        default_factory=list
    )
    interval: Annotated[Duration, Meta(description="How often the running agent looks.")] = Duration(86400)
    excluded: Annotated[list[Network], Meta(description="Networks whose addresses are never asked, by the command neither.")] = field(
        default_factory=list
    )
    rate: Annotated[float, Meta(ge=1, le=10_000, description="Packets a second over the site.")] = 100.0
    subnet_rate: Annotated[float, Meta(ge=1, le=10_000, description="Packets a second to one subnet (/24, IPv6: /64).")] = 25.0
    methods: Annotated[
        list[Literal["icmp", "tcp-22", "tcp-443", "snmp-engine"]],
        Meta(description="How an address is asked whether somebody is there, in this order; none of these is a log-in."),
    ] = field(default_factory=lambda: ["icmp", "tcp-22", "snmp-engine"])
    snmp_port: Annotated[Port, Meta(description="UDP port of the SNMP agents.")] = 161
    credentials: Annotated[list[str], Meta(description="Names of the credentials that may be tried; empty: all of the vault.")] = field(
        default_factory=list
    )
    well_known: Annotated[bool, Meta(description="Whether credentials that everybody knows are tried too.")] = False
    remember_refusals: Annotated[Duration, Meta(description="How long a device that refused a credential is not asked with it again.")] = (
        Duration(7 * 86400)
    )


class TargetEntry(Section, frozen=True):
    """One device, as `[[target]]`."""

    name: Annotated[Name, Meta(description="Its name, unique in this file and its drop-ins.")]
    address: Annotated[IpAddress, Meta(description="Its IPv4 or IPv6 address (a name could be pointed past the site policy).")]
    credential: Annotated[
        str | None, Meta(description="Name of its SNMP credential in the vault; without one only reachability is watched.")
    ] = None
    login: Annotated[
        str | None,
        Meta(description="Name of its login in the vault: configurations are fetched with it; whether everybody knows it is told."),
    ] = None
    ssh: Annotated[bool, Meta(description="Whether the login is used over SSH; `false`: it is only judged.")] = True
    ssh_port: Annotated[Port, Meta(description="TCP port of its SSH server.")] = 22
    os: Annotated[
        Literal["ios", "ios-xe", "nx-os", "asa", "ios-xr", "aireos", "small-business"] | None,
        Meta(description="How it is spoken to over SSH; without it, as the device tells by SNMP."),
    ] = None
    host_key: Annotated[
        Fingerprint | None, Meta(description="Fingerprint of its SSH host key; without it the key of the first contact is kept.")
    ] = None
    snmp_port: Annotated[Port, Meta(description="UDP port of its SNMP agent.")] = 161
    snmp_engine: Annotated[
        Literal["gufo", "pysnmp"] | None,
        Meta(description="In place of `polling.snmp_engine`, also for authenticated SNMPv3, whose answers `gufo` does not check."),
    ] = None
    reachability_port: Annotated[Port | None, Meta(description="TCP port that tells whether it is there where ICMP is filtered.")] = None
    deadline: Annotated[Duration | None, Meta(description="In place of `polling.deadline`.")] = None
    enabled: Annotated[bool, Meta(description="Whether it is polled.")] = True


class BackupReportsSection(Section, frozen=True):
    """Where scripts tell how their backup ended: an HTTP door of the agent, in a process of its own."""

    enabled: Annotated[bool, Meta(description="Whether the door is open.")] = False
    address: Annotated[IpAddress, Meta(description="Its address. Beyond loopback tokens travel in clear text over the site's network.")] = (
        IpAddress("127.0.0.1")
    )
    port: Annotated[Port, Meta(description="Its TCP port.")] = 7480
    clients: Annotated[list[Network], Meta(description="Networks that may report.")] = field(
        default_factory=lambda: [Network("127.0.0.0/8"), Network("::1/128")]
    )


class BackupEntry(Section, frozen=True):
    """One backup job, as `[[backup]]`. Which of the keys belong to which kind: [backup jobs](backup-jobs.md)."""

    job: Annotated[Name, Meta(description="Its name, unique in this file and its drop-ins.")]
    kind: Annotated[BackupKind, Meta(description="How it is looked at.")]
    device: Annotated[str | None, Meta(description="Name of the target it saves; without it, the machine the agent runs on.")] = None
    interval: Annotated[Duration | None, Meta(description="How often it is meant to run; without it only failures are told.")] = None
    deadline: Annotated[Duration, Meta(description="How long looking at it may take.")] = Duration(60)
    restore_test_file: Annotated[str | None, Meta(description="File that is touched whenever somebody has restored from it.")] = None
    path: Annotated[str | None, Meta(description="File or folder that the job leaves.")] = None
    pattern: Annotated[str | None, Meta(description="Names that count in a folder, with `*` and `?`.")] = None
    compare: Annotated[Compared | None, Meta(description="With how many earlier ones a size is compared.")] = None
    shrinkage: Annotated[Share | None, Meta(description="Part of its usual size below which one is too small.")] = None
    engine: Annotated[
        Literal["postgresql", "mysql", "mssql"] | None, Meta(description="What made a dump; without it, as the dump's beginning tells.")
    ] = None
    repository: Annotated[str | None, Meta(description="Repository of restic or borg.")] = None
    credential: Annotated[str | None, Meta(description="Login in the vault: password of the repository, or user of the server.")] = None
    password_file: Annotated[str | None, Meta(description="File with the repository's password, in place of `credential`.")] = None
    environment_file: Annotated[str | None, Meta(description="File of `NAME=value` lines for the program, such as keys of a store.")] = None
    program: Annotated[str | None, Meta(description="The program, where it is not found by its name.")] = None
    host: Annotated[str | None, Meta(description="Only snapshots of this host count.")] = None
    tag: Annotated[str | None, Meta(description="Only snapshots with this tag count.")] = None
    archives: Annotated[str | None, Meta(description="Only archives whose name matches count, with `*`.")] = None
    check_file: Annotated[str | None, Meta(description="File with the output of the site's last `restic check` or `borg check`.")] = None
    url: Annotated[HttpsAddress | None, Meta(description="Address of the server, as `https://veeam:9419`.")] = None
    ca_file: Annotated[str | None, Meta(description="Certificate (PEM) that the server's must come from; without it, the system's.")] = None
    source_name: Annotated[str | None, Meta(description="The job's name there, where it differs from `job`.")] = None
    enabled: Annotated[bool, Meta(description="Whether it is looked at.")] = True


class AgentConfig(Section, frozen=True):
    """Everything in `agent.toml`."""

    state_dir: Annotated[str, Meta(min_length=1, description="Folder of state; the agent's is `agent` in it.")] = DEFAULT_STATE_DIR
    policy_file: Annotated[
        str,
        Meta(description="The site's own policy, which outranks the server; empty: `site-policy.toml` beside this file, if there is one."),
    ] = ""
    polling: PollingSection = field(default_factory=PollingSection)
    batch: BatchSection = field(default_factory=BatchSection)
    spool: SpoolSection = field(default_factory=SpoolSection)
    vault: VaultSection = field(default_factory=VaultSection)
    host: HostSection = field(default_factory=HostSection)
    discovery: DiscoverySection = field(default_factory=DiscoverySection)
    ssh: SshSection = field(default_factory=SshSection)
    listen: ListenSection = field(default_factory=ListenSection)
    log: LogSection = field(default_factory=LogSection)
    backup_reports: BackupReportsSection = field(default_factory=BackupReportsSection)
    target: Annotated[list[TargetEntry], Meta(description="The devices.")] = field(default_factory=list)
    backup: Annotated[list[BackupEntry], Meta(description="The backup jobs.")] = field(default_factory=list)
