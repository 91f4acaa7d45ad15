"""`python -m demo`: the whole demo. DEMO_ONCE=1 stops after the report; NATVAKT_STATE_DIR names the folder (./demo-state)."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from demo.processes import StepFailed
from demo.runner import Demo, Report, fresh_folder


def say(text: str) -> None:
    print(f"demo: {text}", flush=True)


def last_line(report: Report) -> str:
    return f"report {report.pdf} {report.html} {report.json}"


def main() -> int:
    def on_signal(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, on_signal)
    try:
        with fresh_folder(Path(os.environ.get("NATVAKT_STATE_DIR") or "demo-state").resolve()) as folder:
            say(f"everything is kept in {folder}")
            return show(Demo(folder, int(os.environ.get("DEMO_DAYS") or 30), say))
    except StepFailed as error:
        print(f"demo: failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("stopping")
        return 0


def show(demo: Demo) -> int:
    """Run it, serve until told to stop unless once is enough, and leave nothing running."""
    try:
        report = demo.run()
        if os.environ.get("DEMO_ONCE") != "1":
            demo.welcome()
            say(last_line(report))
            say("serving until Ctrl-C")
            demo.wait()
    finally:
        demo.stop()
    say(last_line(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
