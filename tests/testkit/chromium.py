"""A real headless Chromium, driven over its debugging pipe: NUL-separated JSON on two file descriptors, no port and no further package."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--ignore-certificate-errors",
    "--remote-debugging-pipe",
)

# Chromium reads commands from descriptor 3 and answers on 4, whichever numbers the pipes have here.
ON_THREE_AND_FOUR = """
import fcntl, os, sys
reading, writing = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(reading, 3)
os.dup2(writing, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def chromium_path() -> str:
    """Skips the test where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium here; `apt-get install chromium`, or tests/services/install.sh")
    return found


class BrowserError(Exception):
    """What the browser answered, or that it is gone."""


class Chromium:
    """One browser with one page. Commands wait for their answer; events that come meanwhile are kept."""

    def __init__(self, profile: Path) -> None:
        to_read, self._to_browser = os.pipe()
        self._from_browser, to_write = os.pipe()
        command = [chromium_path(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        launcher = [sys.executable, "-c", ON_THREE_AND_FOUR, str(to_read), str(to_write), *command]
        self._process = subprocess.Popen(launcher, pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self._number = 0
        self._rest = b""
        self.events: list[Mapping[str, Any]] = []
        target = self._send("Target.createTarget", {"url": "about:blank"})["targetId"]
        self._session = self._send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        try:
            self._send("Browser.close", {})
        except BrowserError:
            self._process.terminate()
        self._process.wait(timeout=60)
        os.close(self._to_browser)
        os.close(self._from_browser)

    def send(self, method: str, **parameters: object) -> Mapping[str, Any]:
        """A command to the page. Raises BrowserError."""
        return self._send(method, parameters, self._session)

    def _send(self, method: str, parameters: Mapping[str, object], session: str = "") -> Mapping[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def _receive(self) -> Mapping[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._from_browser, 1 << 20)
            if not read:
                raise BrowserError("the browser has ended")
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def await_event(self, method: str) -> Mapping[str, Any]:
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method:
                    return self.events.pop(place)
            self.events.append(self._receive())

    def window(self, width: int, height: int, dark: bool = False) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, address: str) -> None:
        """Until everything of the page is loaded."""
        self.events.clear()
        self.send("Page.navigate", url=address)
        self.await_event("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        """The value of a script; a promise is awaited. Raises BrowserError with what it threw."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def submit(self, selector: str) -> None:
        """Press a form's button and wait for the page it leads to."""
        self.events.clear()
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        self.await_event("Page.loadEventFired")

    def fill(self, selector: str, text: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")

    def set_cookies(self, cookies: Mapping[str, str], address: str) -> None:
        for name, value in cookies.items():
            self.send("Network.setCookie", name=name, value=value, url=address, secure=True, httpOnly=True, path="/", sameSite="Strict")

    def screenshot(self, path: Path, whole_page: bool = False) -> None:
        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole_page)
        path.write_bytes(base64.b64decode(shot["data"]))

    def requested(self) -> Sequence[str]:
        """Every address the page asked for since it was opened."""
        return [event["params"]["request"]["url"] for event in self.events if event.get("method") == "Network.requestWillBeSent"]

    def complaints(self) -> Sequence[str]:
        """What stands in the console since the page was opened: errors, and what the content policy refused."""
        found = []
        for event in self.events:
            if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                found.append(event["params"]["entry"]["text"])
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
        return found
