"""The sentences of a report and its glossary, English and Swedish."""

from collections.abc import Mapping
from types import MappingProxyType

from natvakt_server.reports.labels import Words

SENTENCES: Words = MappingProxyType(
    {
        "score-says": (
            "The network scores {score} of 100; {coverage} % of what the rules ask could be judged.",
            "Nätet får {score} av 100; {coverage} % av det som reglerna frågar efter kunde bedömas.",
        ),
        "score-nothing": ("Nothing could be judged yet.", "Ingenting kunde bedömas ännu."),
        "urgent-one": (
            "One finding is critical or high; the first action is: {action}.",
            "Ett fynd är kritiskt eller högt; den första åtgärden gäller: {action}.",
        ),
        "urgent": (
            "{count} findings are critical or high; the first action is: {action}.",
            "{count} fynd är kritiska eller höga; den första åtgärden gäller: {action}.",
        ),
        "calm": ("No finding is critical or high.", "Inget fynd är kritiskt eller högt."),
        "work": (
            "All actions together take about {hours} of work, the five first ones {first}; devices concerned: {devices}.",
            "Alla åtgärder tar tillsammans omkring {hours} arbete, de fem första {first}; berörda enheter: {devices}.",
        ),
        "no-hardware-cost": (
            "Hours only: this server knows no prices of hardware, so no budget for 24 months is given.",
            "Endast timmar: servern känner inga hårdvarupriser, därför ges ingen budget för 24 månader.",
        ),
        "hardware-cost-one": ("Hardware over 24 months: {sum} (one device).", "Hårdvara under 24 månader: {sum} (en enhet)."),
        "hardware-cost": ("Hardware over 24 months: {sum} ({units} devices).", "Hårdvara under 24 månader: {sum} ({units} enheter)."),
        "no-work": ("There is nothing to do.", "Det finns inget att göra."),
        "first-assessment": (
            "This is the first assessment of these sites; the next one will be compared with it.",
            "Detta är den första bedömningen av platserna; nästa jämförs med den.",
        ),
        "compared": (
            "Compared with the assessment of {when} (report {id}). A change of score counts only what was decided both times.",
            "Jämfört med bedömningen {when} (rapport {id}). En ändring av betyget räknar bara det som avgjordes båda gångerna.",
        ),
        "no-change": ("Nothing of last time is fixed yet.", "Inget från förra gången är åtgärdat ännu."),
        "same-as-last": (
            "Nothing is new, came back or was fixed since last time.",
            "Inget är nytt, återkommet eller åtgärdat sedan förra gången.",
        ),
        "level-none": (
            "This level does not apply: nothing of it was found at these sites.",
            "Nivån är inte tillämplig: inget som hör till den finns på platserna.",
        ),
        "level-undecided": (
            "Nothing of this level could be judged; part 11 says why. That is no sign of health.",
            "Inget på nivån kunde bedömas; del 11 säger varför. Det är inget tecken på att allt är bra.",
        ),
        "level-clean": (
            "Every rule that could be judged here passed ({coverage} % of what the rules ask).",
            "Alla regler som kunde bedömas här är godkända ({coverage} % av det som reglerna frågar efter).",
        ),
        "no-knowledge": (
            "No lifecycle or advisory facts have been imported into this server, so no release or model was judged by date."
            " What runs today stands below.",
            "Inga fakta om livscykel eller sårbarheter är inlästa i servern, så ingen version eller modell är bedömd efter datum."
            " Det som körs i dag står nedan.",
        ),
        "no-backups": (
            "Configurations are not fetched at these sites, so nothing is said about whether they can be restored.",
            "Konfigurationer hämtas inte på platserna, så inget sägs om ifall de kan återställas.",
        ),
        "no-history": ("There is not enough history for this yet.", "Det finns ännu för lite historik för detta."),
        "no-modules": ("No device tells of modules.", "Ingen enhet berättar om moduler."),
        "nothing-observed": (
            "Nothing was observed. Enrol an agent at the site, give it devices and credentials, and assess again.",
            "Ingenting är observerat. Installera en agent på platsen, ge den enheter och inloggningar, och bedöm igen.",
        ),
        "all-observed": ("Something could be judged on every device.", "På varje enhet kunde något bedömas."),
        "all-decided": ("Every verdict could be decided.", "Varje omdöme kunde avgöras."),
        "silent": (
            "Nothing could be judged on these devices. A device that did not answer may be the one that is broken.",
            "Inget kunde bedömas på dessa enheter. En enhet som inte svarade kan vara just den som är trasig.",
        ),
        "unknown-is": (
            "Unknown never moves a score and is never counted as passed; it lowers the coverage.",
            "Okänt flyttar aldrig ett betyg och räknas aldrig som godkänt; det sänker täckningen.",
        ),
        "accepted-none": (
            "Accepted risks: none. A risk that the customer accepts leaves the score until its date and is listed here.",
            "Accepterade risker: inga. En risk som kunden accepterar lämnar betyget till sitt datum och står här.",
        ),
        "accepted-some": (
            "These findings stand, and the customer lives with them. Until their date they are left out of score and action plan.",
            "Dessa fynd kvarstår, och kunden lever med dem. Till sitt datum räknas de inte i betyg och åtgärdsplan.",
        ),
        "accepted-line": ("until {until}, by {by}: {reason}", "till och med {until}, av {by}: {reason}"),
        "accepted-ended": ("ended {until}, by {by}: {reason}", "upphörde {until}, av {by}: {reason}"),
        "raw-score-one": (
            "One accepted finding is left out of the score; with it the score would be {score}.",
            "Ett accepterat fynd räknas inte i betyget; med det vore betyget {score}.",
        ),
        "raw-score": (
            "{count} accepted findings are left out of the score; with them it would be {score}.",
            "{count} accepterade fynd räknas inte i betyget; med dem vore det {score}.",
        ),
        "plan-manner": (
            "Before each change: a stored copy of the configuration. After it: save, look at what was to get better, and assess again."
            " A finding counts as fixed only when new evidence shows it.",
            "Före varje ändring: en sparad kopia av konfigurationen. Efter den: spara, kontrollera det som skulle bli bättre, bedöm igen."
            " Ett fynd räknas som åtgärdat först när nytt underlag visar det.",
        ),
        "plan-draws": (
            "All actions would draw {hours} of prepaid hours, in half hours begun for each action.",
            "Alla åtgärder skulle dra {hours} förbetalda timmar, räknat i påbörjade halvtimmar för varje åtgärd.",
        ),
        "hardware-unit": (
            "Hardware over 24 months: one device loses its support; prices are not known.",
            "Hårdvara under 24 månader: en enhet förlorar sin support; priserna är inte kända.",
        ),
        "hardware-units": (
            "Hardware over 24 months: {units} devices lose their support; prices are not known.",
            "Hårdvara under 24 månader: {units} enheter förlorar sin support; priserna är inte kända.",
        ),
        "no-budget": (
            "Nothing that stands here reaches its last day of support within 24 months, as far as dates are known.",
            "Inget av det som finns här når sin sista supportdag inom 24 månader, så långt datum är kända.",
        ),
        "no-upgrades": (
            "No set of upgrades could be worked out: the knowledge base names no releases to go to for what runs here.",
            "Ingen uppsättning uppgraderingar kunde räknas fram: kunskapsbasen anger inga versioner att gå till för det som körs här.",
        ),
        "not-listed": (
            "The knowledge base has no dates of these products. That is no sign that they are supported: {products}.",
            "Kunskapsbasen har inga datum för dessa produkter. Det är inget tecken på att de har support: {products}.",
        ),
        "availability-say": (
            "A site is up while one of its devices answers; the customer is all sites together. Maintenance is left out. What nobody "
            "observed counts as neither, and where the agreement depends on it the verdict is not certain.",
            "En plats är uppe så länge någon av dess enheter svarar; kunden är alla platser tillsammans. Underhåll räknas inte. Det ingen "
            "observerat räknas varken som uppe eller nere, och där avtalet beror på det är utslaget inte säkert.",
        ),
        "no-jobs": (
            "Backup jobs of servers are not reported at these sites, so nothing is said about whether they ran.",
            "Servrars säkerhetskopieringsjobb rapporteras inte på platserna, så inget sägs om ifall de har körts.",
        ),
        "backups-say": (
            "{good} of {count} devices could be put back from their newest copy.",
            "{good} av {count} enheter kan återställas från sin senaste kopia.",
        ),
        "formula": (
            "For each device and level: 100, times (1 - p(1+a)/2) for each failed rule. p is 0.40 for critical, 0.15 high, 0.05 medium,"
            " 0.01 low; a is the share of the judged objects that fail. Devices weigh 4, 2 or 1 by role. An open critical on a role of"
            " weight 4 caps the level at 59, an open known exploited vulnerability at 49. Overall: 0.4 core, 0.4 security, 0.2 voice,"
            " shared among the levels that have a score. Coverage is the share, weighed alike, that could be decided; below 60 % a score"
            " is provisional. Accepted findings are left out until their date. Rounded half to even, to one decimal, once at the end."
            " Formula version {version}.",
            "För varje enhet och nivå: 100, gånger (1 - p(1+a)/2) för varje underkänd regel. p är 0,40 för kritisk, 0,15 hög, 0,05 medel,"
            " 0,01 låg; a är andelen bedömda objekt som underkänns. Enheter väger 4, 2 eller 1 efter roll. En öppen kritisk på en roll med"
            " vikt 4 begränsar nivån till 59, en öppen sårbarhet som utnyttjas aktivt till 49. Totalt: 0,4 grundnät, 0,4 säkerhet,"
            " 0,2 telefoni, fördelat på de nivåer som har betyg. Täckning är den andel, lika vägd, som kunde avgöras; under 60 % är betyget"
            " preliminärt. Accepterade fynd räknas inte till sitt datum. Avrundat halvt till jämnt, till en decimal, en gång i slutet."
            " Formelns version {version}.",
        ),
        "signed": (
            "The JSON report is signed with Ed25519 by key {key}. `natvakt-server report verify FILE` checks it."
            " The evidence it was judged on is kept beside it: SHA-256 {digest}.",
            "JSON-rapporten är signerad med Ed25519 av nyckel {key}. `natvakt-server report verify FIL` kontrollerar den."
            " Underlaget den bedömdes på sparas bredvid: SHA-256 {digest}.",
        ),
        "knowledge-none": (
            "None imported. Rules judge what was observed at the sites; published advisories and lifecycle dates need an import.",
            "Inga inlästa. Reglerna bedömer det som observerats på platserna; publicerade sårbarheter och livscykeldatum kräver inläsning.",
        ),
        "knowledge": (
            "{sources} sources; the oldest of {oldest}, the newest of {as_of}. What is older than 30 days counts and shows its age.",
            "{sources} källor; den äldsta från {oldest}, den nyaste från {as_of}. Det som är äldre än 30 dygn gäller och visar sin ålder.",
        ),
        "link-chart": ("Share of the speed, busier direction.", "Andel av hastigheten, den mest belastade riktningen."),
        "trend-chart": ("Used share today.", "Använd andel i dag."),
        "support-chart": (
            "How much of the next {years} years the vendor supports the model.",
            "Hur stor del av de kommande {years} åren som tillverkaren har support för modellen.",
        ),
        "processor-chart": ("95th percentile in work hours.", "95:e percentilen på arbetstid."),
    }
)

