"""What is wrong with a configuration, told so that it can be mended without reading the source."""

from dataclasses import dataclass

from natvakt_agent.model.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `value` is None where it must not be repeated (an unknown key may hold a secret typed in the wrong place)."""

    source: str  # file, or `environment NAME`
    key: str
    value: str | None
    reason: str
    remedy: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f" = {self.value}"
        return f"{self.source}: {self.key}{shown}: {self.reason}; {self.remedy}"


class ConfigError(Refusal):
    """The configuration is refused. `problems` holds every fault found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
