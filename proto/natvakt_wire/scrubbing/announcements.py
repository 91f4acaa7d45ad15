"""The expressions that read one line: where free text begins, which words announce a secret, what surrounds one.

Groups: `value` is the secret, `gap` what stands between it and the word that announces it.
"""

import re

from natvakt_wire.scrubbing.grammar.patterns import TYPE_WORDS

FREE_TEXT = re.compile(
    r"\s*(?:no\s+)?(?:(?:description|remark|comment|alias|banner|label|title|prompt|menu|note|macro|action|event\s+manager)\b|!|#|:\s|//|;"
    r"|snmp-server\s+(?:contact|location|chassis-id)\b|(?:access-list|access-list\s+ip)\s+\S+\s+(?:line\s+\d+\s+)?remark\b|\d+\s+remark\b"
    r"|name\s+\S+\s+\S+\s+description\b|(?:sys)?(?:location|contact)\b|contact-email-addr|street-address|kron\b|cli\b)",
    re.IGNORECASE,
)
BANNER = re.compile(r"\s*banner\s+(?:motd|login|exec|incoming|slip-ppp|prompt-timeout|config-save|asdm)\s+(\^C|\S)", re.IGNORECASE)
ASA_BANNER = re.compile(r"\s*banner\s+\w+\s+[^\W_]{2}")
_VALUE = r"(?P<value>\"[^\"]+\"|'[^']+'|\S+)"
_KEYWORD = (
    r"(?:[\w.-]*(?:password|passwd|passphrase|pass-phrase|passcode|secret)|(?:[\w.]*[-_.])?(?:psk|pre-shared-key|presharedkey|shared-?key|"
    r"auth-?key|api-?key|(?:api|id|auth|access|bearer|refresh)[-_]?token|priv-?key|enc-?key|key-?string|community-string|lösenord|losenord))"
)
IN_COMMAND = re.compile(rf"(?<![\w.-])(?:{_KEYWORD}|key)[\"']?(?P<gap>\s*[=:]\s*|\s+)(?:(?:{TYPE_WORDS})\s+(?=\S))?{_VALUE}", re.IGNORECASE)
IN_SNMP = re.compile(rf"(?<![\w.-])community(?P<gap>\s+)(?:(?:{TYPE_WORDS})\s+(?=\S))?{_VALUE}", re.IGNORECASE)
_STRONG = (
    rf"(?:{_KEYWORD}|\w*passw\w*|pw|pwd|pass|pass[ -]phrase|pin|pin-?code|pinkod|token|credentials?|creds|lösen|lösenordet|"
    r"kod|koden|nyckeln)"
)
_PROSE_KEYWORD = rf"(?:{_STRONG}|community|communities|key|code|nyckel)"
_IS = r"(?:is|was|are|be|är|var|blir)"
_TYPED = rf"(?:(?:{TYPE_WORDS})\s+(?=\S))?{_VALUE}"
IN_PROSE = tuple(
    re.compile(expression, re.IGNORECASE)
    for expression in (
        rf"(?<![^\W_]){_PROSE_KEYWORD}[\"']?(?P<gap>(?:\s*(?:[=:>]|->|=>|\s-\s)+\s*|\s+(?:(?:{_IS}|now|string|nu|still|set|to|of"
        rf"|for|the|new|old)\b\s*)*"
        rf"(?:[=:-]+\s*)?)){_TYPED}",
        rf"(?<![^\W_]){_STRONG}\b(?P<gap>(?:\s+[^\s:=]+){{0,6}}?(?:\s+{_IS}|\s+(?:changed|reset|set)\s+to|\s*[:=])\s+){_TYPED}",
        rf"(?<![^\W_])(?:creds|credentials|inlogg|inloggning)(?P<gap>[\s:=]+[\w.-]+[\s,:/]+){_VALUE}",
        rf"(?<![^\W_])(?:enable|ro|rw|snmp|snmpv?2c?|wifi|wlan|wpa[23]?)(?P<gap>\s*[:=]\s*){_VALUE}",
        rf"(?<![^\W_])snmpv?[12]?c?(?P<gap>\s+(?:ro|rw|read|write|read-only|read-write)\s+){_VALUE}",
        r"(?<![^\W_])(?:admin|administrator|root|guest|gäst|cisco|operator)(?P<gap>\s*[:/]\s*)(?P<value>[^\s\"',;()]+)",
        rf"(?<![^\s\"'])(?P<value>[^\s\"']+)(?P<gap>[\"']?\s+(?:(?:as|som|{_IS})\s+|\()(?:(?:the|a|an)\s+)?(?:\w+\s+)?){_STRONG}\b",
    )
)
"""Words in free text that say: a secret comes now, or one just came."""
SAYS = re.compile(rf"[=:>(]|\s{_IS}\s|\sto\s|\s(?:as|som)\s", re.IGNORECASE)
SPEAKS_OF_SECRETS = re.compile(rf"(?<![^\W_]){_STRONG}(?![^\W_])", re.IGNORECASE)
USER_AND_WORD = re.compile(
    r"(?<![^\W_])(?:login|logon|user|username|inlogg|inloggning|användare|creds|credentials|konto|account)\b.*?(?<![\w/.])[\w.-]+\s?[/|]\s?"
    r"(?P<value>(?![\d/.]+(?:\s|$))\S+)",
    re.IGNORECASE,
)
ANSWER = re.compile(r"\bcli\s+command\s+\"(?P<value>[^\s\"]+)\"", re.IGNORECASE)
"""A command of one word in an applet is an ordinary one, or the answer to a question for a password."""
IN_ADDRESS = re.compile(r"(?:://|[\s\"'])(?P<user>[^\s:@/\"']+):(?!//)(?P<value>\S+)@(?=[\w\[])")
NOT_USERS = frozenset({"sip", "sips", "mailto", "tel", "smtp", "http", "https"})
KNOWN_VALUE = re.compile(
    r"(?<![\w-])(?:engine ?id(?:\s+(?:local|remote\s+\S+(?:\s+udp-port\s+\d+)?))?|sn|s/n|serial|serial-number|pid|udi|uuid|guid|"
    r"system-mac|esi|net|ckn)[\s:=]+(?P<value>[0-9A-Fa-f:.-]{8,64}|[A-Z0-9/+=-]{3,24})(?=\s|$)",
    re.IGNORECASE,
)
"""Numbers of devices and of their parts: not secret, though they look it."""
WORD = re.compile(r"\S+")
ADDRESS = re.compile(r"\d+(?:\.\d+){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+")
LABEL = re.compile(r"([A-Za-z-]{2,30})[:=](?=.)")
AFTER = re.compile(r"[\"']?\s+(encrypted|pbkdf2|nt-encrypted|mschap|localizedkey|localizedv2key)(?=\s|$)", re.IGNORECASE)
HASH = re.compile(r"\$[0-9a-z]{1,4}\$.*|0x[0-9a-fA-F]{16,}|\{[A-Z0-9-]+\}.*")
