"""Tables of the services on a network: voice, wireless, power, print, backup."""

from natvakt_server.domain.table_definition import TableDefinition, counters, gauges, states

SERVICE_TABLES = (
    TableDefinition(
        "voice",
        ("kind", "index"),
        gauges(value="", limit=""),
        ("name",),
        "CISCO-CCM-MIB, CISCO-CCME-MIB, CISCO-DSP-MGMT-MIB, CISCO-VOICE-DIAL-CONTROL-MIB, ISDN-MIB, CISCO-POP-MGMT-MIB",
        300,
    ),
    TableDefinition(
        "call_manager", ("index",), states("status"), ("name", "description", "version", "address", "cluster"), "CISCO-CCM-MIB", 300
    ),
    TableDefinition(
        "phone",
        ("system", "index"),
        states("status"),
        ("name", "mac", "address", "model", "load", "protocol", "description"),
        "CISCO-CCM-MIB, CISCO-CCME-MIB",
        300,
    ),
    TableDefinition(
        "voice_device", ("kind", "index"), states("status", "d_channel"), ("name", "description", "address", "reason"), "CISCO-CCM-MIB", 300
    ),
    TableDefinition(
        "dsp",
        ("index",),
        gauges(used_ratio="ratio", peak_ratio="ratio", processors="", processors_failed="", processors_congested="") | states("state"),
        ("name", "channels_per_processor"),
        "CISCO-DSP-MGMT-MIB",
        300,
    ),
    TableDefinition(
        "dial_peer",
        ("peer",),
        counters("incoming_calls", "outgoing_calls", unit="calls"),
        ("type", "destination", "session_protocol", "session_target", "preference", "max_connections", "status"),
        "CISCO-VOICE-DIAL-CONTROL-MIB, DIAL-CONTROL-MIB",
        300,
    ),
    TableDefinition(
        "srst",
        (),
        gauges(registered_phones="", call_legs="", max_phones="", max_numbers="") | states("state"),
        ("enabled", "version", "address"),
        "CISCO-SRST-MIB",
        300,
    ),
    TableDefinition(
        "sip",
        (),
        counters(
            "invites_in",
            "invites_out",
            "invites_repeated",
            "options_in",
            "options_out",
            "registers_in",
            "registers_out",
            "unauthorized_in",
            "forbidden_in",
            "request_timeouts_in",
            "service_unavailable_in",
            "service_unavailable_out",
            unit="messages",
        )
        | gauges(udp_connections="", tcp_connections=""),
        (),
        "CISCO-SIP-UA-MIB",
        300,
    ),
    TableDefinition(
        "isdn",
        ("ifIndex",),
        counters("peer_resets")
        | counters("calls_in", "calls_in_connected", "calls_out", "calls_out_connected", unit="calls")
        | states("layer"),
        ("name", "bearer_channels"),
        "ISDN-MIB",
        300,
    ),
    TableDefinition(
        "ds1",
        ("ifIndex",),
        gauges(line_status="", errored_seconds="s", severely_errored_seconds="s", unavailable_seconds="s", path_code_violations=""),
        ("name", "alarms", "circuit", "clock_source", "errored_seconds_day"),
        "DS1-MIB",
        300,
    ),
    TableDefinition(
        "access_point",
        ("mac",),
        gauges(uptime_seconds="s") | states("status"),
        ("name", "location", "model", "serial", "version", "address", "admin"),
        "AIRESPACE-WIRELESS-MIB, CISCO-LWAPP-AP-MIB",
        300,
    ),
    TableDefinition(
        "radio",
        ("mac", "slot"),
        gauges(channel_used_ratio="ratio", clients="", receive_ratio="ratio", transmit_ratio="ratio", channel="", power_level="")
        | states("status"),
        ("band",),
        "AIRESPACE-WIRELESS-MIB",
        300,
    ),
    TableDefinition(
        "ups",
        (),
        gauges(
            seconds_on_battery="s",
            runtime_seconds="s",
            charge_ratio="ratio",
            battery_volts="V",
            battery_celsius="°C",
            replace_battery="",
            output_hertz="Hz",
            output_volts="V",
            output_watts="W",
            input_volts="V",
            load_ratio="ratio",
            alarms="",
        )
        | states("battery_status", "output_source"),
        ("manufacturer", "model", "serial", "version", "battery_replaced", "low_battery_seconds"),
        "UPS-MIB, PowerNet-MIB",
        60,
    ),
    TableDefinition(
        "printer",
        ("index",),
        counters("pages", unit="pages") | states("status"),
        ("model", "serial", "name", "errors"),
        "HOST-RESOURCES-MIB, Printer-MIB",
        300,
    ),
    TableDefinition(
        "supply",
        ("kind", "index"),
        gauges(level="", capacity="", level_ratio="ratio"),
        ("name", "type", "class", "some_left"),
        "Printer-MIB",
        3600,
    ),
    TableDefinition(
        "flow",
        ("ifIndex", "direction", "rank"),
        gauges(bytes="B", packets="packets"),
        ("protocol", "application", "peer_a", "peer_b"),
        "NetFlow v5, NetFlow v9, IPFIX",
        300,
    ),
    TableDefinition(
        "backup_job",
        ("job",),
        states("state") | gauges(last_start="s", last_end="s", last_success="s", bytes="B", items="", warnings=""),
        ("kind", "result", "interval_seconds", "target", "detail", "restore_test", "verified"),
        "restic, borg, rsync, Veeam, Windows Server Backup, dumps, files, reports of scripts",
        300,
    ),
)
