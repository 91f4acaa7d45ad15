"""Everything that decides who somebody is, put together once."""

from dataclasses import dataclass

from natvakt_server.web.access.delays import KNOWN_BROWSER, SOURCE, Delays
from natvakt_server.web.access.forms import FormMarks
from natvakt_server.web.access.passwords import PasswordRules, Passwords, read_common_passwords
from natvakt_server.web.access.second_factor import SecondFactor
from natvakt_server.web.access.sessions import SessionKeeper
from natvakt_server.web.access.signing_in import SigningIn
from natvakt_server.web.ports import Accounts, ConsoleSettings, Surroundings


@dataclass(frozen=True, slots=True)
class Authentication:
    keeper: SessionKeeper
    marks: FormMarks
    rules: PasswordRules
    passwords: Passwords
    second_factor: SecondFactor
    signing_in: SigningIn


def make_authentication(accounts: Accounts, settings: ConsoleSettings, surroundings: Surroundings) -> Authentication:
    passwords = Passwords(settings.hashing, surroundings.random)
    second_factor = SecondFactor(settings.secret, accounts, surroundings.random, f"natvakt {settings.partner}")
    sources, browsers = Delays(SOURCE, surroundings.clock), Delays(KNOWN_BROWSER, surroundings.clock)
    return Authentication(
        keeper=SessionKeeper(accounts, surroundings, settings.session_lifetime_ns, settings.session_idle_ns),
        marks=FormMarks(settings.secret),
        rules=PasswordRules(read_common_passwords()),
        passwords=passwords,
        second_factor=second_factor,
        signing_in=SigningIn(accounts, passwords, second_factor, sources, browsers),
    )
