"""How a stored state and an arriving document become the newer state. Pure, and the same whatever the order of arrival.

A document says: at `observed_ns` the table was in the state `digest`. With rows it is a full reading, without it is "still the same".
The state with the newest word wins. A "still the same" about a state that has not come yet is remembered until it comes.
"""

from dataclasses import dataclass, replace

from natvakt_server.domain.estate import DocumentEffect


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of one table of one agent's device. `digest` empty: nothing yet, only something awaited."""

    digest: str = ""
    observed_ns: int = 0
    confirmed_ns: int = 0
    awaited_digest: str | None = None
    awaited_ns: int = 0


def merge(held: Held, document: DocumentEffect) -> tuple[Held, bool]:
    """The newer state, and whether the document's rows are now the current ones in place of others."""
    if document.rows is None:
        return _confirm(held, document), False
    awaited = held.awaited_ns if held.awaited_digest == document.digest else 0
    said_ns = max(document.observed_ns, awaited)
    if held.digest == document.digest:
        seen = replace(held, observed_ns=max(held.observed_ns, document.observed_ns), confirmed_ns=max(held.confirmed_ns, said_ns))
        return _settle(seen, awaited), False
    if held.digest and (said_ns, document.digest) <= (held.confirmed_ns, held.digest):
        return held, False
    newer = replace(held, digest=document.digest, observed_ns=document.observed_ns, confirmed_ns=said_ns)
    return _settle(newer, awaited), True


def _confirm(held: Held, document: DocumentEffect) -> Held:
    if held.digest and held.digest == document.digest:
        return replace(held, confirmed_ns=max(held.confirmed_ns, document.observed_ns))
    if document.observed_ns <= held.confirmed_ns or document.observed_ns <= held.awaited_ns:
        return held
    return replace(held, awaited_digest=document.digest, awaited_ns=document.observed_ns)


def _settle(held: Held, awaited_ns: int) -> Held:
    """Forget what was awaited once it came, or once something newer did."""
    if awaited_ns or held.awaited_ns <= held.confirmed_ns:
        return replace(held, awaited_digest=None, awaited_ns=0)
    return held
