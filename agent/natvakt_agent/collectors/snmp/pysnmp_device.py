"""One device as the engine's process knows it: its socket, what SNMPv3 knows of its engine, and questions held against their answers.

Checked here, whatever pysnmp would let through (promises 32 to 34): source, random request and message ids, version, community, the
number of varbinds, and for GET their OIDs. That a walk's OIDs grow is checked for every engine in `checked.py`.
"""

import threading
from collections.abc import Callable, Sequence

from natvakt_agent.collectors.snmp.ber_limits import SEQUENCE, OutOfBounds, element_at
from natvakt_agent.collectors.snmp.child_messages import Found, Peer, Question, Reply, Search, TypedReply
from natvakt_agent.collectors.snmp.pysnmp_answers import AnsweredVarbind, Pdu, community_answer
from natvakt_agent.collectors.snmp.pysnmp_datagrams import Datagrams
from natvakt_agent.collectors.snmp.pysnmp_questions import NUMBER_OF, community_message, request_pdu
from natvakt_agent.collectors.snmp.pysnmp_users import user_named
from natvakt_agent.collectors.snmp.pysnmp_usm import Conversation, Forged, Next
from natvakt_agent.collectors.snmp.session import AccessRefused, AnswerRefused, NoAnswer, SnmpFault
from natvakt_agent.collectors.snmp.v3_protocols import ANY

NO_SUCH_NAME, AUTHORIZATION_ERROR = 2, 16
TOO_BIG, GENERAL_ERROR = 1, 5
ERRORS = {TOO_BIG: "tooBig", GENERAL_ERROR: "genErr", AUTHORIZATION_ERROR: "authorizationError"}
ABSENT = frozenset(("noSuchObject", "noSuchInstance", "endOfMibView"))
VARBINDS_OF_A_REPORT = 4
MOST_ROUNDS = 3  # of one SNMPv3 question: as it is known, after a new engine id, after its boots and time
SYS_UP_TIME = "1.3.6.1.2.1.1.3.0"


