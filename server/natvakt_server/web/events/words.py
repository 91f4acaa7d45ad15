"""Words of the pages of events."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "events": ("Events", "Händelser"),
    "events-of": (
        "Traps and syslog of the last {days} days, as the agents heard them",
        "Traps och syslog från de senaste {days} dagarna, som agenterna hörde dem",
    ),
    "event-at": ("Heard", "Hördes"),
    "event-device": ("Device", "Enhet"),
    "event-unknown": ("not a known device", "ingen känd enhet"),
    "event-severity": ("Severity", "Allvar"),
    "event-severity.emergency": ("emergency", "nödläge"),
    "event-severity.alert": ("alert", "larm"),
    "event-severity.critical": ("critical", "kritiskt"),
    "event-severity.error": ("error", "fel"),
    "event-severity.warning": ("warning", "varning"),
    "event-severity.notice": ("notice", "notis"),
    "event-severity.informational": ("informational", "upplysning"),
    "event-severity.debug": ("debug", "felsökning"),
    "event-kind": ("Kind", "Slag"),
    "event-kind.trap": ("trap", "trap"),
    "event-kind.inform": ("inform", "inform"),
    "event-kind.syslog": ("syslog", "syslog"),
    "event-name": ("Event", "Händelse"),
    "event-message": ("Message", "Meddelande"),
    "event-count": ("Times", "Gånger"),
    "event-by": ("Configuration changed by", "Konfigurationen ändrad av"),
    "event-about": ("About", "Gäller"),
    "event-about.change": ("changed configuration", "ändrad konfiguration"),
    "event-about.other": ("other", "annat"),
    "events-none": ("No event has been heard.", "Ingen händelse har hörts."),
    "events-none-do": (
        "The agent listens where the site has switched it on, and hears what devices are set to send to it:",
        "Agenten lyssnar där platsen har slagit på det, och hör det som enheterna är inställda att skicka till den:",
    ),
    "events-shown": ("The newest {count} events.", "De nyaste {count} händelserna."),
}
