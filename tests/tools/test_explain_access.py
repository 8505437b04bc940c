"""Can anybody use the page?  By keyboard alone, by ear, on a phone, in the dark, and with little motion."""

import re

import browser
import pytest
from browser import follow, press, settings, text_of, wait
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.slow  # a page knows no JAX

SURFACES = ("scales", "bowl", "noisy", "ravine", "rosenbrock", "saddle")
TARGET = 44  # pixels, of what a thumb must hit
TEXT, GRAPHICS = 4.5, 3.0  # contrast, WCAG 2.2 AA
NAMES = {
    "play": "Play",
    "step": "Step",
    "show-adam": "Adam",
    "show-rmsprop": "RMSprop",
    "show-momentum": "Momentum",
    "show-sgd": "Gradient descent",
    "show-adamw": "AdamW",
    "learning_rate": "Learning rate α of Adam, AdamW, RMSprop",
    "sgd_learning_rate": "Learning rate of gradient descent",
    "momentum_learning_rate": "Learning rate of momentum",
    "b1": "β₁, how slowly m forgets",
    "b2": "β₂, how slowly v forgets",
    "eps": "ε, added to the typical size",
    "weight_decay": "λ, weight decay of AdamW",
    "steps": "Number of steps",
    "start-0": "Start, θ₁",
    "start-1": "Start, θ₂",
    "bias_correction": "Bias correction",
    "reset": "Reset",
    "noise": "Other noise",
}


@pytest.mark.parametrize("size", [(1280, 900), (360, 800)], ids=["desk", "phone"])
def test_tab_reaches_every_control_and_shows_where_it_is(size, page):
    browser.resize(page, *size)
    follow(page, "surface=noisy")  # where one button more is to be seen
    expected = page.execute_script(
        "return [...document.querySelectorAll('button, input, a[href]')].filter((e) => e.type !== 'radio').length"
    )
    seen, unmarked = [], []
    for _ in range(expected + 1):  # the radio buttons are one stop
        press(page, Keys.TAB)
        name, outline, is_seen = page.execute_script(
            """const e = document.activeElement, box = e.getBoundingClientRect();
            const shown = e.type === "radio" ? e.parentElement : e;
            const width = getComputedStyle(shown).outlineStyle === "none" ? 0 : getComputedStyle(shown).outlineWidth;
            const inMiddle = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
            const isSeen = box.top >= 0 && box.bottom <= innerHeight && shown.contains(inMiddle);
            return [e.id || e.value || e.getAttribute("href"), parseFloat(width), isSeen];
            """
        )
        seen.append(name)
        if outline < 2 or not is_seen:
            unmarked.append(name)
    assert len(set(seen)) == expected + 1
    assert set(NAMES) | {"noisy"} <= set(seen)
    assert not unmarked


def test_every_control_has_its_name(page):
    follow(page, "surface=noisy")
    assert {name: page.find_element(By.ID, name).accessible_name for name in NAMES} == NAMES
    radios = page.find_elements(By.NAME, "surface")
    names = ["Two scales", "Bowl", "Noisy bowl", "Ravine", "Rosenbrock", "Saddle"]
    assert [radio.accessible_name for radio in radios] == names
    wait(page, lambda: page.find_elements(By.CSS_SELECTOR, "#rates-rows tr"))
    for name in ("map", "chart", "rates"):
        drawing = page.find_element(By.ID, name)
        assert drawing.aria_role in ("img", "image")
        assert drawing.accessible_name
        for described in drawing.get_attribute("aria-describedby").split():
            assert re.search(r"\d", text_of(page, f"#{described}"))
    assert page.find_element(By.ID, "bias_correction").aria_role == "switch"


def test_arrows_change_the_step_and_its_numbers(page):
    follow(page, "surface=bowl&learning_rate=0.3")
    page.find_element(By.ID, "step").send_keys(Keys.HOME)
    first = text_of(page, "[data-line=theta]")
    assert text_of(page, "#now") == "1"
    assert "−9.000−0.3·−9.000" in first.replace(" ", "")  # theta and m_hat = g, both at -9
    press(page, Keys.ARROW_RIGHT)
    assert text_of(page, "#now") == "2"
    assert text_of(page, "[data-line=theta]") != first
    assert page.find_element(By.ID, "step").get_attribute("aria-valuetext") == "2 of 100"
    page.execute_script("document.activeElement.blur()")
    press(page, Keys.ARROW_LEFT)  # nothing has the focus
    assert text_of(page, "[data-line=theta]") == first


