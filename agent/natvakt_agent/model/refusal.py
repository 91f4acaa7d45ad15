"""What a person is told in one line: every error whose text says what, where, why and the way out is of this kind."""


class Refusal(Exception):
    """The text is for the person in front of the terminal; a command that meets one ends with exit code 1."""
