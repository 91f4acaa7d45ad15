"""`make pictures`: the pictures of the README, of the console of a demo that runs (`make demo` in another terminal).

python -m browser.pictures STATE FOLDER
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pyotp
from demo.processes import tool
from testkit.chromium import BrowserError, Chromium

PICTURES = {"overview": "/", "map": "/customers/demo/sites/hq/map"}
WIDTH, HEIGHT = 1280, 860
DRAWN = """
new Promise((done) => {
  const map = document.querySelector('[data-map]');
  const look = () => {
    if (map && !map.dataset.drawn) { requestAnimationFrame(look); } else { requestAnimationFrame(() => requestAnimationFrame(done)); }
  };
  look();
})
"""


class NoDemo(Exception):
    """There is no demo to be seen; the text says how to get one."""


def take(state: Path, folder: Path) -> None:
    """Raises NoDemo, and BrowserError where the console is not as this expects it."""
    config = state / "server.toml"
    if not config.is_file():
        raise NoDemo(f"{config}: no demo was made there; run `make demo` in another terminal")
    address = f"https://{tomllib.loads(config.read_text('utf-8'))['console']['listen']}"
    with tempfile.TemporaryDirectory() as profile:
        browser = Chromium(Path(profile))
        try:
            browser.window(WIDTH, HEIGHT)
            _log_in(browser, _link(config))
            for name, path in PICTURES.items():
                browser.open(address + path)
                browser.evaluate(DRAWN)
                browser.screenshot(folder / f"{name}.png")
        finally:
            browser.close()


def _link(config: Path) -> str:
    """Of somebody new: the demo's owner keeps the own password."""
    name = f"pictures-{secrets.token_hex(4)}"
    command = [
        tool("natvakt-server"),
        "user",
        "add",
        name,
        "--display-name",
        "NOC",
        "--language",
        "en",
        "--role",
        "owner",
        "--config",
        str(config),
        "--json",
    ]
    environment = {**os.environ, "NATVAKT_STATE_DIR": str(config.parent)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise NoDemo(f"nobody could be added for the pictures: {done.stderr.strip()}")
    link: str = json.loads(done.stdout)["link"]
    return link


def _log_in(browser: Chromium, link: str) -> None:
    """As a person does with a one-time link: a password, then the second factor."""
    try:
        browser.open(link)
        password = secrets.token_urlsafe(18)
        for field in ("password", "again"):
            browser.fill(f"#field-{field}", password)
        browser.submit("button.primary")
        seed = str(browser.evaluate("document.querySelector('.seed').textContent")).replace(" ", "")
        browser.fill("#field-code", pyotp.TOTP(seed).now())
        browser.submit("button.primary")
    except BrowserError as error:
        raise NoDemo(f"{link.partition('/welcome')[0]} does not answer as a console does ({error}); is `make demo` running?") from error


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("state", type=Path, metavar="STATE", help="the demo's folder")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pictures go")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    try:
        take(options.state, options.folder)
    except NoDemo as error:
        print(f"pictures: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
