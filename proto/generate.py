"""Generate the Python code of every `natvakt_wire/v1/*.proto`, or check that what is in the tree is what protoc would write.

python proto/generate.py          write
python proto/generate.py --check  exit 1 and name the files that differ
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent
SOURCES = "natvakt_wire/v1"
HAS_SERVICE = "\nservice "


class GenerationFailed(Exception):
    """protoc refused; it has said why on stderr."""


def generate(target: Path) -> None:
    """Write messages and stubs of every source below `target`; gRPC code only for sources with a service."""
    sources = sorted(f"{SOURCES}/{path.name}" for path in (ROOT / SOURCES).glob("*.proto"))
    services = [source for source in sources if HAS_SERVICE in (ROOT / source).read_text(encoding="utf-8")]
    _run_protoc([f"--python_out={target}", f"--pyi_out={target}", *sources])
    _run_protoc([f"--grpc_python_out={target}", *services])


def _run_protoc(arguments: Sequence[str]) -> None:
    with as_file(files("grpc_tools") / "_proto") as well_known:
        code = protoc.main(["protoc", f"-I{ROOT}", f"-I{well_known}", *arguments])
    if code != 0:
        raise GenerationFailed(f"protoc ended with exit code {code}")


def differences() -> Iterator[str]:
    """Generated files that are missing, stale or left over, relative to `proto/`."""
    with tempfile.TemporaryDirectory() as folder:
        fresh_root = Path(folder)
        generate(fresh_root)
        fresh = {path.relative_to(fresh_root) for path in fresh_root.rglob("*_pb2*")}
        present = {path.relative_to(ROOT) for path in (ROOT / SOURCES).glob("*_pb2*.py*") if path.suffix in {".py", ".pyi"}}
        for path in sorted(fresh | present):
            if path not in fresh or path not in present or (fresh_root / path).read_bytes() != (ROOT / path).read_bytes():
                yield str(path)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if not parser.parse_args(arguments).check:
        generate(ROOT)
        return 0
    stale = [*differences()]
    for path in stale:
        print(f"proto/{path} is not what protoc writes; run python proto/generate.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
