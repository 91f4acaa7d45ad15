"""The sections of the server's configuration: every key with its default and what it means, units in the values."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Gateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where agents connect."""

    listen: Annotated[str, Meta(description="Uplink and Health, client certificate required")] = "0.0.0.0:7443"
    enrolment_listen: Annotated[str, Meta(description="Enrolment, one-time token or proof of the registered key")] = "0.0.0.0:7444"
    approve_agents: Annotated[bool, Meta(description="a person must approve each new agent (`natvakt-server agent approve`)")] = False
    agent_certificate_life: Annotated[str, Meta(description="agents renew theirs at half of it; 20s at least, 30d at most")] = "24h"
    inbox_quota: Annotated[str, Meta(description="what one customer's unopened batches may take before agents are told to wait")] = "1GiB"


class Database(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Estate, identities, inbox. Empty url: SQLite in the state folder (only with --role all)."""

    url: Annotated[str, Meta(description="postgresql+psycopg://user@host/name; the password comes from password_file")] = ""
    password_file: Annotated[str, Meta(description="file that holds the database password")] = ""


class SeriesStore(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Time series. `duckdb` is embedded (only with --role all), `influxdb` is InfluxDB 2."""

    store: Annotated[str, Meta(description="duckdb or influxdb", pattern="^(duckdb|influxdb)$")] = "duckdb"
    url: Annotated[str, Meta(description="http://host:8086 of InfluxDB 2")] = ""
    org: Annotated[str, Meta(description="organisation in InfluxDB")] = "natvakt"
    token_file: Annotated[str, Meta(description="file that holds the InfluxDB token")] = ""
    retain_raw: Annotated[str, Meta(description="polled values")] = "35d"
    retain_1m: Annotated[str, Meta(description="one-minute roll-up")] = "35d"
    retain_5m: Annotated[str, Meta(description="five-minute roll-up")] = "180d"
    retain_1h: Annotated[str, Meta(description="hourly roll-up")] = "1830d"


class Backups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Versions of configurations, of which the newest one of a device is kept for ever; and copies of the server itself."""

    retain_configurations: Annotated[str, Meta(description="older versions, from when the next one took their place")] = "1830d"
    folder: Annotated[str, Meta(description="where sealed copies of the server go, for another machine to fetch")] = ""
    sealing_key: Annotated[str, Meta(description="file of the half that seals; `natvakt-server backup key` makes the pair")] = ""
    every_hours: Annotated[int, Meta(description="how often; agents keep what they sent for a day", ge=1, le=744)] = 12
    keep: Annotated[int, Meta(description="how many copies stay", ge=1, le=1000)] = 14


class Events(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Traps and syslog that agents heard."""

    retain: Annotated[str, Meta(description="how long they are kept")] = "90d"


class Console(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The web console."""

    listen: Annotated[str, Meta(description="address and port")] = "127.0.0.1:8443"
    session_lifetime: Annotated[str, Meta(description="a session ends after this, however busy")] = "12h"
    session_idle: Annotated[str, Meta(description="a session ends after this without a request")] = "60m"
    metrics_token_file: Annotated[str, Meta(description="first line: token for /metrics; without one only this machine may read it")] = ""


class Partner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who runs this server; stands on reports."""

    name: Annotated[str, Meta(description="the partner's name")] = "natvakt"
    language: Annotated[str, Meta(description="sv or en", pattern="^(sv|en)$")] = "sv"
    time_zone: Annotated[str, Meta(description="IANA name")] = "Europe/Stockholm"
    public_address: Annotated[str, Meta(description="host name or address under which agents reach this server")] = "127.0.0.1"
    logo: Annotated[str, Meta(description="image file for the cover of reports: PNG, JPEG or SVG, at most 256 KiB")] = ""
    customer_logos: Annotated[str, Meta(description="folder of the customers' images, each named CUSTOMER.png, .jpg or .svg")] = ""


class Assessments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What devices are judged by."""

    rules_folder: Annotated[str, Meta(description="folder of the partner's own rule files, each *.toml beside those that ship")] = ""
    policy_folder: Annotated[str, Meta(description="folder of the customers' thresholds, each CUSTOMER.toml")] = ""


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which reports (`natvakt-server report recipients`) and notifications go out as mail. Empty server: no mail."""

    server: Annotated[str, Meta(description="HOST:PORT of the mail server, such as mail.example.org:587")] = ""
    security: Annotated[str, Meta(description="starttls, tls or none (on a trusted network)", pattern="^(starttls|tls|none)$")] = "starttls"
    user: Annotated[str, Meta(description="empty: no login")] = ""
    password_file: Annotated[str, Meta(description="file that holds the password of that user")] = ""
    sender: Annotated[str, Meta(description="address the mails come from")] = ""


class Notifications(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages of incidents; destinations and rules are kept in the console. Mail among them goes by the mail server above."""

    own_networks: Annotated[
        str, Meta(description="networks that are not public and may be called, separated by commas; without TLS only these")
    ] = ""
    retain: Annotated[str, Meta(description="how long occasions and messages are kept")] = "90d"


class SignOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Log in with the partner's own identity provider (OpenID Connect). Empty issuer: only with password and second factor."""

    issuer: Annotated[str, Meta(description="https address of the provider, as it calls itself")] = ""
    client_id: Annotated[str, Meta(description="of natvakt at the provider; its redirect address is CONSOLE/login/sign-on/back")] = ""
    client_secret_file: Annotated[str, Meta(description="file that holds the secret of that client")] = ""
    claim: Annotated[str, Meta(description="which claim is the login name: email, preferred_username, upn")] = "email"
    label: Annotated[str, Meta(description="what people call the provider")] = "SSO"
    second_factor: Annotated[
        str,
        Meta(description='"here": ours as well; "provider": not where it says that it used several factors', pattern="^(here|provider)$"),
    ] = "here"


class Knowledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sources that the running server asks for advisories, vulnerabilities and lifecycles. Empty sources: it asks nobody."""

    sources: Annotated[
        str, Meta(description="separated by commas: cisco-openvuln, cisco-eox, cisco-suggestion, cisa-kev, nvd, first-epss")
    ] = ""
    every: Annotated[str, Meta(description="how often each is asked; 1h at least")] = "24h"
    cisco_client_id: Annotated[str, Meta(description="of the application in Cisco's API console, for the three sources of Cisco")] = ""
    cisco_client_secret_file: Annotated[str, Meta(description="file that holds the secret of that application")] = ""
    nvd_api_key_file: Annotated[str, Meta(description="file that holds a key of NVD; without one NVD is asked ten times slower")] = ""
    proxy: Annotated[str, Meta(description="http://HOST:PORT of a proxy to reach them through")] = ""
    certificate_authority: Annotated[str, Meta(description="PEM file of what is trusted instead of the host's authorities")] = ""
