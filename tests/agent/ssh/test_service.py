"""The service's own limits, without a device: what it answers stays below a frame, and what is asked outside the list asks nobody."""

import pytest
from natvakt_agent.collectors.ssh import messages
from natvakt_agent.collectors.ssh.conversation import Patience, SessionFailed
from natvakt_agent.collectors.ssh.messages import MOST_FETCH_OCTETS, Fetch, HostKey, Login, Output, Trouble
from natvakt_agent.collectors.ssh.service import SshService, _refuse_flood
from natvakt_agent.isolation.frames import MOST_FRAME_OCTETS

KEY = HostKey("ssh-ed25519", b"key")


def output(octets):
    return Output("show version", "", octets, "")


def test_answers_together_stay_below_a_frame():
    assert MOST_FETCH_OCTETS < MOST_FRAME_OCTETS
    outputs = [output(MOST_FETCH_OCTETS), output(1)]
    with pytest.raises(SessionFailed) as told:
        _refuse_flood(outputs)
    assert (told.value.trouble, outputs) == (Trouble.CUT, [output(MOST_FETCH_OCTETS)])


@pytest.mark.parametrize(("dialect", "command"), [("ios", "reload"), ("ios", "show version\nreload"), ("linux", "show version")])
def test_what_is_not_on_the_list_opens_no_connection(dialect, command):
    asked = Fetch("192.0.2.1", 22, dialect, Login("u", "canary", "", ""), KEY, [command], [], 0.1)
    told = messages.decode_fetched(SshService(Patience()).handle(messages.FETCH, messages.encode(asked)))
    assert (told.trouble, told.outputs) == (Trouble.FAULT, [])


def test_a_login_prints_no_secret():
    assert "canary" not in repr(Login("u", "canary", "canary", "canary"))


def test_a_method_that_is_none_is_refused():
    with pytest.raises(LookupError):
        SshService(Patience()).handle("run", b"")
