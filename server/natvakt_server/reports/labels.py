"""The words of a report, English and Swedish: its own labels, and the words of verdicts, states, reasons and roles."""

from collections.abc import Mapping
from types import MappingProxyType

Words = Mapping[str, tuple[str, str]]

LABELS: Words = MappingProxyType(
    {
        "report": ("Assessment and remediation report", "Bedömnings- och åtgärdsrapport"),
        "contents": ("Contents", "Innehåll"),
        "legend": ("How to read the marks", "Så läses märkena"),
        "customer": ("Customer", "Kund"),
        "sites": ("Sites", "Platser"),
        "made": ("Carried out", "Genomfört"),
        "planned": ("Planned", "Planerat"),
        "on-demand": ("on demand", "på begäran"),
        "cycle": ("Cycle", "Omgång"),
        "weekly": ("weekly", "varje vecka"),
        "monthly": ("monthly", "varje månad"),
        "quarterly": ("quarterly", "varje kvartal"),
        "of": ("of", "av"),
        "report-id": ("Report id", "Rapport-id"),
        "code": ("Verification code", "Verifieringskod"),
        "in-short": ("In short", "I korthet"),
        "since": ("Since last time", "Sedan förra gången"),
        "plan": ("Action plan", "Åtgärdsplan"),
        "core": ("Core network", "Grundnät"),
        "security": ("Security", "Säkerhet"),
        "voice": ("Voice", "Telefoni"),
        "overall": ("Overall", "Totalt"),
        "lifecycle": ("Software and lifecycle", "Programvara och livscykel"),
        "performance": ("Capacity and performance", "Kapacitet och prestanda"),
        "backups": ("Backups", "Säkerhetskopior"),
        "inventory": ("Inventory", "Utrustning"),
        "modules": ("Modules", "Moduler"),
        "how": ("How it was judged", "Så bedömdes det"),
        "formula": ("The score", "Betyget"),
        "knowledge": ("Knowledge sources", "Kunskapskällor"),
        "not-observed": ("Not observed", "Inte observerat"),
        "undecided": ("What could not be judged, and why", "Vad som inte kunde bedömas, och varför"),
        "rules": ("The rules", "Reglerna"),
        "glossary": ("Glossary", "Ordlista"),
        "signature": ("Signature", "Signatur"),
        "last-time": ("Last time", "Förra gången"),
        "change": ("Change", "Ändring"),
        "coverage": ("Coverage", "Täckning"),
        "provisional": ("provisional", "preliminärt"),
        "findings": ("Findings", "Fynd"),
        "actions": ("Actions", "Åtgärder"),
        "action": ("Action", "Åtgärd"),
        "first": ("Do this first: most risk removed per hour", "Gör detta först: mest risk bort per timme"),
        "cost": ("What it costs", "Vad det kostar"),
        "device": ("Device", "Enhet"),
        "devices": ("Devices", "Enheter"),
        "address": ("Address", "Adress"),
        "site": ("Site", "Plats"),
        "object": ("Where", "Var"),
        "state": ("State", "Läge"),
        "evidence": ("Evidence", "Underlag"),
        "severity": ("Severity", "Allvar"),
        "finding": ("Finding", "Fynd"),
        "effort": ("Effort", "Arbete"),
        "recommendation": ("Recommendation", "Rekommendation"),
        "impact": ("What it means", "Vad det innebär"),
        "window": ("When", "När"),
        "commands": ("Commands", "Kommandon"),
        "commands-differ": ("Commands for each device: page", "Kommandon för varje enhet: sida"),
        "more": ("More: page", "Mer: sida"),
        "references": ("References", "Referenser"),
        "rule": ("Rule", "Regel"),
        "version": ("Version", "Version"),
        "model": ("Model", "Modell"),
        "serial": ("Serial", "Serienummer"),
        "role": ("Role", "Roll"),
        "os": ("System", "System"),
        "reason": ("Reason", "Skäl"),
        "count": ("Number", "Antal"),
        "proof": ("Proof", "Bevis"),
        "port": ("Port", "Port"),
        "peer": ("Far end", "Motpart"),
        "speed": ("Speed", "Hastighet"),
        "p95": ("95th percentile", "95:e percentil"),
        "mean": ("Mean", "Medel"),
        "what": ("What", "Vad"),
        "used": ("Used", "Använt"),
        "growth": ("Growth", "Tillväxt"),
        "full-on": ("Full on", "Fullt"),
        "how-sure": ("How sure", "Hur säkert"),
        "links": ("Busiest links, seven days", "Mest belastade länkar, sju dygn"),
        "trends": ("Memory and disks: growth towards the limit", "Minne och diskar: tillväxt mot gränsen"),
        "processors": ("Busiest processors, seven days", "Mest belastade processorer, sju dygn"),
        "errors": ("Most damaged frames, seven days", "Flest skadade ramar, sju dygn"),
        "damaged": ("Damaged", "Skadade"),
        "frames": ("Frames", "Ramar"),
        "share": ("Share", "Andel"),
        "term": ("Word", "Ord"),
        "meaning": ("Meaning", "Betydelse"),
        "page": ("Page", "Sida"),
        "day": ("d", "dygn"),
        "yes": ("yes", "ja"),
        "no": ("no", "nej"),
        "more-facts": ("more in the JSON report", "till i JSON-rapporten"),
        "mark-of": ("Mark of", "Märke för"),
        "sure-high": ("steady growth", "stadig tillväxt"),
        "sure-low": ("no steady growth", "ingen stadig tillväxt"),
        "sure-short": ("too short a history", "för kort historik"),
        "beyond": ("more than two years", "mer än två år"),
    }
)