def test_the_numbers_are_said_aloud_only_when_they_rest(page):
    page.find_element(By.ID, "step").send_keys(Keys.END)
    assert text_of(page, "#announcement") == ""
    assert "Step 150" in text_of(page, "#caption")
    wait(page, lambda: text_of(page, "#announcement") == text_of(page, "#caption"))
    live = page.execute_script("return [...document.querySelectorAll('[aria-live], [role=status], output')].length")
    assert live == 1


def test_less_motion_means_few_pictures(page):
    browser.prefer(page, reduced_motion="reduce")
    page.find_element(By.ID, "play").send_keys(Keys.ENTER)
    wait(page, lambda: 1 < settings(page)["step"] < 60)
    assert settings(page)["step"] == 16  # from the start a tenth of 150 further
    page.find_element(By.ID, "play").send_keys(Keys.ENTER)


@pytest.mark.parametrize("surface", SURFACES)
def test_a_phone_shows_one_column_with_room_for_thumbs(surface, page):
    browser.resize(page, 360, 800)
    follow(page, f"surface={surface}&hidden=&learning_rate=0.0001&eps=1e-12&b1=0.999&b2=0.9999&start=0.01,-0.01")
    width, inner, wide = page.execute_script(
        """const wide = [...document.querySelectorAll("body *")].filter((e) =>
          !e.closest("svg, .unseen") && e.getBoundingClientRect().right > innerWidth + 0.5);
        return [document.documentElement.scrollWidth, innerWidth, wide.map((e) => e.outerHTML.slice(0, 200))]"""
    )
    assert inner == 360
    assert width <= inner
    assert not wide
    small = page.execute_script(
        """return [...document.querySelectorAll("button:not([hidden]), input, a")]
          .map((e) => (e.closest("label") ?? e)).filter((e) => {
            const { width, height } = e.getBoundingClientRect();
            return width < arguments[0] || height < arguments[0];
          }).map((e) => e.outerHTML)""",
        TARGET,
    )
    assert not small


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme, page):
    browser.prefer(page, color_scheme=scheme)
    follow(page, "surface=scales&hidden=")
    wait(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "#rates-rows tr")) == 5)
    found = page.execute_script(
        """const opaque = (e) => {
          const color = getComputedStyle(e).backgroundColor;
          return color !== "rgba(0, 0, 0, 0)" ? color : e === document.documentElement ? null : opaque(e.parentElement);
        };
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
        while (texts.nextNode()) {
          const e = texts.currentNode.parentElement;
          if (!texts.currentNode.data.trim() || e.closest("script, [hidden]")) continue;
          const color = getComputedStyle(e)[e.closest("svg") ? "fill" : "color"];
          found.push(["text", texts.currentNode.data, color, opaque(e)]);
        }
        for (const e of document.querySelectorAll("#map .walk, #map .arrow, #rates .walk")) {
          found.push(["graphics", e.getAttribute("class"), getComputedStyle(e).color, opaque(e)]);
        }
        for (const e of document.querySelectorAll("button, .choices label")) {
          const border = getComputedStyle(e).borderTopColor;
          found.push(["graphics", "border of " + e.textContent, border, opaque(e.parentElement)]);
        }
        return found"""
    )
    assert len(found) > 100
    least = {"text": TEXT, "graphics": GRAPHICS}
    assert not [entry for entry in found if contrast(entry[2], entry[3]) < least[entry[0]]]
    is_dark = luminance(page.execute_script("return getComputedStyle(document.body).backgroundColor")) < 0.1
    assert is_dark == (scheme == "dark")


def luminance(color):
    parts = [float(x) / 255 for x in re.findall(r"[\d.]+", color)[:3]]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
