"""What a person is told in one line: every error whose text says what, where, why and the way out is of this kind."""


class Refusal(Exception):
    """The text is for the person in front of the terminal; a command that meets one ends with exit code 1."""


class WordedRefusal(Refusal, ValueError):
    """The same, for those who read another language too: `word` of the console's catalogue says it with `values`."""

    def __init__(self, text: str, word: str, **values: str) -> None:
        super().__init__(text)
        self.word, self.values = word, values
