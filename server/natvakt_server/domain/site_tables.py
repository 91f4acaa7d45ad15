"""Tables of what the agent knows of its site and of itself: configurations, what discovery found, what polling costs."""

from natvakt_server.domain.table_definition import TableDefinition, gauges

SITE_TABLES = (
    # Scrubbed at the site; `complete`: read to the prompt and to its end mark.
    TableDefinition(
        "configuration",
        ("source",),
        {},
        ("text", "lines", "complete", "incomplete_reason", "changed_at", "changed_by", "sha256"),
        "SSH: show running-config, show startup-config",
        86_400,
    ),
    # Further show commands, scrubbed at the site. What SNMP tells is not repeated here.
    TableDefinition(
        "command_output", ("command",), {}, ("text", "lines", "complete", "incomplete_reason", "sha256"), "SSH: show commands", 86_400
    ),
    # The SSH key a device is known by; `changed`: it shows another one, and is sent no credential.
    TableDefinition(
        "host_key", ("algorithm",), {}, ("fingerprint", "state", "first_seen", "offered_fingerprint"), "SSH: host keys (RFC 4253)", 86_400
    ),
    # What discovery found or was told of at the site, a row an address; of the agent's own machine.
    TableDefinition(
        "discovered",
        ("address",),
        {},
        (
            "state",
            "name",
            "model",
            "os",
            "version",
            "serial",
            "engine_id",
            "base_mac",
            "credential",
            "found_by",
            "reason",
        ),
        "discovery",
        86_400,
    ),
    # How the device was asked: never a secret, only kind and the mark `well-known`.
    TableDefinition("credential", ("name",), {}, ("version", "auth_protocol", "privacy_protocol", "well_known"), "vault", 3600),
    # Which tables answered: the reason of every `unknown`.
    TableDefinition("collection", ("table",), {}, ("status", "detail"), "agent", 300),
    TableDefinition(
        "agent",
        (),
        gauges(
            spool_bytes="B", spool_batches="", oldest_unacked_seconds="s", poll_seconds="s", rss_bytes="B", shed_polls="", lost_by_policy=""
        ),
        ("version",),
        "agent",
        60,
    ),
    TableDefinition(
        "poll",
        (),
        gauges(requests="", varbinds="", octets="B", seconds="s", timeouts="", share="", slowdown=""),
        (),
        "agent: cost of polling a device",
        60,
    ),
)
