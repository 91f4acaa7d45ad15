"""What a wall says to a change of something that is outside: as if it were not there."""


class OutsideScope(Exception):
    """Somebody tried to change what the visit's scope does not hold. The answer is 404, as for what does not exist."""