class Device:
    """Serves one question at a time, from any thread."""

    def __init__(self, peer: Peer, random: Callable[[int], bytes], monotonic_seconds: Callable[[], float]) -> None:
        self._random, self._monotonic_seconds = random, monotonic_seconds
        self._lock = threading.Lock()
        self._datagrams = Datagrams(peer.address, peer.port, monotonic_seconds)
        is_settled = peer.version == "v3" and ANY not in (peer.auth_protocol, peer.privacy_protocol)
        self._conversation = _conversation(peer, peer.auth_protocol, peer.privacy_protocol) if is_settled else None

    def close(self) -> None:
        with self._lock:
            self._datagrams.close()

    def ask(self, question: Question) -> Reply:
        """Raises the faults of the port."""
        with self._lock:
            pdu = self._v3_answer(question) if self._conversation else self._community_answer(question)
            return self._reply(question, pdu)

    def ask_typed(self, question: Question) -> TypedReply:
        """The same, and every value with its ASN.1 tag. Raises the faults of the port."""
        with self._lock:
            pdu = self._v3_answer(question) if self._conversation else self._community_answer(question)
            judged = self._reply(question, pdu)
        there = {oid for oid, _ in judged.varbinds}
        typed = [each.typed for each in pdu.varbinds if each.oid in there and each.kind not in ABSENT]
        return TypedReply(typed, judged.ended, judged.engine_id, judged.remarks)

    def _reply(self, question: Question, pdu: Pdu) -> Reply:
        remarks = [f"{times} answers refused: {reason}" for reason, times in self._datagrams.strays.items()]
        if self._conversation is None:
            engine_id = None
        else:
            engine_id = self._conversation.engine.engine_id or None
            remarks += self._conversation.remarks
            self._conversation.remarks = []
        return _judged(question, pdu, engine_id, remarks)

    def _number(self) -> int:
        """Request and message ids are 31 random bits (promise 34)."""
        return int.from_bytes(self._random(4), "big") >> 1

    def _community_answer(self, question: Question) -> Pdu:
        peer, number = question.peer, self._number()
        pdu = request_pdu(peer.version, question.kind, number, question.oids, question.repetitions)
        octets = community_message(peer.version, peer.community.encode(), pdu)
        most = _most_varbinds(question)
        return self._datagrams.exchange(octets, lambda datagram: community_pdu(datagram, peer, number, most), question.timeout_seconds)

    def _v3_answer(self, question: Question) -> Pdu:
        conversation = self._conversation
        assert conversation is not None
        self._meet(conversation, question.timeout_seconds)
        try:
            return self._v3_rounds(conversation, question)
        except NoAnswer:
            if conversation.is_proven:
                raise
            return self._unproven(conversation, question)

    def _unproven(self, conversation: Conversation, question: Question) -> Pdu:
        """The engine told its id but was silent to the user: a lost datagram, or the silence of net-snmp about a wrong privacy key."""
        try:
            return self._v3_rounds(conversation, question)
        except NoAnswer as error:
            conversation.forget_engine()
            raise AccessRefused("refused: the device is there, but silent to this user: wrong privacy key or protocol") from error

    def _v3_rounds(self, conversation: Conversation, question: Question) -> Pdu:
        for _ in range(MOST_ROUNDS):
            number = self._number()
            pdu = request_pdu("v3", question.kind, self._number(), question.oids, question.repetitions)
            octets = conversation.question(number, pdu, self._monotonic_seconds(), question.peer.context_name)
            answer = self._exchange(
                conversation, octets, number, max(_most_varbinds(question), VARBINDS_OF_A_REPORT), question.timeout_seconds
            )
            if isinstance(answer, Pdu):
                if answer.request_id != pdu["request-id"]:
                    raise AnswerRefused("the answer's request id is not the question's")
                return answer
        raise AnswerRefused("the device keeps changing its engine id, boots or time")

    def _meet(self, conversation: Conversation, timeout_seconds: float) -> None:
        if not conversation.engine.engine_id:
            number = self._number()
            if isinstance(self._exchange(conversation, conversation.discovery(number), number, VARBINDS_OF_A_REPORT, timeout_seconds), Pdu):
                raise AnswerRefused("the device does not tell its engine id")

    def _exchange(self, conversation: Conversation, octets: bytes, number: int, most: int, timeout_seconds: float) -> Pdu | Next:
        return self._datagrams.exchange(
            octets, lambda datagram: conversation.read(datagram, number, most, self._monotonic_seconds()), timeout_seconds
        )

    def find_protocols(self, search: Search) -> Found:
        """Two questions after one another, so that no combination is tried that cannot be it.

        A question out of the device's time is answered with an authenticated report when the digest is right, and with wrongDigests when
        it is not (RFC 3414, 3.2, steps 6 and 7): the authentication is found in at most as many questions as there are protocols, before
        anything is decrypted. Then the privacy likewise. The protection is never lowered for it.
        """
        with self._lock:
            first = _conversation(search.peer, search.auth_protocols[0], "")
            self._meet(first, search.timeout_seconds)
            tried = 1
            for auth in search.auth_protocols:
                tried += 1
                privacy = search.privacy_protocols[0] if search.privacy_protocols else ""
                if not self._speaks(first, search, auth, privacy, out_of_time=True):
                    continue
                for privacy in search.privacy_protocols or ("",):
                    tried += 1
                    if self._speaks(first, search, auth, privacy, out_of_time=False):
                        return Found(auth, privacy, tried)
                return Found(auth, "", tried)
            return Found("", "", tried)

    def _speaks(self, met: Conversation, search: Search, auth: str, privacy: str, out_of_time: bool) -> bool:
        trial = _conversation(search.peer, auth, privacy)
        trial.engine = met.engine
        for _ in range(1 if out_of_time else MOST_ROUNDS):
            number, pdu = self._number(), request_pdu("v3", "get", self._number(), (SYS_UP_TIME,), 0)
            octets = trial.out_of_time_question(number, pdu) if out_of_time else trial.question(number, pdu, self._monotonic_seconds())
            try:
                answer = self._exchange(trial, octets, number, VARBINDS_OF_A_REPORT, search.timeout_seconds)
            except NoAnswer:
                return False  # some drop silently what they cannot decrypt
            except (AccessRefused, AnswerRefused):
                return False
            met.engine = trial.engine
            if out_of_time or isinstance(answer, Pdu):
                return True
        return False


