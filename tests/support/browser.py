"""How is a page opened in a test?  Headless Chromium, which talks to nobody and keeps nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

# Without them a new browser asks its maker for updates and settings.
QUIET = "--disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


def start(profile: Path) -> webdriver.Chrome:
    """A browser whose profile is the new, empty directory `profile`; the caller quits it."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("needs Chromium: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", *QUIET.split(), f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # With the driver's path Selenium looks for none, and downloads none.
    return webdriver.Chrome(options=options, service=Service(driver))


def requests(messages: list[dict[str, Any]]) -> set[str]:
    """The files and network addresses that a page asked for, from the messages of the performance log.

    Chromium's own pages (chrome://new-tab-page and more) are in the log too, and are not the page's doing.
    """
    addresses = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    addresses += [m["params"]["url"] for m in messages if m["method"] == "Network.webSocketCreated"]
    schemes = ("http:", "https:", "ws:", "wss:", "ftp:", "file:")
    return {address.partition("#")[0] for address in addresses if address.startswith(schemes)}


def resize(browser: webdriver.Chrome, width: int, height: int) -> None:
    """The size of the page itself; a window of Chromium cannot be as narrow as a phone."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def prefer(browser: webdriver.Chrome, **features: str) -> None:
    """What the reader has set in the system, e.g. color_scheme="dark"."""
    pairs: list[Any] = [{"name": f"prefers-{name.replace('_', '-')}", "value": v} for name, v in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": pairs})


def load(page: webdriver.Chrome, address: str) -> None:
    page.get("about:blank")  # a new hash alone would not load the page anew
    page.get(address)


def follow(page: webdriver.Chrome, fragment: str) -> None:
    """To a link within the page."""
    page.execute_script("location.hash = arguments[0]", fragment)
    wait(page, lambda: page.execute_script("return location.hash") == f"#{fragment}")
    page.execute_async_script("requestAnimationFrame(arguments[0])")


def wait(page: webdriver.Chrome, condition: Callable[[], Any]) -> None:
    WebDriverWait(page, 10, poll_frequency=0.05).until(lambda _: condition())


def settings(page: webdriver.Chrome) -> dict[str, Any]:
    return page.execute_script("return adam_explain.settings()")


def text_of(page: webdriver.Chrome, selector: str) -> str:
    return page.execute_script("return document.querySelector(arguments[0]).textContent", selector)


def path_of(page: webdriver.Chrome, method: str) -> str | None:
    return page.find_element(By.CSS_SELECTOR, f"#map .walk.{method} .future").get_attribute("d")


def press(page: webdriver.Chrome, *keys: str) -> None:
    ActionChains(page, duration=0).send_keys(*keys).perform()
