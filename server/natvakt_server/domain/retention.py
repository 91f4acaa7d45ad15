"""What is forgotten after its time, so that the database does not grow for ever."""

from typing import Protocol


class Retention(Protocol):
    def expire_ledger(self, received_before_ns: int) -> int:
        """Ledger rows of applied envelopes; marks, gaps and the quarantine stay. Answers how many went.

        Keep them longer than an agent keeps acknowledged batches (24 h): until then a repeat is compared with the ledger.
        """
        ...

    def expire_sessions(self, ended_before_ns: int) -> int:
        """Console sessions and one-time links that ran out before that time; answers how many went."""
        ...