def _conversation(peer: Peer, auth_protocol: str, privacy_protocol: str) -> Conversation:
    return Conversation(user_named(peer.user, auth_protocol, peer.auth_key, privacy_protocol, peer.privacy_key))


def _most_varbinds(question: Question) -> int:
    return question.repetitions if question.kind == "bulk" else len(question.oids)


def community_pdu(datagram: bytes, peer: Peer, number: int, most_varbinds: int) -> Pdu:
    """The answer to request `number` in SNMPv1 or v2c. Raises Forged for what is none, AnswerRefused for one that cannot be read."""
    _check_number(datagram, number)
    version, community, answer = community_answer(datagram, most_varbinds)
    if version != NUMBER_OF[peer.version] or community != peer.community.encode() or answer.is_report:
        raise Forged("of another version or community")
    return answer


def _check_number(datagram: bytes, number: int) -> None:
    """The request id, before anything else is decoded: what answers another question is not looked at. Raises Forged."""
    try:
        outer = element_at(datagram, 0, len(datagram))
        version = element_at(datagram, outer.body, outer.end)
        community = element_at(datagram, version.end, outer.end)
        pdu = element_at(datagram, community.end, outer.end)
        found = element_at(datagram, pdu.body, pdu.end)
    except OutOfBounds as error:
        raise Forged(f"unreadable: {error}") from error
    if outer.tag != SEQUENCE or int.from_bytes(datagram[found.body : found.end], "big", signed=True) != number:
        raise Forged("to another request id")


def _judged(question: Question, pdu: Pdu, engine_id: bytes | None, remarks: Sequence[str]) -> Reply:
    """The PDU as an answer to the question, or the fault it stands for."""
    if pdu.error_status == NO_SUCH_NAME:
        # SNMPv1's word for "not there", which net-snmp and others also say in v2c. In a GET it hides all the others.
        if question.kind != "get":
            return Reply((), True, engine_id, remarks)
        return Reply((), len(question.oids) == 1, engine_id, remarks)
    if pdu.error_status:
        raise _fault(pdu.error_status)
    if len(pdu.varbinds) > _most_varbinds(question) or (question.kind != "bulk" and len(pdu.varbinds) != len(question.oids)):
        raise AnswerRefused(f"{len(pdu.varbinds)} values where {_most_varbinds(question)} were asked for")
    if question.kind == "get":
        if [each.oid for each in pdu.varbinds] != list(question.oids):
            raise AnswerRefused(f"the answer to {question.oids[0]} is about other objects")
        return Reply([(each.oid, each.value) for each in pdu.varbinds if each.kind not in ABSENT], True, engine_id, remarks)
    there = _before_the_end(pdu.varbinds)
    return Reply([(each.oid, each.value) for each in there], len(there) < len(pdu.varbinds) or not there, engine_id, remarks)


def _before_the_end(varbinds: Sequence[AnsweredVarbind]) -> list[AnsweredVarbind]:
    found: list[AnsweredVarbind] = []
    for each in varbinds:
        if each.kind in ABSENT:
            break
        found.append(each)
    return found


def _fault(status: int) -> SnmpFault:
    if status == AUTHORIZATION_ERROR:
        return AccessRefused("refused: a view that does not allow it (authorizationError)")
    return AnswerRefused(f"the device answers with the error {ERRORS.get(status, status)}")
