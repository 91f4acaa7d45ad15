"""Who may resume: one live session an agent, and a nonce that tells a clone or a restored snapshot from the agent itself.

Each session hands out a nonce: 8 bytes generation, 24 random bytes. The agent stores it before it sends anything else. At the next Hello

- the current one is accepted, and a new one is handed out;
- the previous one is accepted while nothing was stored in the session of the current one (its Welcome was lost): the current one is handed
  out again, so that a Hello that was late on a dead connection does no harm;
- one of a higher generation means that *this server* was restored from a backup: accepted, audited, and the marks say from where to resend;
- any other is FENCED. The epoch stays alive for whoever holds the right one.

A new epoch begins with an empty nonce; where an earlier one was fenced for a fork, only after a person approved it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from natvakt_server.domain.delivery import Mark, SessionState
from natvakt_server.gateway.requests import Begin, LaneFacts

GENERATION_BYTES = 8
FRESH_BYTES = 24
NONCE_BYTES = GENERATION_BYTES + FRESH_BYTES


@dataclass(frozen=True, slots=True)
class Admitted:
    """`state` is to be stored where the nonce is still `expected_nonce`. `notes` go to the audit trail: (action, detail)."""

    state: SessionState
    expected_nonce: bytes
    notes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """`fork`: the epoch is to be fenced for ever; otherwise only this client is sent away."""

    detail: str
    fork: bool = False


def judge(begin: Begin, states: Sequence[SessionState], marks: Mapping[int, Mark]) -> Admitted | Refused:
    """Decide on a Hello from what is stored. Pure."""
    known = {state.epoch: state for state in states}
    mine = known.get(begin.epoch)
    if mine is not None and mine.fenced:
        return Refused(f"epoch {begin.epoch.hex()} was fenced: {mine.detail}")
    if mine is None and any(state.fenced and not state.approved for state in states):
        return Refused("an earlier epoch of this agent was fenced; a new one begins after `natvakt-server agent approve`")
    resumed = _first(begin) if mine is None else _resumed(begin, mine)
    if isinstance(resumed, Refused):
        return resumed
    contradiction = _contradiction(begin.lanes, marks)
    if contradiction is not None:
        return contradiction
    behind = [facts.lane for facts in begin.lanes if facts.acked_through > marks.get(facts.lane, _NOTHING).seq]
    if behind:
        note = (
            "server-behind",
            f"lanes {behind}: the agent was acked beyond this server's marks; it is asked to resend or to declare a gap",
        )
        return replace(resumed, notes=(*resumed.notes, note))
    return resumed


_NOTHING = Mark(0, 0, b"")


def _first(begin: Begin) -> Admitted:
    notes = [("epoch-registered", begin.epoch.hex())]
    if begin.resume_nonce:
        notes.append(("server-behind", "the agent resumes an epoch that this server does not know"))
    nonce = _next_nonce(begin.resume_nonce, b"", begin.fresh)
    return Admitted(_opened(SessionState(begin.peer.agent, begin.epoch, nonce, begin.resume_nonce), begin), b"", notes)


def _resumed(begin: Begin, mine: SessionState) -> Admitted | Refused:
    presented = begin.resume_nonce
    if presented == mine.nonce:
        state = replace(mine, nonce=_next_nonce(presented, mine.nonce, begin.fresh), previous_nonce=presented, confirmed=False)
        return Admitted(_opened(state, begin), mine.nonce)
    if presented == mine.previous_nonce and not mine.confirmed:
        return Admitted(_opened(mine, begin), mine.nonce)
    if _generation(presented) > _generation(mine.nonce):
        state = replace(mine, nonce=_next_nonce(presented, mine.nonce, begin.fresh), previous_nonce=presented, confirmed=False)
        return Admitted(_opened(state, begin), mine.nonce, [("server-behind", "the agent holds a newer resume nonce than this server")])
    return Refused(
        f"resume nonce of generation {_generation(presented)} is neither the current ({_generation(mine.nonce)}) nor the previous one: "
        "a clone of this agent, or its machine was restored from a snapshot"
    )


def _contradiction(lanes: Sequence[LaneFacts], marks: Mapping[int, Mark]) -> Refused | None:
    """What an agent with an unbroken memory cannot say."""
    for facts in lanes:
        mark = marks.get(facts.lane)
        if mark is None:
            continue
        if facts.next_seq <= mark.seq:
            return Refused(
                f"lane {facts.lane}: the agent would go on at seq {facts.next_seq}, but {mark.seq} is stored: restored from a snapshot"
            )
        if facts.acked_through == mark.seq and facts.acked_digest != mark.digest:
            return Refused(f"lane {facts.lane}: the agent's batch {mark.seq} has another digest than the stored one", fork=True)
    return None


def _opened(state: SessionState, begin: Begin) -> SessionState:
    return replace(state, skew_ns=begin.wall_ns - begin.received_ns, opened_ns=begin.received_ns)


def _next_nonce(presented: bytes, current: bytes, fresh: bytes) -> bytes:
    generation = max(_generation(presented), _generation(current)) + 1
    return generation.to_bytes(GENERATION_BYTES, "big") + fresh


def _generation(nonce: bytes) -> int:
    """0 for what no server of ours handed out; capped, so that a made-up one cannot use the numbers up."""
    if len(nonce) != NONCE_BYTES:
        return 0
    generation = int.from_bytes(nonce[:GENERATION_BYTES], "big")
    return generation if generation < 1 << 62 else 0
