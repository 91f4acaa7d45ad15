"""What a text is worth: refused, not to be trusted, short of something, or whole; and who changed it when."""

from pathlib import Path

import pytest
from natvakt_agent.collectors.ssh.dialects import AIREOS, ASA, DIALECTS, IOS, IOS_XR, NX_OS, SYSTEMS, allowed, dialect_of
from natvakt_agent.collectors.ssh.reading import Change, distrust, is_right_missing, last_change, privilege, refusal, shortfall
from testkit.ssh_families import (
    AIREOS_CONFIGURATION,
    ASA_CONFIGURATION,
    IOS_CONFIGURATION,
    IOS_XR_CONFIGURATION,
    NX_OS_CONFIGURATION,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("              ^\n% Invalid input detected at '^' marker.\n", "% Invalid input detected at '^' marker."),
        ("ERROR: % Invalid input detected at '^' marker.\n", "ERROR: % Invalid input detected at '^' marker."),
        ("Command authorization failed.\n", "Command authorization failed."),
        ("% This command is not authorized\n", "% This command is not authorized"),
        ("Incorrect usage.  Use the '?' or <TAB> key to list commands.\n", "Incorrect usage.  Use the '?' or <TAB> key to list commands."),
        ("% Unrecognized command\n", "% Unrecognized command"),
        ("hostname a\n" * 10 + "% Invalid input\n", None),
        ("version 15.2\nhostname a\nend\n", None),
    ],
)
def test_what_a_device_refuses(text, words):
    assert refusal(text) == words


def test_a_missing_right_is_told_from_a_missing_command():
    assert is_right_missing("Command authorization failed.")
    assert not is_right_missing("% Invalid input detected at '^' marker.")


@pytest.mark.parametrize(
    ("text", "dialect", "level", "words"),
    [
        (IOS_CONFIGURATION, IOS, 15, None),
        (NX_OS_CONFIGURATION, NX_OS, None, None),
        (ASA_CONFIGURATION, ASA, 15, None),
        (IOS_XR_CONFIGURATION, IOS_XR, None, None),
        (AIREOS_CONFIGURATION, AIREOS, None, None),
        (IOS_CONFIGURATION.removesuffix("end\n"), IOS, 15, "does not end with `end`"),
        (IOS_CONFIGURATION, IOS, 7, "was read with privilege 7 of 15, which may hide lines"),
        ("", IOS, None, "the device answered with nothing"),
        ("startup-config is not present\n", IOS, 15, "there is no such configuration on the device"),
        (AIREOS_CONFIGURATION, IOS, None, "holds no line that a configuration of ios has"),
        (NX_OS_CONFIGURATION, ASA, None, "does not end with `: end`"),
    ],
)
def test_what_a_configuration_lacks(text, dialect, level, words):
    assert shortfall(text, dialect, level) == words


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (IOS_CONFIGURATION, Change("2026-11-23T12:31:07Z", "berit")),
        (IOS_CONFIGURATION.replace(" UTC ", " CET "), Change("2026-11-23T12:31:07", "berit")),
        (IOS_XR_CONFIGURATION, Change("2026-11-23T12:31:07", "berit")),
        (NX_OS_CONFIGURATION, Change("2026-11-23T12:31:07", None)),
        (ASA_CONFIGURATION, Change("2026-11-23T12:31:07Z", "berit")),
        ("! Last configuration change at 12:31:07 UTC Mon Nov 23 2026\n", Change("2026-11-23T12:31:07Z", None)),
        ("! Last configuration change at 99:31:07 UTC Mon Nov 23 2026 by eve\n", Change(None, "eve")),
        (AIREOS_CONFIGURATION, Change()),
    ],
)
def test_who_changed_it_and_when(text, change):
    assert last_change(text) == change


def test_control_characters_are_not_trusted():
    assert distrust("banner motd \x03\tfine\n") is None
    assert distrust("one\ntw\x08o\n") == "control characters in line 2"


def test_privilege_is_a_number_where_it_is_told():
    assert (privilege("Current privilege level is 15\n"), privilege("Current privilege level : 3\n"), privilege("none")) == (15, 3, None)


def test_the_site_narrows_the_list_and_adds_nothing():
    assert allowed(IOS, ["show version", "reload", "show running-config"]) == ("show running-config", "show version")
    assert allowed(IOS, []) == IOS.commands()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_command_of_every_dialect_only_shows(dialect):
    assert all(command.startswith("show ") for command in dialect.commands())
    assert not any(character in command for command in dialect.commands() for character in "\r\n|>;&?")


def test_every_system_has_one_dialect():
    assert len(set(SYSTEMS)) == len(SYSTEMS)
    assert all(dialect_of(system) is not None for system in SYSTEMS)
    assert dialect_of("linux") is None


def test_every_command_that_may_be_sent_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "reference" / "ssh.md").read_text()
    for dialect in DIALECTS:
        for word in (*dialect.commands(), *dialect.paging_off, dialect.leave):
            assert f"`{word}`" in page, f"{word} of {dialect.name} is missing in docs/reference/ssh.md"
