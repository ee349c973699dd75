"""A real browser without a window, and what can be asked of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Browser", "Line", "open_browser"]

Line = tuple[str, float, float, float, float, float, str]
"""A line of text: what it says, its sides, the size of its font, the class of its group."""

HOW = "sudo apt-get install chromium chromium-driver, and pip install selenium"

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)

TEXTS = """
const inside = e => { const r = e.getBoundingClientRect();
    return [r.left + scrollX, r.top + scrollY, r.right + scrollX, r.bottom + scrollY]; };
const root = arguments[0] ? document.querySelector(arguments[0]) : document.documentElement;
return [...root.querySelectorAll('text')].map(t => [t.textContent, ...inside(t),
    parseFloat(getComputedStyle(t.querySelector('tspan') || t).fontSize),
    (t.closest('g') || t).getAttribute('class') || '']);
"""


class Browser:
    """Pages opened from files, with a record of everything that they asked for.

    Args:
        driver: of Selenium.
    """

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(
        self, path: Path, *, width: int = 1440, height: int = 1000, dark: bool = False
    ) -> None:
        """Open a file, as in a window of that size."""
        self.driver.get_log("performance")
        self.driver.get_log("browser")
        self.driver.set_window_size(width, height)
        self.prefer("dark" if dark else "light")
        self.driver.get(path.resolve().as_uri())

    def prefer(self, scheme: str, media: str = "screen") -> None:
        """Let pages see that the viewer prefers a colour scheme, on screen or in print."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media, "features": [feature]}
        )

    def ask(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """What the page wrote to the console since it was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since it was opened, its own among them."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def texts(self, within: str = "") -> list[Line]:
        """Every line of text, or those within what a CSS selector finds."""
        lines: list[Line] = [tuple(entry) for entry in self.ask(TEXTS, within)]
        return lines


def open_browser() -> Iterator[Browser]:
    """A browser for a fixture; the test is skipped, with the reason, where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason=f"no Selenium; {HOW}")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip(f"no Chromium with its driver; {HOW}")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses to run as root inside its sandbox.
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    running = webdriver.Chrome(options, webdriver.ChromeService(driver))
    try:
        yield Browser(running)
    finally:
        running.quit()
