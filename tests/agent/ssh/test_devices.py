"""Each family over a real SSH server, netmiko in a real child: what is told, what is sent, and what happens when a device misbehaves."""

import socket
import threading
from dataclasses import replace

import asyncssh
import pytest
from natvakt_agent.collectors.ssh.dialects import DIALECTS, dialect_named
from natvakt_agent.collectors.ssh.messages import Login, Trouble
from natvakt_agent.collectors.ssh.reading import shortfall
from testkit import ssh
from testkit.ssh import LOGIN, fetched, greeting, key_of
from testkit.ssh_device import ENABLE, PASSWORDS, Script, SshDevice
from testkit.ssh_families import FAMILIES, IOS_CONFIGURATION, IOS_VERSION

RUNNING = "show running-config"
WRONG = Login("natvakt", "wrong", ENABLE, "")
NAMES = [dialect.name for dialect in DIALECTS]


@pytest.fixture(scope="module")
def child():
    with ssh.service() as running:
        yield running


@pytest.mark.parametrize("name", NAMES)
def test_every_family_tells_its_configuration_whole(child, name):
    dialect = dialect_named(name)
    with SshDevice(FAMILIES[name]) as device:
        told = fetched(child, device, name, list(dialect.configurations().values()))
    assert (told.trouble, told.detail) == (None, "")
    assert [output.command for output in told.outputs] == list(dialect.configurations().values())
    for output in told.outputs:
        assert output.text.strip() == FAMILIES[name].answers[output.command].strip()
        assert output.unparsed is None
        assert shortfall(output.text, dialect, None) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_octet_leaves_that_is_not_on_the_list(child, name):
    dialect = dialect_named(name)
    with SshDevice(FAMILIES[name]) as device:
        fetched(child, device, name, list(dialect.commands()))
        lines = set(device.heard.replace(" \b", "").split("\n"))
    secrets = {ENABLE, *PASSWORDS, *PASSWORDS.values()}
    session = {"", "enable", dialect.leave, *dialect.paging_off, *dialect.commands()}
    assert {line.lstrip(" ") for line in lines} <= session | secrets


@pytest.mark.parametrize("name", NAMES)
def test_paging_that_stays_on_is_turned_page_by_page(child, name):
    dialect = dialect_named(name)
    text = FAMILIES[name].answers[dialect.running]
    first, _, rest = text.strip("\n").partition("\n")
    long = "\n".join([first, *(f" description port {number}" for number in range(100)), rest, ""])
    script = replace(FAMILIES[name], paging_off=(), pager=FAMILIES[name].pager or " --More-- ", answers={dialect.running: long})
    with SshDevice(script) as device:
        told = fetched(child, device, name, [dialect.running])
    assert told.outputs[0].text.strip().split("\n") == long.strip().split("\n")


def test_a_command_outside_the_list_is_refused_before_anything_is_sent(child):
    with SshDevice(FAMILIES["ios"]) as device:
        told = fetched(child, device, "ios", [RUNNING, "configure terminal"])
        assert (told.trouble, told.outputs) == (Trouble.FAULT, [])
        assert device.connections == 0


def test_a_greeting_of_a_megabyte_and_a_banner_are_waded_through(child):
    script = replace(FAMILIES["ios"], greeting="hq-acc1# " * 120_000 + "\r\n", auth_banner="No entry. " * 3_000)
    with SshDevice(script) as device:
        assert fetched(child, device, "ios", [RUNNING]).outputs[0].text == IOS_CONFIGURATION


def test_a_slow_device_is_waited_for(child):
    script = replace(FAMILIES["ios"], answers={"show version": IOS_VERSION}, slow_in="show version", pause_seconds=0.05)
    with SshDevice(script) as device:
        assert fetched(child, device, "ios", ["show version"]).outputs[0].text == IOS_VERSION


def test_a_configuration_of_half_a_megabyte_comes_whole(child):
    ports = "".join(f"interface GigabitEthernet1/0/{number}\n description {number:060}\n" for number in range(6000))
    text = IOS_CONFIGURATION.replace("snmp-server", ports + "snmp-server")
    with SshDevice(replace(FAMILIES["ios"], answers={RUNNING: text})) as device:
        assert fetched(child, device, "ios", [RUNNING]).outputs[0].text == text


@pytest.mark.parametrize(
    ("algorithm", "form"), [("ssh-ed25519", "openssh"), ("ecdsa-sha2-nistp256", "pkcs1-pem"), ("ssh-rsa", "pkcs1-pem")]
)
def test_a_login_by_key_in_the_form_the_vault_keeps_it(child, algorithm, form):
    key = asyncssh.generate_private_key(algorithm)
    script = replace(FAMILIES["ios"], takes_password=False, authorised_key=key.export_public_key().decode())
    login = Login(LOGIN.user, "", ENABLE, key.export_private_key(form).decode())
    with SshDevice(script) as device:
        told = fetched(child, device, "ios", [RUNNING], login)
        assert (told.trouble, told.detail) == (None, "")
        assert device.passwords == []


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_old_equipment_that_knows_nothing_newer_than_sha_1(child):
    old = {"kex_algs": ["diffie-hellman-group14-sha1"], "encryption_algs": ["aes128-cbc"], "mac_algs": ["hmac-sha1"]}
    script = replace(FAMILIES["ios"], algorithms=old)
    with SshDevice(script, asyncssh.generate_private_key("ssh-rsa", key_size=2048)) as device:
        assert fetched(child, device, "ios", [RUNNING]).outputs[0].text == IOS_CONFIGURATION


