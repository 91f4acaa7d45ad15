"""Every wire error travels as one status, and the other end knows from the status what to do."""

import grpc
import pytest
from natvakt_wire import errors
from natvakt_wire.errors import STATUS_BY_ERROR, Advice, Malformed, NotAdmitted, TryLater, WireError, advice, status_name

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, WireError) and kind is not WireError]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_status_that_grpc_knows(kind):
    assert status_name(kind("x")) == STATUS_BY_ERROR[kind]
    assert hasattr(grpc.StatusCode, STATUS_BY_ERROR[kind])


def test_a_kind_of_a_kind_travels_like_its_parent():
    class Narrower(Malformed):
        pass

    assert status_name(Narrower("x")) == "INVALID_ARGUMENT"
    assert status_name(WireError("x")) == "INTERNAL"


@pytest.mark.parametrize(
    ("error", "expected"), [(Malformed("x"), Advice.GIVE_UP_ITEM), (NotAdmitted("x"), Advice.STOP), (TryLater("x"), Advice.RETRY)]
)
def test_the_status_says_what_to_do(error, expected):
    assert advice(status_name(error)) is expected


@pytest.mark.parametrize("status", ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "CANCELLED"])
def test_whatever_the_network_says_is_worth_another_try(status):
    assert advice(status) is Advice.RETRY