SEVERITIES: Words = MappingProxyType(
    {
        "critical": ("critical", "kritisk"),
        "high": ("high", "hög"),
        "medium": ("medium", "medel"),
        "low": ("low", "låg"),
        "info": ("info", "info"),
    }
)

STATES: Words = MappingProxyType(
    {
        "new": ("new", "nytt"),
        "open": ("open", "kvarstår"),
        "fixed": ("fixed", "åtgärdat"),
        "regressed": ("came back", "återkommet"),
        "accepted": ("accepted", "accepterat"),
        "not-verified": ("not verified", "ej verifierat"),
    }
)

VERDICTS: Words = MappingProxyType(
    {
        "pass": ("passed", "godkänt"),
        "fail": ("failed", "underkänt"),
        "unknown": ("unknown", "okänt"),
        "not-applicable": ("not applicable", "ej tillämpligt"),
        "manual": ("manual", "manuellt"),
    }
)

REASONS: Words = MappingProxyType(
    {
        "unreachable": ("did not answer", "svarade inte"),
        "no-access": ("access refused", "åtkomst nekad"),
        "not-provided": ("the device does not tell", "enheten berättar det inte"),
        "stale": ("too old", "för gammalt"),
        "short-history": ("too short a history", "för kort historik"),
        "peer-not-seen": ("the far end was not seen", "motparten syntes inte"),
        "no-config": ("no configuration collected", "ingen konfiguration insamlad"),
        "device-gone": ("the device is no longer there", "enheten finns inte längre"),
        "rule-gone": ("the rule is no longer used", "regeln används inte längre"),
        "less-seen": ("less was seen than last time", "mindre syntes än förra gången"),
        "nothing-to-judge": ("nothing left to judge", "inget kvar att bedöma"),
        "no-voice-probe": ("no voice probe", "ingen röstmätning"),
        "no-known-links": ("no known links", "inga kända länkar"),
        "no-known-uplink": ("no known uplink", "ingen känd upplänk"),
        "no-power-supply-told": ("tells of no power supply", "berättar inte om något nätaggregat"),
        "no-fan-told": ("tells of no fan", "berättar inte om någon fläkt"),
        "no-ip-sla": ("no IP SLA probe", "ingen IP SLA-mätning"),
        "not-asked-over-snmp": ("not asked over SNMP", "frågas inte över SNMP"),
        "no-community-in-use": ("no community in use", "ingen communitysträng används"),
    }
)

ROLES: Words = MappingProxyType(
    {
        "access": ("access switch", "accesswitch"),
        "distribution": ("distribution switch", "distributionsswitch"),
        "core": ("core switch", "kärnswitch"),
        "wan-edge": ("WAN edge", "WAN-router"),
        "router": ("router", "router"),
        "firewall": ("firewall", "brandvägg"),
        "wlc": ("wireless controller", "trådlös styrenhet"),
        "voice-gateway": ("voice gateway", "röstväxel"),
        "call-server": ("call server", "samtalsserver"),
        "server": ("server", "server"),
        "ups": ("UPS", "UPS"),
    }
)

CHANGES: Words = MappingProxyType(
    {
        "live": ("At any time: nobody notices", "När som helst: ingen märker det"),
        "interruption": (
            "In a maintenance window: a link or service is away for moments",
            "I servicefönster: en länk eller tjänst är borta en kort stund",
        ),
        "restart": ("In a maintenance window: a restart is needed", "I servicefönster: omstart krävs"),
        "on-site": ("At the site: hands and perhaps parts are needed", "På plats: händer och kanske delar behövs"),
    }
)