@pytest.mark.parametrize(
    ("script", "login", "trouble", "words"),
    [
        (FAMILIES["ios"], WRONG, Trouble.LOGIN_REFUSED, "does not take this login"),
        (FAMILIES["small-business"], WRONG, Trouble.LOGIN_REFUSED, "asks again"),
        (FAMILIES["ios"], Login(LOGIN.user, LOGIN.password, "", ""), Trouble.PRIVILEGE, "holds none"),
        (FAMILIES["ios"], Login(LOGIN.user, LOGIN.password, "wrong", ""), Trouble.PRIVILEGE, "not accepted"),
        (replace(FAMILIES["ios"], enable_secret=None), LOGIN, Trouble.PRIVILEGE, "refused to this login"),
        (
            replace(FAMILIES["ios"], login_question="Your password has expired. New password: "),
            LOGIN,
            Trouble.PASSWORD_CHANGE,
            "new password",
        ),
        (replace(FAMILIES["ios"], login_question="Change your password now (Y/N)?[Y] "), LOGIN, Trouble.PASSWORD_CHANGE, "new password"),
    ],
)
def test_a_device_that_does_not_let_in_is_told_for_what_it_says(child, script, login, trouble, words):
    name = "small-business" if script.asks_in_session else "ios"
    with SshDevice(script) as device:
        told = fetched(child, device, name, [RUNNING], login)
        assert (told.trouble, told.outputs) == (trouble, [])
        assert words in told.detail
        assert len(device.passwords) <= 1
        for secret in (login.password, login.enable):
            assert not secret or (secret not in told.detail and device.heard.count(secret) <= 1)


def test_promise_31_what_was_cut_off_is_not_an_answer(child):
    with SshDevice(replace(FAMILIES["ios"], cut_in=RUNNING)) as device:
        told = fetched(child, device, "ios", ["show version", RUNNING])
    assert [output.command for output in told.outputs] == ["show version"]
    assert (told.trouble, told.detail) == (Trouble.CUT, "the device ended the session")


def test_promise_31_terminal_codes_in_a_text_make_it_unparsed_and_its_hash_is_kept(child):
    with SshDevice(replace(FAMILIES["ios"], answers={"show version": "Cisco IOS\nstrange \x07\x08 bell\n"})) as device:
        (output,) = fetched(child, device, "ios", ["show version"]).outputs
    assert output.unparsed == "control characters in line 2"
    assert len(output.raw_sha256) == 64


@pytest.mark.parametrize("fault", ["trickle_in", "silent_in"])
def test_promise_36_a_device_that_never_ends_is_left_at_its_deadline_and_others_are_asked(child, fault):
    with SshDevice(replace(FAMILIES["ios"], **{fault: RUNNING})) as bad, SshDevice(FAMILIES["nx-os"]) as good:
        told = fetched(child, bad, "ios", [RUNNING], deadline_seconds=4.0)
        assert (told.trouble, told.outputs) == (Trouble.DEADLINE, [])
        starts = child.starts
        assert fetched(child, good, "nx-os", [RUNNING]).trouble is None
        assert child.starts == starts


def test_promise_36_a_handshake_that_trickles_ends_at_the_deadline(child):
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def trickle() -> None:
        connection, _ = listener.accept()
        with connection:
            while not is_over.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        told = greeting(child, listener.getsockname()[1], deadline_seconds=1.0)
        assert told.trouble in (Trouble.DEADLINE, Trouble.UNREACHABLE)
    finally:
        is_over.set()
        thread.join()
        listener.close()


def test_promise_38_another_host_key_is_sent_no_name_and_no_password(child):
    with SshDevice(FAMILIES["ios"]) as device, SshDevice(FAMILIES["ios"]) as impostor:
        told = fetched(child, impostor, "ios", [RUNNING], pinned=key_of(device))
        assert (told.trouble, told.offered, told.outputs) == (Trouble.KEY_CHANGED, key_of(impostor), [])
        assert (impostor.connections, impostor.names, impostor.passwords, impostor.heard) == (1, [], [], "")


def test_a_greeting_tells_the_key_and_nothing_of_a_login(child):
    with SshDevice(FAMILIES["ios"]) as device:
        assert greeting(child, device.port).key == key_of(device)
        assert (device.names, device.passwords) == ([], [])


def test_nobody_there(child):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert greeting(child, port).trouble is Trouble.UNREACHABLE


def hang_up(listener):
    listener.accept()[0].close()


def test_a_device_without_ssh_behind_its_port(child):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        thread = threading.Thread(target=hang_up, args=(mute,))
        thread.start()
        assert greeting(child, mute.getsockname()[1]).trouble is Trouble.UNREACHABLE
        thread.join()


def test_privilege_is_read(child):
    with SshDevice(Script(answers={"show privilege": "Current privilege level is 7\n", RUNNING: IOS_CONFIGURATION})) as device:
        told = fetched(child, device, "ios", ["show privilege", RUNNING])
    assert told.privilege == 7
    assert shortfall(told.outputs[0].text, dialect_named("ios"), told.privilege).startswith("was read with privilege 7 of 15")
