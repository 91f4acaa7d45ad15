"""The words of a report in Swedish and English, and how numbers and dates look in each."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

LANGUAGES = ("en", "sv")
NO_VALUE = "–"

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "report": ("Assessment and remediation report", "Bedömnings- och åtgärdsrapport"),
        "contents": ("Contents", "Innehåll"),
        "customer": ("Customer", "Kund"),
        "partner": ("Partner", "Partner"),
        "sites": ("Sites", "Platser"),
        "made": ("Assessed", "Bedömt"),
        "planned": ("Planned", "Planerat"),
        "on-demand": ("on demand", "på begäran"),
        "cycle": ("Cycle", "Omgång"),
        "report-id": ("Report id", "Rapport-id"),
        "code": ("Verification code", "Verifieringskod"),
        "in-short": ("In short", "I korthet"),
        "since": ("Since last time", "Sedan förra gången"),
        "plan": ("Action plan", "Åtgärdsplan"),
        "core": ("Core network", "Nätets kärna"),
        "security": ("Security", "Säkerhet"),
        "voice": ("Voice", "Telefoni"),
        "overall": ("Overall", "Totalt"),
        "lifecycle": ("Software and lifecycle", "Programvara och livscykel"),
        "performance": ("Capacity and performance", "Kapacitet och prestanda"),
        "backups": ("Backups", "Säkerhetskopior"),
        "inventory": ("Inventory", "Inventarium"),
        "how": ("How it was judged", "Så bedömdes det"),
        "score": ("Score", "Betyg"),
        "last-time": ("Last time", "Förra gången"),
        "coverage": ("Coverage", "Täckning"),
        "provisional": ("provisional", "preliminärt"),
        "findings": ("Findings", "Fynd"),
        "actions": ("Actions", "Åtgärder"),
        "first": ("Do this first: most risk removed per hour", "Gör detta först: mest risk bort per timme"),
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
        "commands": ("Commands", "Kommandon"),
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
        "peer": ("Peer", "Motpart"),
        "speed": ("Speed", "Hastighet"),
        "p95": ("95th percentile", "95:e percentilen"),
        "mean": ("Mean", "Medel"),
        "what": ("What", "Vad"),
        "used": ("Used", "Använt"),
        "growth": ("Growth", "Tillväxt"),
        "full-in": ("Full in", "Full om"),
        "critical": ("critical", "kritisk"),
        "high": ("high", "hög"),
        "medium": ("medium", "medel"),
        "low": ("low", "låg"),
        "info": ("info", "info"),
        "new": ("new", "nytt"),
        "open": ("open", "kvarstår"),
        "fixed": ("fixed", "åtgärdat"),
        "regressed": ("came back", "återkommet"),
        "accepted": ("accepted", "accepterat"),
        "not-verified": ("not verified", "ej verifierat"),
        "pass": ("passed", "godkänt"),
        "fail": ("failed", "underkänt"),
        "unknown": ("unknown", "okänt"),
        "not-applicable": ("not applicable", "ej tillämpligt"),
        "manual": ("manual", "manuellt"),
        "unreachable": ("did not answer", "svarade inte"),
        "no-access": ("access refused", "åtkomst nekad"),
        "not-provided": ("the device does not tell", "enheten berättar det inte"),
        "stale": ("too old", "för gammalt"),
        "short-history": ("too short a history", "för kort historik"),
        "peer-not-seen": ("the far end was not seen", "motparten syntes inte"),
        "no-config": ("no configuration collected", "ingen konfiguration insamlad"),
        "device-gone": ("device no longer there", "enheten finns inte längre"),
        "access": ("access switch", "accesswitch"),
        "distribution": ("distribution switch", "distributionsswitch"),
        "wan-edge": ("WAN edge", "WAN-router"),
        "router": ("router", "router"),
        "firewall": ("firewall", "brandvägg"),
        "wlc": ("wireless controller", "trådlös styrenhet"),
        "voice-gateway": ("voice gateway", "röstväxel"),
        "call-server": ("call server", "samtalsserver"),
        "server": ("server", "server"),
        "ups": ("UPS", "UPS"),
        "page": ("Page", "Sida"),
    }
)

_SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "score-says": (
            "The network scores {score} of 100; {coverage} % of what the rules ask could be judged.",
            "Nätet får {score} av 100; {coverage} % av det reglerna frågar efter kunde bedömas.",
        ),
        "score-nothing": ("Nothing could be judged yet.", "Ingenting kunde bedömas ännu."),
        "urgent": (
            "{count} findings are critical or high; the first action is: {action}.",
            "{count} fynd är kritiska eller höga; den första åtgärden är: {action}.",
        ),
        "calm": ("No finding is critical or high.", "Inget fynd är kritiskt eller högt."),
        "work": (
            "All actions together take about {hours} hours on {devices} devices.",
            "Alla åtgärder tar tillsammans omkring {hours} timmar på {devices} enheter.",
        ),
        "no-work": ("There is nothing to do.", "Det finns inget att göra."),
        "first-assessment": (
            "This is the first assessment of these sites; the next one will be compared with it.",
            "Detta är den första bedömningen av platserna; nästa jämförs med den.",
        ),
        "no-change": ("Nothing of last time is fixed yet.", "Inget från förra gången är åtgärdat ännu."),
        "level-none": (
            "This level does not apply: nothing of it was found at these sites.",
            "Nivån är inte tillämplig: inget som hör till den finns på platserna.",
        ),
        "level-clean": ("Every rule that could be judged here passed.", "Alla regler som kunde bedömas här är godkända."),
        "no-knowledge": (
            "No lifecycle or advisory facts have been imported into this server, so no release or model was judged by date."
            " What runs today stands below.",
            "Inga fakta om livscykel eller sårbarheter är inlästa i servern, så ingen version eller modell är bedömd efter datum."
            " Det som körs i dag står nedan.",
        ),
        "no-backups": (
            "Configurations and backup jobs are not collected at these sites.",
            "Konfigurationer och säkerhetskopieringsjobb samlas inte in på platserna.",
        ),
        "no-history": ("There is not enough history for this yet.", "Det finns ännu för lite historik för detta."),
        "nothing-observed": (
            "Nothing was observed. Enrol an agent at the site, give it devices and credentials, and assess again.",
            "Ingenting är observerat. Installera en agent på platsen, ge den enheter och inloggningar, och bedöm igen.",
        ),
        "formula": (
            "Score: for each device and level 100, times (1 - p(1+a)/2) for each failed rule; p is 0.40 critical, 0.15 high, 0.05 medium,"
            " 0.01 low; a is the share of objects that fail. Devices weigh 4, 2 or 1 by role. An open critical on the heaviest roles caps"
            " the level at 59. Overall: 0.4 core, 0.4 security, 0.2 voice. Coverage is the share, weighed alike, that could be decided."
            " Unknown never moves a score. Formula version {version}.",
            "Betyg: för varje enhet och nivå 100, gånger (1 - p(1+a)/2) för varje underkänd regel; p är 0,40 kritisk, 0,15 hög, 0,05 medel,"
            " 0,01 låg; a är andelen objekt som underkänns. Enheter väger 4, 2 eller 1 efter roll. En öppen kritisk på de tyngsta rollerna"
            " begränsar nivån till 59. Totalt: 0,4 kärna, 0,4 säkerhet, 0,2 telefoni. Täckning är den andel, lika vägd, som kunde avgöras."
            " Okänt flyttar aldrig ett betyg. Formelns version {version}.",
        ),
        "signed": (
            "The report is signed. `natvakt-server report verify FILE` checks the JSON file. Inputs: SHA-256 {digest}.",
            "Rapporten är signerad. `natvakt-server report verify FIL` kontrollerar JSON-filen. Indata: SHA-256 {digest}.",
        ),
        "knowledge": (
            "Knowledge sources: {sources}. Rules judge what was observed; published advisories and lifecycle dates need an import.",
            "Kunskapskällor: {sources}. Reglerna bedömer det som observerats; publicerade sårbarheter och livscykeldatum kräver inläsning.",
        ),
    }
)

# What facts are called in evidence; a fact ends with one of these.
_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "used": "använt",
        "growth": "tillväxt",
        "reaches 95 % in": "når 95 % om",
        "r²": "r²",
        "ratio": "andel",
        "packets": "paket",
        "state changes": "lägesändringar",
        "limit": "gräns",
        "speed": "hastighet",
        "p95": "p95",
        "utilisation p95": "utnyttjande p95",
        "discarded in the busy hour": "kastat under högtrafik",
        "neighbour": "granne",
        "duplex": "duplex",
        "native VLAN": "native VLAN",
        "MTU": "MTU",
        "allocated": "tilldelat",
        "budget": "budget",
        "share": "andel",
        "p95 in work hours": "p95 på arbetstid",
        "mean": "medel",
        "total": "totalt",
        "full in": "full om",
        "restarts": "omstarter",
        "uptime": "tid sedan start",
        "availability": "tillgänglighet",
        "agreed": "avtalat",
        "loss": "förlust",
        "timeouts": "uteblivna svar",
        "RTT p95": "svarstid p95",
        "RTT median": "svarstid median",
        "devices cut off": "avskurna enheter",
        "cut off": "avskurna",
        "uplink": "upplänk",
        "software": "programvara",
        "temperature": "temperatur",
        "threshold": "tröskel",
        "state": "läge",
        "low critical": "lägsta larmgräns",
        "low warning": "lägsta varningsgräns",
        "high warning": "högsta varningsgräns",
        "high critical": "högsta larmgräns",
        "SNMP version in use": "SNMP-version som används",
        "community": "communitysträng",
        "MOS, first percentile": "MOS, första percentilen",
        "MOS, mean": "MOS, medel",
        "jitter p95": "jitter p95",
        "delay p95 (one way)": "fördröjning p95 (en väg)",
        "delay p95 (RTT/2)": "fördröjning p95 (halva svarstiden)",
    }
)
_FACT_STARTS: Mapping[str, str] = MappingProxyType({"answer to ": "svar på ", "most common on ": "vanligast på ", "login ": "inloggning "})
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "packets/7 d": "paket/7 d",
        "frames/7 d": "ramar/7 d",
        "changes/7 d": "ändringar/7 d",
        "restarts/30 d": "omstarter/30 d",
        "devices": "enheter",
    }
)
_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "none": "inget",
        "down": "nere",
        "well-known": "allmänt känd",
        "vendor default": "tillverkarens standard",
        "half": "halv",
        "full": "full",
    }
)
_MIB_NAME = re.compile(r"\b(if|dot3)[A-Z]\w+$")


class Speech:
    """One language of a report: words, sentences, facts, numbers and dates."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: reports speak {' and '.join(LANGUAGES)}")
        self.language = language
        self._index = LANGUAGES.index(language)
        self._zone = zone

    def __call__(self, word: str) -> str:
        return _WORDS[word][self._index] if word in _WORDS else word

    def sentence(self, name: str, **values: object) -> str:
        return _SENTENCES[name][self._index].format(**values)

    def title(self, words: Mapping[str, str]) -> str:
        return words.get(self.language) or words.get("en", "")

    def number(self, value: float, decimals: int = 1) -> str:
        """`1234.5` -> `1,234.5` or `1 234,5` with a no-break space."""
        text = f"{value:,.{decimals}f}"
        return text if self.language == "en" else text.replace(",", "\u00a0").replace(".", ",")

    def quantity(self, value: object, unit: str | None) -> str:
        """A fact's value as people write it."""
        if isinstance(value, bool) or value is None:
            text = NO_VALUE if value is None else str(value).lower()
        elif isinstance(value, int):
            text = self.number(value, 0)
        elif isinstance(value, float):
            text = self.number(value, len(f"{value:.4f}".rstrip("0").partition(".")[2]))
        else:
            text = _VALUES.get(str(value), str(value)) if self.language == "sv" else str(value)
        return f"{text}\u00a0{self.unit(unit)}" if unit else text

    def unit(self, unit: str) -> str:
        return _UNITS.get(unit, unit) if self.language == "sv" else unit

    def fact(self, what: str) -> str:
        """The name of a fact, its last words translated; names of the MIB stay."""
        if self.language == "en" or _MIB_NAME.search(what):
            return what
        for start, swedish in _FACT_STARTS.items():
            if what.startswith(start):
                return swedish + what[len(start) :]
        for english in sorted(_FACTS, key=len, reverse=True):
            if what == english or what.endswith(" " + english):
                return what[: len(what) - len(english)] + _FACTS[english]
        return what

    def knows_fact(self, what: str) -> bool:
        """Whether a fact's name can be said in every language."""
        known_end = any(what == english or what.endswith(" " + english) for english in _FACTS)
        return known_end or what.startswith(tuple(_FACT_STARTS)) or _MIB_NAME.search(what) is not None

    def duration(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest}\u00a0min"
        return f"{hours}\u00a0h" + (f" {rest}\u00a0min" if rest else "")

    def moment(self, iso: str | None) -> str:
        """RFC 3339 in the customer's zone, to the minute."""
        if not iso:
            return NO_VALUE
        return datetime.fromisoformat(iso).astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