# What the marks on the page mean; the order is the order of the legend.
LEGEND: Words = MappingProxyType(
    {
        "critical": ("can stop or expose the business now", "kan stoppa eller blotta verksamheten nu"),
        "high": ("likely to stop or expose it soon", "gör det sannolikt snart"),
        "medium": ("weakens reliability or protection", "försvagar driftsäkerhet eller skydd"),
        "low": ("good practice that is missing", "god sed som saknas"),
        "info": ("worth knowing", "värt att veta"),
        "new": ("not there last time", "fanns inte förra gången"),
        "open": ("there last time too", "fanns förra gången också"),
        "regressed": ("had been fixed", "var åtgärdat"),
        "fixed": ("gone, proved by new evidence", "borta, visat med nytt underlag"),
        "not-verified": ("could not be judged again", "kunde inte bedömas på nytt"),
        "accepted": ("the customer lives with it until a date", "kunden lever med det till ett datum"),
    }
)

GLOSSARY: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "assessment": (
            "Assessment",
            "All rules judged on what was observed at one moment.",
            "Bedömning",
            "Alla regler dömda på det som observerats vid ett tillfälle.",
        ),
        "finding": (
            "Finding",
            "One rule that fails on one device or link, with evidence.",
            "Fynd",
            "En regel som underkänns på en enhet eller länk, med underlag.",
        ),
        "coverage": (
            "Coverage",
            "How much of what the rules ask could be decided.",
            "Täckning",
            "Hur mycket av det reglerna frågar efter som kunde avgöras.",
        ),
        "percentile": (
            "95th percentile",
            "The value that 95 of 100 measurements stay below.",
            "95:e percentilen",
            "Värdet som 95 av 100 mätningar ligger under.",
        ),
        "trend": (
            "r²",
            "How well a straight line fits the growth: 1 is perfectly, 0 not at all.",
            "r²",
            "Hur väl en rät linje passar tillväxten: 1 är perfekt, 0 inte alls.",
        ),
        "mos": (
            "MOS",
            "Quality of a call from 1 (bad) to 4.5; calls are good above 4.",
            "MOS",
            "Samtalskvalitet från 1 (dålig) till 4,5; samtal är bra över 4.",
        ),
        "jitter": (
            "Jitter",
            "How unevenly the packets of a call arrive.",
            "Jitter",
            "Hur ojämnt ett samtals paket kommer fram.",
        ),
        "mtu": (
            "MTU",
            "The largest packet that a link carries.",
            "MTU",
            "Det största paket som en länk bär.",
        ),
        "native-vlan": (
            "Native VLAN",
            "The network that a trunk carries without a tag; it must be the same at both ends.",
            "Native VLAN",
            "Nätet som en trunk bär utan märkning; det måste vara lika i båda ändar.",
        ),
        "poe": (
            "PoE",
            "Power for phones, cameras and access points through the network cable.",
            "PoE",
            "Ström till telefoner, kameror och accesspunkter genom nätkabeln.",
        ),
        "snmp": (
            "SNMP",
            "How devices are asked; version 3 encrypts, a community string does not.",
            "SNMP",
            "Så frågas enheterna; version 3 krypterar, en communitysträng gör det inte.",
        ),
        "ip-sla": (
            "IP SLA",
            "Test traffic that a router sends itself to measure a path.",
            "IP SLA",
            "Testtrafik som en router själv sänder för att mäta en väg.",
        ),
        "uplink": (
            "Uplink",
            "The link from a switch towards the core of the network.",
            "Upplänk",
            "Länken från en switch in mot nätets kärna.",
        ),
    }
)
