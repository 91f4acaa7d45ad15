"""Writes `families/*.txt` beside this file, synthetic recordings of device families; with `--check` says whether they are up to date."""

import argparse
import sys
from pathlib import Path

from generator.recording import Recording
from generator.routers import all_routers
from generator.servers import all_servers
from generator.switches import all_switches

FOLDER = Path(__file__).parent / "families"


def recordings() -> list[Recording]:
    return [*all_switches(), *all_routers(), *all_servers()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when a file is not what the generator says")
    wanted = {f"{recording.name}.txt": recording.lines() for recording in recordings()}
    known = {path.name: path.read_text() for path in FOLDER.glob("*.txt")}
    if parser.parse_args().check:
        stale = sorted(name for name in wanted.keys() | known.keys() if wanted.get(name) != known.get(name))
        for name in stale:
            sys.stderr.write(f"{FOLDER / name} is not what the generator says; run {Path(__file__).name}\n")
        return int(bool(stale))
    FOLDER.mkdir(exist_ok=True)
    for name in known.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, lines in wanted.items():
        (FOLDER / name).write_text(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
