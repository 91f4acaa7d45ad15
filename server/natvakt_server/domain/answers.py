"""What people found out about rules that only a person can answer: who says so, when, of which device."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from natvakt_server.domain.refusal import WordedRefusal

REMARK_CHARACTERS = 500


class NotAnAnswer(WordedRefusal):
    """Names the value, what is wrong with it and what to write instead."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """`holds`: what the rule asks for is so. `device` is the device's id."""

    tenant: str
    rule: str
    device: str
    holds: bool
    given_ns: int
    by: str
    remark: str = ""


class AnswerBook(Protocol):
    def give(self, answer: GivenAnswer) -> None:
        """In place of an earlier answer to the same question of the same device."""
        ...

    def withdraw_answer(self, tenant: str, rule: str, device: str) -> bool:
        """False: there was none."""
        ...

    def answers(self, tenant: str) -> Sequence[GivenAnswer]:
        """By rule and device."""
        ...


def checked(answer: GivenAnswer) -> GivenAnswer:
    """Raises NotAnAnswer: an answer counts in somebody's name."""
    if not answer.by.strip():
        raise NotAnAnswer("nobody is named who found it out; write the name of that person", "answer-nobody")
    if len(answer.remark) > REMARK_CHARACTERS:
        raise NotAnAnswer(
            f"the remark has {len(answer.remark)} characters; write at most {REMARK_CHARACTERS}",
            "answer-long-remark",
            value=str(len(answer.remark)),
            most=str(REMARK_CHARACTERS),
        )
    return answer
