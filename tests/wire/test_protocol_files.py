"""What the .proto files may hold, and that the generated code is theirs."""

import importlib
import sys
from pathlib import Path

import pytest
from google.protobuf.descriptor import Descriptor, FileDescriptor
from natvakt_wire.v1 import batch_pb2, enrolment_pb2, health_pb2, uplink_pb2

PROTO = Path(batch_pb2.__file__).resolve().parents[2]
FILES = [batch_pb2.DESCRIPTOR, enrolment_pb2.DESCRIPTOR, health_pb2.DESCRIPTOR, uplink_pb2.DESCRIPTOR]

CREDENTIAL_WORDS = {
    "password", "passphrase", "passwd", "secret", "credential", "credentials", "community", "auth", "privacy", "priv", "login",
    "user", "username", "snmp", "ssh", "enable", "pin", "vault",
}  # fmt: skip
STRING_FIELDS = {
    "Batch.dictionary": "names and observed texts, scrubbed at the site",
    "EnrolRequest.token": "one-time enrolment token of natvakt itself, given out by the server",
    "EnrolRequest.version": "version of the agent",
    "ReturnRequest.agent": "id",
    "EnrolResponse.agent": "id",
    "EnrolResponse.tenant": "slug",
    "EnrolResponse.site": "slug",
    "EnrolResponse.uplink": "host:port",
    "HealthResponse.version": "version of the server",
    "Hello.version": "version of the agent",
    "Nack.detail": "reason for people",
    "Fenced.detail": "reason for people",
    "CommandResult.command": "id of the command",
    "CommandResult.detail": "reason for people",
    "RenewalResult.refused": "reason for people",
}
SERVER_CALLS = {"Enrolment": {"Enrol", "Return"}, "Uplink": {"Stream"}, "Health": {"Check"}}


def messages(file: FileDescriptor) -> list[Descriptor]:
    return list(file.message_types_by_name.values())


def fields():
    return [field for file in FILES for message in messages(file) for field in message.fields]


def test_promise_59_no_field_is_named_like_a_credential():
    named = {f"{field.containing_type.name}.{field.name}": set(field.name.lower().split("_")) for field in fields()}
    assert not {name for name, words in named.items() if words & CREDENTIAL_WORDS}


def test_promise_59_every_text_field_is_known_and_says_what_it_holds():
    strings = {f"{field.containing_type.name}.{field.name}" for field in fields() if field.type == field.TYPE_STRING}
    assert strings == set(STRING_FIELDS)


def test_promise_59_no_call_reads_or_sets_a_credential():
    calls = {service.name: {method.name for method in service.methods} for file in FILES for service in file.services_by_name.values()}
    assert calls == SERVER_CALLS


def test_promise_59_the_server_can_only_say_a_closed_set_of_things():
    said = {field.name for field in uplink_pb2.ServerMessage.DESCRIPTOR.fields}
    assert said == {"welcome", "ack", "nack", "policy", "command", "fenced", "renewal", "recipients"}


def test_every_proto_file_is_looked_at():
    assert {Path(file.name).name for file in FILES} == {path.name for path in (PROTO / "natvakt_wire/v1").glob("*.proto")}


def test_the_generated_code_is_what_protoc_writes(monkeypatch, capsys):
    pytest.importorskip("grpc_tools", reason="grpcio-tools is a development dependency")
    monkeypatch.syspath_prepend(str(PROTO))
    module = importlib.import_module("generate")
    try:
        assert module.main(["--check"]) == 0, capsys.readouterr().err
    finally:
        sys.modules.pop("generate")
