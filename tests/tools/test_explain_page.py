"""Does the page do what its reader asks?  Sliders, switches, the pointer, links, and walks that diverge."""

import re
import time
from pathlib import Path

import numpy as np
import pytest
from browser import follow, load, path_of, settings, text_of, wait
from fontTools.ttLib import TTFont
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from adam_jax.tools import explain

pytestmark = pytest.mark.slow  # a page knows no JAX

SURFACES = ("scales", "bowl", "noisy", "ravine", "rosenbrock", "saddle")


@pytest.mark.parametrize(
    ("slider", "method"),
    [(name, "adam") for name in ("learning_rate", "b1", "b2", "eps", "steps", "start-0", "start-1")]
    + [("sgd_learning_rate", "sgd"), ("momentum_learning_rate", "momentum"), ("b2", "rmsprop"), ("b1", "momentum")]
    + [("weight_decay", "adamw"), ("learning_rate", "adamw"), ("learning_rate", "rmsprop")],
)
def test_every_slider_changes_the_walk(slider, method, page):
    follow(page, "hidden=")
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
    assert {"learning_rate": (1e-5, 10), "b1": (0, 0.999)}[slider] == (settings(page)[slider], end)


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
    wait(page, lambda: 4 <= settings(page)["step"] < 60)  # from the start
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
    view = page.execute_script("return adam_explain.surfaces.scales.view")
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
        "surface=rosenbrock&learning_rate=0.025&sgd_learning_rate=0.0002&momentum_learning_rate=0.0003&b1=0.5&b2=0.99"
        "&eps=0.001&weight_decay=0.02&bias_correction=false"
        "&start=0.5,-0.25&steps=250&seed=4&hidden=sgd,momentum&step=77"
    )
    load(page, f"{explained}#{fragment}")
    expected = {"surface": "rosenbrock", "learning_rate": 0.025, "sgd_learning_rate": 0.0002, "b1": 0.5, "b2": 0.99}
    expected |= {
        "momentum_learning_rate": 0.0003,
        "weight_decay": 0.02,
        "eps": 0.001,
        "bias_correction": False,
        "start": [0.5, -0.25],
        "steps": 250,
        "seed": 4,
    }
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
        ("surface=moon", "surface", "scales"),
        ("learning_rate=fast", "learning_rate", 0.13),
        ("b1=1", "b1", 0.999),
        ("b2=-3", "b2", 0),
        ("eps=0", "eps", 1e-12),
        ("steps=1e9", "steps", 500),
        ("steps=20&step=400", "step", 20),
        ("start=1e9,nought", "start", [-9, 4]),
        ("start=1e9,-1e9", "start", [5, -5.33]),
        ("hidden=adam,moon", "hidden", ["adam"]),
        ("hidden=", "hidden", []),
        ("step=7", "hidden", ["adamw"]),
    ],
)
def test_a_wrong_link_is_brought_within_the_limits(fragment, name, value, page):
    follow(page, fragment)
    assert settings(page)[name] == value


@pytest.mark.parametrize("surface", SURFACES)
def test_what_diverges_is_said_and_breaks_nothing(surface, page):
    follow(
        page,
        f"surface={surface}&hidden=&sgd_learning_rate=1&momentum_learning_rate=1&learning_rate=10&steps=500&step=500&eps=10&b1=0.999",
    )
    assert not page.execute_script("return /NaN|Infinity|undefined/.test(document.querySelector('main').innerHTML)")
    drawn = page.execute_script(
        "return [...document.querySelectorAll('.walk path')].map((path) => path.getAttribute('d')).join()"
    )
    assert max(map(float, re.findall(r"[\d.]+", drawn))) <= 2e6  # what a browser can still draw
    if surface != "saddle":  # whose gradient in the first coordinate asks for steps below 2
        assert text_of(page, "#loss-sgd") == "diverged"
        assert "Gradient descent diverged at step" in text_of(page, "#chart-summary")
    wait(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "#rates .now")) == 5)


def test_arrows_show_what_the_walk_says(page):
    """Their directions are those of -g, -m_hat and the step of Adam; the step is magnified as the page says."""
    follow(page, "surface=bowl&step=9")
    walk = page.execute_script("return adam_explain.trajectory({...adam_explain.settings(), method: 'adam'})")
    unit = page.execute_script(
        "const v = adam_explain.surfaces.bowl.view;"
        "return document.getElementById('map').getBoundingClientRect().width / (v.right - v.left)"
    )
    theta = np.array(walk["theta"])
    expected = {"g": -np.array(walk["gradient"][9]), "m": -np.array(walk["m_hat"][9]), "step": theta[9] - theta[8]}
    tips = {}
    for name, direction in expected.items():
        shaft, head = page.execute_script(
            "return [...document.querySelectorAll(`#map .arrow.${arguments[0]} path`)].map((p) => p.getAttribute('d'))",
            name,
        )
        tail, tip = (np.array(re.findall(r"-?[\d.]+", path)[:2], float) for path in (shaft, head))
        tips[name] = (tip - tail) * [1, -1]  # upwards on the map is a larger theta_2
        cosine = tips[name] @ direction / np.linalg.norm(tips[name]) / np.linalg.norm(direction)
        assert cosine > 0.9999, name  # a tenth of a pixel in the path
    shared = np.linalg.norm(tips["g"]) / np.linalg.norm(tips["m"])
    assert shared == pytest.approx(np.linalg.norm(expected["g"]) / np.linalg.norm(expected["m"]), rel=0.02)
    times = int(re.search(r"drawn (\d+) times", text_of(page, "#arrows"))[1])
    assert np.linalg.norm(tips["step"]) == pytest.approx(times * unit * np.linalg.norm(expected["step"]), rel=0.02)
    page.find_element(By.ID, "show-adam").send_keys(Keys.SPACE)
    assert not page.find_elements(By.CSS_SELECTOR, "#map .arrow")


