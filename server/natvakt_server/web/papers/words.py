"""Words of the page where people hand in what no device tells."""

from natvakt_server.web.speech import Words

WORDS: Words = {
    "papers": ("Basis", "Underlag"),
    "papers-kept": ("Kept. The next assessment goes by it.", "Sparat. Nästa bedömning går efter det."),
    "papers-by": ("Given by {by}", "Lämnat av {by}"),
    "papers-save": ("Save", "Spara"),
    "papers-refused": ("Nothing was changed.", "Inget ändrades."),
    # contracts
    "contracts": ("Service contracts", "Serviceavtal"),
    "contract-serial": ("Serial number", "Serienummer"),
    "contract-number": ("Contract", "Avtal"),
    "contract-ends": ("Ends", "Slutar"),
    "contract-service": ("Service", "Service"),
    "contracts-none": (
        "Nobody has given a list, so whether a device is in a contract is unknown.",
        "Ingen har lämnat någon lista, så om en enhet finns i ett avtal är okänt.",
    ),
    "contracts-give": ("Give the whole list", "Lämna hela listan"),
    "contracts-give-hint": (
        "As CSV with a line of headings: serial, number, ends_on, service, or those of Cisco's CCW-R. It replaces the list before it. "
        "Lists of more than some thousand lines go by the command natvakt-server contract import.",
        "Som CSV med en rubrikrad: serial, number, ends_on, service, eller rubrikerna i Ciscos CCW-R. Den ersätter listan före. "
        "Listor på mer än några tusen rader lämnas med kommandot natvakt-server contract import.",
    ),
    "contracts-text": ("List", "Lista"),
    "contracts-forget": ("Forget the list", "Glöm listan"),
    "contracts-forget-sure": (
        "Coverage is unknown again until somebody gives a list.",
        "Täckningen är okänd igen tills någon lämnar en lista.",
    ),
    "refused.contracts-empty": (
        "The list is empty: its first line names the columns, such as serial,number,ends_on,service.",
        "Listan är tom: dess första rad namnger kolumnerna, till exempel serial,number,ends_on,service.",
    ),
    "refused.contracts-too-many": (
        "Line {line}: more than {most} serial numbers; give each customer its own list.",
        "Rad {line}: fler än {most} serienummer; ge varje kund sin egen lista.",
    ),
    "refused.contracts-no-column": (
        "Line 1: no column {name} among {told}; call it one of {known}.",
        "Rad 1: ingen kolumn {name} bland {told}; kalla den något av {known}.",
    ),
    "refused.contracts-no-value": (
        "Line {line}: {name} is empty; fill it in, or leave the line out.",
        "Rad {line}: {name} är tomt; fyll i det eller ta bort raden.",
    ),
    "refused.contracts-too-long": (
        "Line {line}: {name} “{value}” is longer than {most} characters or not printable; shorten it.",
        "Rad {line}: {name} ”{value}” är längre än {most} tecken eller går inte att skriva ut; korta det.",
    ),
    "refused.contracts-no-day": (
        "Line {line}: ends_on “{value}” is no day; write it as 2027-06-30.",
        "Rad {line}: ends_on ”{value}” är ingen dag; skriv den som 2027-06-30.",
    ),
    # answers
    "answers": ("What only a person can see", "Det som bara en människa kan se"),
    "answers-none": (
        "No rule of the newest assessments waits for an answer.",
        "Ingen regel i de senaste bedömningarna väntar på svar.",
    ),
    "answer-waits": ("waits", "väntar"),
    "answer-holds": ("Is all well?", "Är allt väl?"),
    "answer-yes": ("all is well", "allt är väl"),
    "answer-no": ("something is wrong", "något är fel"),
    "answer-who": ("Who found it out", "Vem som tagit reda på det"),
    "answer-remark": ("How, or what is missing", "Hur, eller vad som saknas"),
    "answer-give": ("Answer", "Svara"),
    "answer-give-hint": (
        "The title names the fault that is asked about. An answer counts for a year, for restore tests 180 days.",
        "Rubriken namnger felet som det frågas om. Ett svar gäller ett år, för återläsningsprov 180 dygn.",
    ),
    "answer-withdraw": ("Take back", "Ta tillbaka"),
    "refused.answer-nobody": (
        "Nobody is named who found it out; write the name of that person.",
        "Ingen är namngiven som tagit reda på det; skriv den personens namn.",
    ),
    "refused.answer-long-remark": (
        "The remark has {value} characters; write at most {most}.",
        "Anmärkningen har {value} tecken; skriv högst {most}.",
    ),
    "refused.answer-no-choice": ("Choose whether all is well: “{value}” is no answer.", "Välj om allt är väl: ”{value}” är inget svar."),
    # policy
    "policy": ("Limits and servers of the customer", "Kundens gränser och servrar"),
    "policy-strict": ("Thresholds of the STIG profile", "STIG-profilens gränser"),
    "policy-strict-hint": (
        "Where a threshold has a stricter value and nothing else is written below.",
        "Där en gräns har ett strängare värde och inget annat är skrivet nedan.",
    ),
    "policy-places": ("Servers and networks", "Servrar och nät"),
    "policy-places-hint": (
        "One address a line. They stand in the commands that findings propose; other time servers than these are a finding.",
        "En adress per rad. De står i kommandona som fynden föreslår; andra tidsservrar än dessa är ett fynd.",
    ),
    "policy-numbers": ("Thresholds", "Gränser"),
    "policy-numbers-hint": ("Empty takes the default. Shares are between 0 and 1.", "Tomt tar standardvärdet. Andelar är mellan 0 och 1."),
    "policy-default": ("default {default}", "standard {default}"),
    "policy-default-strict": ("default {default}, strict {strict}", "standard {default}, sträng {strict}"),
    "refused.policy-no-number": (
        "{place}: “{value}” is no number; write one such as {example}, or nothing.",
        "{place}: ”{value}” är inget tal; skriv ett som {example}, eller inget.",
    ),
    "refused.policy-out-of-range": (
        "{place}: “{value}” is not between 0 and {most}; the default is {example}.",
        "{place}: ”{value}” är inte mellan 0 och {most}; standard är {example}.",
    ),
    "refused.policy-too-many": (
        "{place}: {value} are more than {most}; sum networks up into larger ones.",
        "{place}: {value} är fler än {most}; slå ihop nät till större.",
    ),
    "refused.policy-no-address": (
        "{place}, line {line}: “{value}” is no address; write one such as {example}.",
        "{place}, rad {line}: ”{value}” är ingen adress; skriv en som {example}.",
    ),
    "refused.policy-no-network": (
        "{place}, line {line}: “{value}” is no network; write one such as {example}.",
        "{place}, rad {line}: ”{value}” är inget nät; skriv ett som {example}.",
    ),
    "policy-place.time_servers": ("Time servers", "Tidsservrar"),
    "policy-place.log_servers": ("Log servers", "Loggservrar"),
    "policy-place.login_servers": ("TACACS+ or RADIUS servers", "TACACS+- eller RADIUS-servrar"),
    "policy-place.management_networks": ("Networks of managers", "Administratörernas nät"),
    "threshold.capacity.poe.share": ("PoE allocated, share of the budget", "PoE tilldelat, andel av budgeten"),
    "threshold.capacity.sessions.share": ("Sessions, share of the limit", "Sessioner, andel av gränsen"),
    "threshold.capacity.tables.share": ("Forwarding tables, share of the limit", "Vidaresändningstabeller, andel av gränsen"),
    "threshold.certificate_days": ("Certificates are renewed before (days)", "Certifikat förnyas före (dygn)"),
    "threshold.config.backup.days": ("Oldest copy of a configuration (days)", "Äldsta kopia av en konfiguration (dygn)"),
    "threshold.device.unreachable.share": ("Availability agreed, share", "Avtalad tillgänglighet, andel"),
    "threshold.device.uptime.days": ("Longest time without a restart (days)", "Längsta tid utan omstart (dygn)"),
    "threshold.dh_group": ("Smallest Diffie-Hellman group", "Minsta Diffie-Hellman-grupp"),
    "threshold.env.ups.load": ("UPS load, share", "UPS-last, andel"),
    "threshold.env.ups.runtime-seconds": ("UPS runtime wanted (seconds)", "Önskad drifttid för UPS (sekunder)"),
    "threshold.exec_timeout_minutes": ("Idle sessions end after (minutes)", "Overksamma sessioner slutar efter (minuter)"),
    "threshold.gateway.dsp.share": ("Signal processors in use, share", "Signalprocessorer i bruk, andel"),
    "threshold.ipsec_lifetime_seconds": ("Longest life of IPsec keys (seconds)", "Längsta liv för IPsec-nycklar (sekunder)"),
    "threshold.login_attempts": ("Failed logins before a block", "Misslyckade inloggningar före spärr"),
    "threshold.login_block_seconds": ("Shortest block of logins (seconds)", "Kortaste spärr av inloggning (sekunder)"),
    "threshold.lower_case": ("Small letters in a password (IOS)", "Små bokstäver i ett lösenord (IOS)"),
    "threshold.management_sessions": ("Open sessions of managers", "Öppna sessioner för administratörer"),
    "threshold.memory.leak.days": ("Memory full within (days)", "Minnet fullt inom (dygn)"),
    "threshold.minimum_lowercase": ("Small letters in a password (ASA)", "Små bokstäver i ett lösenord (ASA)"),
    "threshold.minimum_numeric": ("Digits in a password (ASA)", "Siffror i ett lösenord (ASA)"),
    "threshold.minimum_special": ("Other characters in a password (ASA)", "Andra tecken i ett lösenord (ASA)"),
    "threshold.minimum_uppercase": ("Capitals in a password (ASA)", "Stora bokstäver i ett lösenord (ASA)"),
    "threshold.numeric_count": ("Digits in a password (IOS)", "Siffror i ett lösenord (IOS)"),
    "threshold.password_changes": ("Characters changed in a new password", "Tecken som ändras i ett nytt lösenord"),
    "threshold.password_length": ("Shortest password", "Kortaste lösenord"),
    "threshold.port_addresses": ("MAC addresses at a host port", "MAC-adresser på en datorport"),
    "threshold.rsa_key_bits": ("Shortest RSA key (bits)", "Kortaste RSA-nyckel (bitar)"),
    "threshold.server.backup.restore-test": ("Oldest restore test (days)", "Äldsta återläsningsprov (dygn)"),
    "threshold.special_case": ("Other characters in a password (IOS)", "Andra tecken i ett lösenord (IOS)"),
    "threshold.upper_case": ("Capitals in a password (IOS)", "Stora bokstäver i ett lösenord (IOS)"),
    # exceptions
    "exceptions": ("Findings the customer lives with", "Fynd som kunden lever med"),
    "exceptions-none": ("None is accepted.", "Inget är accepterat."),
    "exception-rule": ("Rule", "Regel"),
    "exception-object": ("Object", "Objekt"),
    "exception-until": ("Until", "Till och med"),
    "exception-by": ("Accepted by", "Accepterat av"),
    "exception-reason": ("Reason", "Skäl"),
}
