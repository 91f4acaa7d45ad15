"""security.aaa.local-users: one account of last resort, asked for last; files are for those who may do everything."""

import re

from natvakt_server.analysis.configuration.check import (
    Breach,
    ConfigurationRule,
    Outcome,
    Requirement,
    Subject,
    does_not_apply,
    fails,
    passes,
    settle,
)
from natvakt_server.analysis.rule import Text
from natvakt_server.domain.assessment import Severity
from natvakt_server.domain.configuration.model import Line

_FALLS_BACK = re.compile(r"\bgroup \S+(?: group \S+)* (?:local|local-case)\b", re.IGNORECASE)
FULL_PRIVILEGE = 15


def _users(lines: list[Line]) -> list[Line]:
    """One line for each user, the first that names him."""
    return list({line.text.split()[1].lower(): line for line in reversed(lines)}.values())[::-1]


def accounts(subject: Subject) -> Outcome:
    reading = subject.reading
    users = _users(
        reading.find(r"username \S+ .*\b(?:password|secret|privilege|algorithm-type|common-criteria-policy|role|one-time|nopassword)\b")
    )
    lists = reading.find(r"aaa authentication login \S+ ")
    falls_back = [line for line in lists if _FALLS_BACK.search(line.text)]
    breaches: list[Breach] = []
    if not users:
        breaches.append(Breach(Severity.MEDIUM, (), "username", ("username <name> privilege 15 algorithm-type scrypt secret <password>",)))
    if len(users) > 1:
        breaches.append(Breach(Severity.MEDIUM, users, "username", [f"no username {line.text.split()[1]}" for line in users[1:]]))
    if not falls_back:
        breaches.append(Breach(Severity.MEDIUM, lists, "aaa authentication", ("aaa authentication login default group tacacs+ local",)))
    return settle(breaches, max(len(users), 1), (*users, *falls_back))


def nx_os(subject: Subject) -> Outcome:
    """NX-OS falls back to its own accounts by itself; more than one beside servers is one too many."""
    reading = subject.reading
    users = _users(reading.find(r"username \S+ (?:password|role|passphrase)"))
    grouped = reading.find(r"aaa authentication login default group ")
    breaches = [Breach(Severity.MEDIUM, users, "username", [f"no username {line.text.split()[1]}" for line in users[1:]])]
    return settle(breaches if len(users) > 1 and grouped else [], max(len(users), 1), (*users, *grouped))


def asa(subject: Subject) -> Outcome:
    reading = subject.reading
    users = _users(reading.find(r"username \S+ (?:password|nopassword|privilege)"))
    falls_back = reading.find(r"aaa authentication (?:ssh|http|serial|enable) console (?!LOCAL)\S+ LOCAL")
    breaches: list[Breach] = []
    if not users:
        breaches.append(Breach(Severity.MEDIUM, (), "username", ("username <name> password <password> privilege 15",)))
    if len(users) > 1:
        breaches.append(Breach(Severity.MEDIUM, users, "username", [f"no username {line.text.split()[1]}" for line in users[1:]]))
    if not falls_back:
        lists = reading.find(r"aaa authentication \S+ console ")
        breaches.append(Breach(Severity.MEDIUM, lists, "aaa authentication", ("aaa authentication ssh console <group> LOCAL",)))
    return settle(breaches, max(len(users), 1), (*users, *falls_back))


def files(subject: Subject) -> Outcome:
    """`file privilege` below 15 lets others at the files; 15 is the default."""
    lines = subject.reading.find(r"file privilege \d+")[-1:]
    low = [line for line in lines if int(line.text.split()[2]) < FULL_PRIVILEGE]
    return fails(Breach(Severity.MEDIUM, low, "file privilege", ("file privilege 15",))) if low else passes(lines)


def stored_log(subject: Subject) -> Outcome:
    """The same, where the log is kept in a file."""
    kept = subject.reading.find(r"logging persistent\b")
    return files(subject) if kept else does_not_apply("feature-not-used")


IOS = ("ios", "ios-xe")
CHECK = ConfigurationRule(
    id="security.aaa.local-users",
    title=Text("Local accounts are too many, too few or asked first", "Lokala konton är för många, för få eller frågas först"),
    impact=Text(
        "Local passwords are shared and never changed; without any, nobody gets in when the servers are away.",
        "Lokala lösenord delas och byts aldrig; utan något kommer ingen in när servrarna är borta.",
    ),
    recommendation=Text(
        "Keep one local account for the day no server answers, asked for last.",
        "Behåll ett lokalt konto för den dag ingen server svarar, frågat sist.",
    ),
    severities=(Severity.MEDIUM,),
    effort_minutes=10,
    requirements=(
        Requirement(IOS, accounts, ("CISC-ND-000490",)),
        Requirement(IOS, stored_log, ("CISC-ND-000380", "CISC-ND-000390")),
        Requirement(IOS, files, ("CISC-ND-000460",)),
        Requirement(("asa",), asa, ("CASA-ND-000450",)),
        Requirement(("nx-os",), nx_os),
    ),
)
