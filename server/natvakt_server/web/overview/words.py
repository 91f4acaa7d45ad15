"""Words of the overview, and why a customer or a site is in its state."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "overview": ("Overview", "Översikt"),
    "wall-view": ("Wall view", "Väggvy"),
    "urgent-findings": ("Newest critical and high findings", "Nyaste kritiska och höga fynd"),
    "urgent-none": ("No finding is critical or high.", "Inget fynd är kritiskt eller högt."),
    "silent-agents": ("Silent agents", "Tysta agenter"),
    "silent-none": ("Every agent has been heard within ten minutes.", "Alla agenter har hörts inom tio minuter."),
    "assessments-due": ("Assessments due", "Bedömningar på tur"),
    "due-none": ("None is due within a week.", "Ingen är på tur inom en vecka."),
    "due-since": ("overdue since", "försenad sedan"),
    "due-on": ("due", "planerad"),
    "count-devices": ("{count} devices", "{count} enheter"),
    "count-devices.one": ("{count} device", "{count} enhet"),
    "count-sites": ("{count} sites", "{count} platser"),
    "count-sites.one": ("{count} site", "{count} plats"),
    "all-customers": ("All {count} customers", "Alla {count} kunder"),
    "assessed": ("Assessed", "Bedömt"),
    "not-assessed": ("Not assessed yet", "Inte bedömt ännu"),
    "no-customers": ("No customer yet", "Ingen kund ännu"),
    "no-customers-hint": ("Add the first customer and a site on the server:", "Lägg till den första kunden och en plats på servern:"),
    "reason-critical-findings": ("critical findings: {count}", "kritiska fynd: {count}"),
    "reason-high-findings": ("high findings: {count}", "höga fynd: {count}"),
    "reason-never-assessed": ("never assessed", "aldrig bedömd"),
    "reason-no-agent": ("no agent", "ingen agent"),
    "reason-agents-silent": ("agents silent", "agenterna är tysta"),
    "reason-some-agents-silent": ("agents silent: {count} of {of}", "tysta agenter: {count} av {of}"),
    "reason-no-device": ("no device seen yet", "ingen enhet sedd ännu"),
    "reason-devices-silent": ("no device is seen", "ingen enhet syns"),
    "reason-some-devices-silent": ("devices not seen: {count} of {of}", "enheter som inte syns: {count} av {of}"),
}
