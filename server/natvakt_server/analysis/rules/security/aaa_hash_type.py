"""security.aaa.hash-type: passwords are kept in a form that cannot be turned back."""

from natvakt_server.analysis.configuration.check import Breach, ConfigurationRule, Outcome, Requirement, Subject, cannot_tell, settle
from natvakt_server.analysis.configuration.secrets import Secret, login_secrets
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity

# Type 0 is plain, 7 and NX-OS 3 are turned back in a moment, 4 is one round of SHA-256 without salt.
READABLE = frozenset(("0", "4", "7", "3"))
# MD5, with salt or (ASA) without; 6 is turned back by whoever has the key.
WEAK = frozenset(("5", "6", "md5", "encrypted", "nt-encrypted"))
STRONG_FIVE = ("nx-os",)


def judge(subject: Subject) -> Outcome:
    secrets = login_secrets(subject.reading)
    graded = [(secret, severity) for secret in secrets if (severity := _severity(subject, secret)) is not None]
    breaches = [Breach(severity, (secret.line,), _owner(secret), _commands(subject, secret)) for secret, severity in graded]
    told = [secret for secret in secrets if secret.encryption is not None and not (subject.os in STRONG_FIVE and secret.encryption == "5")]
    if not breaches and len(told) < len(secrets):
        return cannot_tell("redacted")
    return settle(breaches, len(secrets), [secret.line for secret in secrets], "no-password")


def _severity(subject: Subject, secret: Secret) -> Severity | None:
    """Of a scrubbed type 5 of NX-OS nobody can say whether it is MD5 or salted SHA-256."""
    kept = secret.encryption
    if secret.kind == "enable-password" and subject.os in ("ios", "ios-xe"):
        return Severity.HIGH
    if kept in READABLE:
        return Severity.HIGH
    if kept == "5" and subject.os in STRONG_FIVE:
        return None
    return Severity.MEDIUM if kept in WEAK else None


def _owner(secret: Secret) -> str:
    words = secret.line.text.split()
    return " ".join(words[:2]) if words[0].lower() in ("username", "enable") else words[0]


def _commands(subject: Subject, secret: Secret) -> tuple[str, ...]:
    words = secret.line.text.split()
    if words[0].lower() == "username":
        if subject.os == "asa":
            return (f"username {words[1]} password <new password> privilege 15",)
        if subject.os in ("ios", "ios-xe"):
            return (f"no username {words[1]}", f"username {words[1]} privilege 15 algorithm-type scrypt secret <new password>")
        return (f"username {words[1]} password <new password>",)
    if words[0].lower() in ("enable", "passwd"):
        if subject.os == "asa":
            return ("enable password <new password>",)
        return ("no enable password", "enable algorithm-type scrypt secret <new password>")
    return ("no password", "login local")


def encryption(subject: Subject) -> Outcome:
    """`service password-encryption`: at least nobody reads a password over somebody's shoulder."""
    told = subject.reading.setting(r"service password-encryption$")
    breaches = [] if told.on else [Breach(Severity.MEDIUM, told.lines, "service password-encryption", ("service password-encryption",))]
    return settle(breaches, 1, told.lines)


CHECK = ConfigurationRule(
    id="security.aaa.hash-type",
    title=Text("Passwords are kept in a form that can be read", "Lösenord sparas i läsbar form"),
    impact=Text(
        "Whoever sees the configuration, in a backup or a mail, has the passwords.",
        "Den som ser konfigurationen, i en säkerhetskopia eller ett mejl, har lösenorden.",
    ),
    recommendation=Text(
        "Set them anew as secrets of type 9 (scrypt) or 8; they count as known.",
        "Sätt dem på nytt som secret av typ 9 (scrypt) eller 8; de får räknas som kända.",
    ),
    severities=(Severity.HIGH, Severity.MEDIUM),
    effort_minutes=10,
    requirements=(
        Requirement(("ios", "ios-xe"), judge),
        Requirement(("ios", "ios-xe"), encryption, ("CISC-ND-000620",)),
        Requirement(("nx-os", "asa", "ios-xr", "small-business"), judge),
    ),
    references=("NSA U/OO/114249-22",),
)
