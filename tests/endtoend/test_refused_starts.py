"""What must not start says so in words that name the place, the reason and the way out, and leaves what runs alone."""

import socket

import pytest
from testkit.endtoend import run, tool, until


@pytest.fixture
def served(line):
    line.start_server()
    return line


def test_a_second_server_on_the_same_state_is_refused_and_the_first_goes_on(served):
    refused = served.server("run")
    assert refused.code == 1
    assert "another server (process" in refused.err
    assert str(served.running["all"].process.pid) in refused.err
    assert "NATVAKT_STATE_DIR" in refused.err
    assert served.running["all"].alive


def test_a_second_agent_on_the_same_state_is_refused_and_the_first_goes_on(served):
    served.write_agent_settings(polls=False)
    first = served.start_agent()
    until(served.connected, "the first agent delivers")
    refused = served.agent("run")
    assert refused.code == 1
    assert "another" in refused.err
    assert first.alive


@pytest.mark.parametrize("which", ["uplink_port", "enrolment_port"])
def test_a_busy_port_is_named_and_nothing_serves(line, which):
    busy = getattr(line, which)
    with socket.create_server(("127.0.0.1", busy)):
        refused = line.server("run")
    assert refused.code == 1
    assert f"127.0.0.1:{busy}" in refused.err
    assert "is another server running there?" in refused.err
    assert "Traceback" not in refused.err.splitlines()[-1]
    line.start_server()


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("[gateway\n", "server.toml: not valid TOML"),
        ('[gateway]\nlisten = "7443"\n', "is not ADDRESS:PORT"),
        ("[gateway]\nlisen = 1\n", "did you mean listen?"),
        ('[series]\nstore = "influxdb"\n', "set both"),
        ('[gateway]\nagent_certificate_life = "1s"\n', "20s and 30d"),
        ('[database]\nurl = "postgresql://natvakt:hunter2@127.0.0.1/natvakt"\n', "password_file"),
    ],
)
def test_a_broken_server_configuration_is_told_with_its_place(line, broken, named):
    line.server_toml.write_text(broken)
    refused = line.server("run")
    assert refused.code == 1
    assert named in refused.err
    assert "hunter2" not in refused.err
    assert "Traceback" not in refused.err


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("[[target]\n", "agent.toml"),
        ("[polling]\nworkers = 1000\n", "workers"),
        ('[[target]]\nname = "x"\naddress = "not-an-address"\n', "not-an-address"),
    ],
)
def test_a_broken_agent_configuration_is_told_with_its_place(line, broken, named):
    line.agent_toml.write_text(broken)
    refused = line.agent("run")
    assert refused.code in (1, 2)
    assert named in refused.err
    assert "Traceback" not in refused.err


def test_an_uninitialised_state_is_told_what_to_do(line, tmp_path):
    refused = run([tool("natvakt-server"), "run", "--config", str(line.server_toml)], tmp_path / "empty")
    assert refused.code == 1
    assert "natvakt-server init" in refused.err


@pytest.mark.parametrize("role", ["gateway", "worker", "console"])
def test_embedded_stores_serve_one_process_and_split_roles_say_so(line, role):
    refused = line.server("run", "--role", role)
    assert refused.code == 1
    assert "PostgreSQL" in refused.err


def test_a_wrong_a_used_and_an_expired_token_are_refused_each_with_a_reason(served):
    identity = served.agent_state / "agent" / "identity"

    def enrol(token):
        """As a new agent: without the identity the template has."""
        for path in identity.iterdir():
            path.unlink()
        return served.agent("enrol", "--token-file", "-", secret=token)

    mistyped = enrol(served.token()[:-3] + "AAA")
    assert (mistyped.code, "copy the whole text again" in mistyped.err) == (1, True)

    token = served.token()
    assert enrol(token).code == 0
    used = enrol(token)
    assert (used.code, "unknown, used or too old" in used.err) == (1, True)

    expired = enrol(served.token("--life", "0.001s"))
    assert (expired.code, "unknown, used or too old" in expired.err) == (1, True)

    for refused in (mistyped, used, expired):
        assert "Traceback" not in refused.err
    assert enrol(served.token()).code == 0
