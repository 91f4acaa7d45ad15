"""What people are told, in English and Swedish. A cause that stands nowhere here is told by its own word."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]
LANGUAGES = ("en", "sv")

CAUSES: Words = {
    "test": ("this is a test, nothing has happened", "detta är ett prov, inget har hänt"),
    "site-down": ("the whole site is away", "hela platsen är borta"),
    "device-down": ("device does not answer", "enheten svarar inte"),
    "interface-down": ("interface is down", "gränssnittet är nere"),
    "interface-flapping": ("interface goes up and down again and again", "gränssnittet går upp och ner gång på gång"),
    "snmp-silent": ("device answers, but not to SNMP", "enheten svarar, men inte på SNMP"),
    "cpu-high": ("the processor is busy", "processorn är hårt belastad"),
    "memory-high": ("memory is nearly full", "minnet är nästan fullt"),
    "storage-full": ("storage is nearly full", "lagringen är nästan full"),
    "loss-high": ("packets are lost", "paket går förlorade"),
    "delay-high": ("answers are slow", "svaren är långsamma"),
    "backup-shrinking": ("the backup is much smaller than usual", "säkerhetskopian är mycket mindre än vanligt"),
    "backup-never": ("the backup has never run", "säkerhetskopian har aldrig körts"),
    "backup-well": ("the backup is well again", "säkerhetskopian är bra igen"),
    "backup-late": ("the backup is late", "säkerhetskopian är sen"),
    "backup-failed": ("the backup failed", "säkerhetskopian misslyckades"),
    "backup-empty": ("the backup is empty", "säkerhetskopian är tom"),
}

SEVERITIES: Words = {"information": ("Information", "Upplysning"), "warning": ("Warning", "Varning"), "critical": ("Critical", "Kritiskt")}

MARKS: Words = {
    "opened": ("{severity}", "{severity}"),
    "updated": ("{severity}, changed", "{severity}, ändrat"),
    "acknowledged": ("Taken", "Kvitterat"),
    "escalated": ("{severity}, not taken by anybody", "{severity}, ingen har kvitterat"),
    "cleared": ("Over", "Över"),
    "test": ("Test", "Prov"),
}

LINES: Words = {
    "customer": ("Customer", "Kund"),
    "site": ("Site", "Plats"),
    "devices": ("Devices", "Enheter"),
    "suppressed": ("Silent because of it", "Tysta på grund av det"),
    "at": ("When", "När"),
    "by": ("Taken by", "Kvitterat av"),
    "more": ("and {count} more", "och {count} till"),
    "console": ("In the console", "I konsolen"),
    "digest": ("{count} messages", "{count} meddelanden"),
    "digest-more": ("{count} more stand in the console.", "{count} till finns i konsolen."),
    "test-of": (
        'natvakt sends this to try "{name}". Nothing has happened.',
        "natvakt skickar detta för att prova ”{name}”. Inget har hänt.",
    ),
}

FACTS: Words = {
    "interface": ("Interface", "Gränssnitt"),
    "value": ("Value", "Värde"),
    "limit": ("Limit", "Gränsvärde"),
    "address": ("Address", "Adress"),
    "flapping": ("Up and down again and again", "Upp och ner gång på gång"),
    "merged": ("Belongs to incident", "Hör till incident"),
    "acknowledgement": ("Acknowledgement", "Kvittering"),
    "job": ("Job", "Jobb"),
    "reason": ("Reason", "Orsak"),
    "since": ("Since", "Sedan"),
    "until": ("Until", "Till"),
}

VALUES: Words = {
    "yes": ("yes", "ja"),
    "no": ("no", "nej"),
    "ended": ("has run out", "har gått ut"),
    "configuration": ("configuration", "konfiguration"),
}


def said(words: Words, key: str, language: str) -> str:
    """The word itself where nobody wrote it."""
    return words[key][LANGUAGES.index(language)] if key in words else key
