"""Figures as Prometheus reads them: the text format, version 0.0.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Metric:
    """`name` with its unit at the end, in base units; `kind`: gauge or counter."""

    name: str
    help: str
    samples: Sequence[Sample]
    kind: str = "gauge"


def single(name: str, help: str, value: float, **labels: str) -> Metric:
    return Metric(name, help, (Sample(value, labels),))


def written(metrics: Sequence[Metric]) -> bytes:
    lines = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {_line(metric.help)}", f"# TYPE {metric.name} {metric.kind}"]
        lines += [f"{metric.name}{_labels(sample.labels)} {_number(sample.value)}" for sample in metric.samples]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _line(text).replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
