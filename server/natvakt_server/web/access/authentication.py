"""Everything that decides who somebody is, put together once."""

from dataclasses import dataclass

from natvakt_server.web.access.delays import KNOWN_BROWSER, SOURCE, Delays
from natvakt_server.web.access.forms import FormMarks
from natvakt_server.web.access.passkeys import Passkeys
from natvakt_server.web.access.passwords import PasswordRules, Passwords, read_common_passwords
from natvakt_server.web.access.recovery import RecoveryCodes
from natvakt_server.web.access.second_factor import SecondFactor
from natvakt_server.web.access.sessions import SessionKeeper
from natvakt_server.web.access.signing_in import SigningIn
from natvakt_server.web.access.tickets import Tickets
from natvakt_server.web.ports import Accounts, ConsoleSettings, SecondFactors, Surroundings


@dataclass(frozen=True, slots=True)
class Authentication:
    keeper: SessionKeeper
    marks: FormMarks
    rules: PasswordRules
    passwords: Passwords
    second_factor: SecondFactor
    recovery: RecoveryCodes
    passkeys: Passkeys
    signing_in: SigningIn
    tickets: Tickets


def make_authentication(
    accounts: Accounts, second_factors: SecondFactors, settings: ConsoleSettings, surroundings: Surroundings
) -> Authentication:
    passwords = Passwords(settings.hashing, surroundings.random)
    second_factor = SecondFactor(settings.secret, accounts, surroundings.random, f"natvakt {settings.partner}")
    recovery = RecoveryCodes(settings.secret, second_factors, surroundings.random)
    passkeys = Passkeys(settings.secret, second_factors, settings.address, f"natvakt {settings.partner}")
    sources, browsers = Delays(SOURCE, surroundings.clock), Delays(KNOWN_BROWSER, surroundings.clock)
    return Authentication(
        keeper=SessionKeeper(accounts, surroundings, settings.session_lifetime_ns, settings.session_idle_ns),
        marks=FormMarks(settings.secret),
        rules=PasswordRules(read_common_passwords()),
        passwords=passwords,
        second_factor=second_factor,
        recovery=recovery,
        passkeys=passkeys,
        signing_in=SigningIn(accounts, passwords, second_factor, recovery, passkeys, sources, browsers),
        tickets=Tickets(settings.secret, surroundings.random),
    )
