"""Does the page do what its reader asks?  Sliders, switches, the pointer, links, and walks that diverge."""

import re
import time

import pytest
from browser import follow, load, path_of, settings, text_of, wait
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.slow  # a page knows no JAX

SURFACES = ("bowl", "ravine", "rosenbrock", "saddle", "noisy")


@pytest.mark.parametrize(
    ("slider", "method"),
    [(name, "adam") for name in ("learning_rate", "b1", "b2", "eps", "steps", "start-0", "start-1")]
    + [("sgd_learning_rate", "sgd"), ("sgd_learning_rate", "momentum"), ("b2", "rmsprop"), ("b1", "momentum")],
)
def test_every_slider_changes_the_walk(slider, method, page):
    before, value = path_of(page, method), text_of(page, f"#{slider}-value")
    page.find_element(By.ID, slider).send_keys(Keys.END)
    assert path_of(page, method) != before
    assert text_of(page, f"#{slider}-value") != value


@pytest.mark.parametrize("slider", ["learning_rate", "b1"])
def test_arrows_take_a_slider_from_end_to_end(slider, page):
    """Its numbers are rounded, and no number may be its own neighbour."""
    follow(page, "surface=bowl&steps=10")
    least, most, grain = page.execute_script(
        "const s = document.getElementById(arguments[0]); return [s.min, s.max, s.step].map(Number)", slider
    )
    places = round((most - least) / grain)
    page.find_element(By.ID, slider).send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * places)
    end = settings(page)[slider]
    page.find_element(By.ID, slider).send_keys(*[Keys.ARROW_LEFT] * places)
    assert {"learning_rate": (1e-4, 10), "b1": (0, 0.999)}[slider] == (settings(page)[slider], end)


def test_switches(page):
    corrected = path_of(page, "adam")
    page.find_element(By.ID, "bias_correction").send_keys(Keys.SPACE)
    assert path_of(page, "adam") != corrected
    assert "not corrected" in text_of(page, "[data-line=m_hat]")
    page.find_element(By.ID, "show-rmsprop").send_keys(Keys.SPACE)
    assert not page.find_elements(By.CSS_SELECTOR, "#map .walk.rmsprop, #chart .walk.rmsprop")
    page.find_element(By.ID, "reset").send_keys(Keys.ENTER)
    assert path_of(page, "adam") == corrected
    assert page.find_elements(By.CSS_SELECTOR, "#map .walk.rmsprop")
    page.find_element(By.CSS_SELECTOR, "[value=noisy]").send_keys(Keys.SPACE)
    before = path_of(page, "adam")
    page.find_element(By.ID, "noise").send_keys(Keys.ENTER)
    assert path_of(page, "adam") != before


def test_play_and_pause(page):
    page.find_element(By.ID, "play").send_keys(Keys.ENTER)
    wait(page, lambda: settings(page)["step"] >= 15)
    page.find_element(By.ID, "play").send_keys(Keys.ENTER)
    paused = settings(page)["step"]
    time.sleep(0.3)  # more than one step long
    assert settings(page)["step"] == paused
    assert text_of(page, "#play") == "Play"


def test_the_pointer_finds_steps_and_moves_the_start(page):
    area = page.find_element(By.ID, "map")
    x, y = page.execute_script(
        """const box = document.getElementById("map").getBoundingClientRect();
        const point = document.querySelector("#map .walk.adam .future").getAttribute("d").slice(1).split("L")[30];
        const [x, y] = point.split(",").map(Number);
        return [Math.round(x - box.width / 2), Math.round(y - box.height / 2)]"""
    )
    ActionChains(page, duration=0).move_to_element_with_offset(area, x, y).perform()
    assert abs(settings(page)["step"] - 30) <= 1
    ActionChains(page, duration=0).move_to_element_with_offset(area, 100, 50).click().perform()
    view = page.execute_script("return adam_explain.surfaces.bowl.view")
    width, height = area.rect["width"], area.rect["height"]
    theta = [
        view["left"] + (0.5 + 100 / width) * (view["right"] - view["left"]),
        view["top"] - (0.5 + 50 / height) * (view["top"] - view["bottom"]),
    ]
    assert settings(page)["start"] == pytest.approx(theta, abs=0.05)  # within two pixels
    # Else it would point at a step of the next page, too.
    ActionChains(page, duration=0).move_to_element(page.find_element(By.TAG_NAME, "h1")).perform()


def test_a_link_brings_every_setting_back(page, explained):
    fragment = (
        "surface=rosenbrock&learning_rate=0.025&sgd_learning_rate=0.0002&b1=0.5&b2=0.99&eps=0.001&bias_correction=false"
        "&start=0.5,-0.25&steps=250&seed=4&hidden=sgd,momentum&step=77"
    )
    load(page, f"{explained}#{fragment}")
    expected = {"surface": "rosenbrock", "learning_rate": 0.025, "sgd_learning_rate": 0.0002, "b1": 0.5, "b2": 0.99}
    expected |= {"eps": 0.001, "bias_correction": False, "start": [0.5, -0.25], "steps": 250, "seed": 4}
    expected |= {"hidden": ["sgd", "momentum"], "step": 77}
    assert settings(page) == expected
    page.find_element(By.ID, "b1").send_keys(Keys.ARROW_RIGHT)
    changed = settings(page)
    assert changed["b1"] > 0.5
    wait(page, lambda: f"b1={changed['b1']}" in page.current_url)
    load(page, page.current_url)
    assert settings(page) == changed


@pytest.mark.parametrize(
    ("fragment", "name", "value"),
    [
        ("surface=moon", "surface", "bowl"),
        ("learning_rate=fast", "learning_rate", 0.3),
        ("b1=1", "b1", 0.999),
        ("b2=-3", "b2", 0),
        ("eps=0", "eps", 1e-12),
        ("steps=1e9", "steps", 500),
        ("steps=20&step=400", "step", 20),
        ("start=1e9,nought", "start", [-9, 4]),
        ("start=1e9,-1e9", "start", [5, -5.33]),
        ("hidden=adam,moon", "hidden", ["adam"]),
    ],
)
def test_a_wrong_link_is_brought_within_the_limits(fragment, name, value, page):
    follow(page, fragment)
    assert settings(page)[name] == value


@pytest.mark.parametrize("surface", SURFACES)
def test_what_diverges_is_said_and_breaks_nothing(surface, page):
    follow(page, f"surface={surface}&sgd_learning_rate=1&learning_rate=10&steps=500&step=500&eps=10&b1=0.999")
    assert not page.execute_script("return /NaN|Infinity|undefined/.test(document.querySelector('main').innerHTML)")
    drawn = page.execute_script(
        "return [...document.querySelectorAll('.walk path')].map((path) => path.getAttribute('d')).join()"
    )
    assert max(map(float, re.findall(r"[\d.]+", drawn))) <= 2e6  # what a browser can still draw
    if surface != "saddle":  # whose gradient in the first coordinate asks for steps below 2
        assert text_of(page, "#loss-sgd") == "diverged"
        assert "Gradient descent diverged at step" in text_of(page, "#chart-summary")
