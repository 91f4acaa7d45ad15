"""What can go wrong with the spool, sorted by what the caller should do."""


class SpoolError(Exception):
    """Root of everything the spool refuses."""


class SpoolRefused(SpoolError):
    """The spool must not be used as it is: stop, and tell the person. Names place, reason and way out."""

    def __init__(self, place: str, reason: str, way_out: str) -> None:
        super().__init__(f"spool {place}: {reason}; {way_out}")
        self.place = place
        self.reason = reason
        self.way_out = way_out


class SpoolFull(SpoolError):
    """No room for this batch: shed it, count it, go on. The spool recovers by itself when room comes back."""


class SpoolUnavailable(SpoolError):
    """The disk does not take writes at all for now: try again later."""