def rows(page):
    """The table of learning rates: by method the lowest loss, its learning rate, and the factor."""
    cells = page.execute_script(
        "return [...document.querySelectorAll('#rates-rows tr')].map((r) => [...r.cells].map((c) => c.textContent))"
    )
    return {name: [float(cell.rstrip("\N{MULTIPLICATION SIGN}")) for cell in others] for name, *others in cells}


def test_the_opening_surface_shows_why(page):
    """Each method at its best learning rate, Adam ends lowest, and over the widest range of them."""
    assert settings(page)["surface"] == "scales"
    wait(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "#rates .now")) == 4)
    table = rows(page)
    assert list(table) == ["Gradient descent", "Momentum", "RMSprop", "Adam"]
    lowest, _, factor = table.pop("Adam")
    for name, (loss, _, other) in table.items():
        assert lowest < (loss if name == "RMSprop" else loss / 10), name
        assert factor > 3 * other, name
    ends = page.execute_script(LOSSES_AT_THE_END)
    assert ends["adam"] < ends["rmsprop"] < ends["momentum"] < ends["sgd"]
    here = {name: page.execute_script(FINAL_LOSS, name) for name in ("adam", "momentum", "sgd")}
    assert here == pytest.approx(
        {"adam": lowest, "momentum": table["Momentum"][0], "sgd": table["Gradient descent"][0]}, rel=0.1
    )


LOSSES_AT_THE_END = """return Object.fromEntries(adam_explain.methods.map((method) =>
  [method, adam_explain.trajectory({...adam_explain.settings(), method}).loss.at(-1)]))"""
FINAL_LOSS = "return adam_explain.sweep.finalLoss({...adam_explain.settings(), method: arguments[0]})"


def test_nothing_is_shown_of_a_hidden_method(page):
    follow(page, "surface=bowl&hidden=sgd,momentum,rmsprop,adam,adamw")
    wait(page, lambda: not page.find_elements(By.CSS_SELECTOR, "#rates .walk, #chart .walk, #map .walk"))
    assert text_of(page, "#loss-adam") == ""
    assert rows(page) == {}
    page.find_element(By.ID, "rates").click()  # there is no nearest line; an error would be found in the console
    assert settings(page)["learning_rate"] == 0.24


def test_what_the_page_says_of_other_surfaces_is_so(page):
    follow(page, "surface=bowl")
    ends = page.execute_script(LOSSES_AT_THE_END)
    assert ends["sgd"] < min(ends["momentum"], ends["rmsprop"], ends["adam"])
    follow(page, "surface=ravine")
    ends = page.execute_script(LOSSES_AT_THE_END)
    assert max(ends["momentum"], ends["sgd"]) < ends["adam"]
    follow(page, page.find_element(By.CSS_SELECTOR, "#adamw-title ~ .try a").get_attribute("href").partition("#")[2])
    end = {
        method: page.execute_script(
            "return adam_explain.trajectory({...adam_explain.settings(), method: arguments[0]}).theta.at(-1)", method
        )
        for method in ("adam", "adamw")
    }
    assert end["adam"] == pytest.approx([0, 1], abs=0.02)
    assert end["adamw"] == pytest.approx([0, 0.9], abs=0.02)


def test_a_click_on_the_learning_rates_sets_one(page):
    wait(page, lambda: len(page.find_elements(By.CSS_SELECTOR, "#rates .now")) == 4)
    before = settings(page)
    chart = page.find_element(By.ID, "rates")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    x, y = page.execute_script(
        """const box = document.getElementById("rates").getBoundingClientRect();
        const line = document.querySelector("#rates .walk.sgd .past").getAttribute("d").slice(1).split("L");
        const [x, y] = line[16].split(",").map(Number);  // 1e-5 times 100
        return [Math.round(x - box.width / 2), Math.round(y - box.height / 2)]"""
    )
    ActionChains(page, duration=0).move_to_element_with_offset(chart, x, y).click().perform()
    after = settings(page)
    assert after.pop("sgd_learning_rate") == pytest.approx(1e-3, rel=0.03)  # a pixel is 1.4%
    del before["sgd_learning_rate"]
    assert after == before


def test_the_font_has_the_letters_of_the_equations(page):
    """Chromium takes those it lacks from another font, which stand at other heights."""
    font = set(TTFont(Path(explain.__file__).parent / explain.FONT).getBestCmap())
    assert page.execute_async_script(
        "document.fonts.ready.then((fonts) => arguments[0](fonts.check('20px STIX Two Math')))"
    )
    for surface in SURFACES:
        follow(page, f"surface={surface}&sgd_learning_rate=1&learning_rate=10&eps=0.00001&step=7")
        letters = page.execute_script(
            "return [...document.querySelectorAll('math')].map((e) => e.textContent).join('')"
        )
        assert {c for c in letters if not c.isspace() and ord(c) not in font} == set()


def test_indices_stand_below_their_letters(page):
    """By a tenth of the letters' size at least; without a font for equations Chromium sets that of m 0.3 px below."""
    heights = page.execute_script(
        """return [...document.querySelectorAll("msub")].map((e) => {
          const [letter, index] = [...e.children].map((one) => one.getBoundingClientRect());
          return [index.bottom - letter.bottom, parseFloat(getComputedStyle(e).fontSize)];
        })"""
    )
    assert len(heights) > 15
    assert [pair for pair in heights if pair[0] < 0.1 * pair[1]] == []
