"""What the demo says it cost."""

import os
import subprocess
import sys

from demo.figures import Figures, cpu_seconds, own_cpu_seconds

BUSY = "import time\nwhile time.process_time() < 0.05: pass"


def test_the_cpu_of_a_process_that_has_ended_is_told_until_it_is_waited_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", BUSY])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert cpu_seconds(child.pid) > 0
    child.wait()
    assert cpu_seconds(child.pid) == 0


def test_each_step_and_each_process_has_its_line() -> None:
    before = own_cpu_seconds()
    figures = Figures(lambda: [("itself", os.getpid())])
    figures.ended("history", 1.5)
    figures.step_done("first")
    figures.step_done("second")
    first, second, everything, processes = figures.lines()
    assert first.endswith("first")
    assert second.endswith("second")
    assert everything.endswith("processors")
    assert "history 2 s" in processes
    assert "commands 0 s" in processes
    assert own_cpu_seconds() >= before
