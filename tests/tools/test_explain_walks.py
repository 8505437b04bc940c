"""Are the page's numbers those of the library?  Every walk that a browser computes, against JAX in float64."""

import json
import math
import re
from typing import NamedTuple

import browser
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from cases import x64
from selenium.webdriver.support.wait import WebDriverWait

import adam_jax
from adam_jax.diagnostics import bias_corrected

# Optax's own rmsprop mixes dtypes.
pytestmark = pytest.mark.standard_promotion

STEPS = 200
SEED = 3
# Of the largest value so far.  Both are float64 and round about ten times a step, 1e-16 each; 1 - b2**t at b2 = 0.9999
# loses four digits more, and a walk that swings to and fro for 200 steps some again.
TOLERANCE = 1e-9
GRID = np.array([480, 320])  # cells of the map
OF_A_CELL = 0.5  # straight lines between the cells' corners, and two decimals in the path
OVERFLOW = 4  # the earliest step at which a walk may leave float64

SURFACES = {
    "scales": lambda p: (p[0] ** 2 + 100 * p[1] ** 2) / 2,
    "bowl": lambda p: (p[0] ** 2 + 20 * p[1] ** 2) / 2,
    "ravine": lambda p: ((p[0] + p[1]) ** 2 / 2 + 50 * (p[1] - p[0]) ** 2 / 2) / 2,
    "rosenbrock": lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
    "saddle": lambda p: p[0] ** 2 / 2 + (p[1] ** 2 - 1) ** 2 / 4,
    "noisy": lambda p: (p[0] ** 2 + 20 * p[1] ** 2) / 2,
}
NOISE = dict.fromkeys(SURFACES, 0.0) | {"noisy": 0.5, "scales": 0.2}
STARTS = {"bowl": (-9.0, 4.0), "ravine": (-6.0, -2.0), "rosenbrock": (-1.5, 2.0), "saddle": (-2.2, 0.01)}
STARTS["noisy"] = STARTS["scales"] = STARTS["bowl"]
METHODS = ("adamw", "adam", "rmsprop", "momentum", "sgd")


class Setting(NamedTuple):
    """What the sliders of the page say; `learning_rate` is that of Adam, AdamW and RMSprop."""

    learning_rate: float
    sgd_learning_rate: float
    momentum_learning_rate: float
    b1: float
    b2: float
    eps: float
    weight_decay: float


# None of them chaotic: where a method jumps to and fro between the walls of a valley, the last bit of one step decides
# the hundredth, and two programs agree only as long as their last bits do.
SETTINGS = {
    "usual": Setting(0.1, 4e-4, 5e-4, 0.9, 0.999, 1e-8, 0.1),
    "long memory": Setting(0.01, 3e-4, 2e-4, 0.97, 0.9999, 1e-12, 0.5),
    "short memory": Setting(0.05, 2e-3, 1e-3, 0.0, 0.9, 1.0, 0.01),
    "diverging": Setting(0.3, 0.3, 0.2, 0.8, 0.999, 1e-8, 1.0),
}


@pytest.fixture(scope="module")
def page(chromium, explained):
    """Loaded once: what these tests ask for does not depend on what they asked before."""
    browser.load(chromium, explained)
    return chromium


def scramble(x):
    """MurmurHash3's finalizer, from its description: shifts by 16, 13, 16 and two odd factors, modulo 2**32."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> shift)) * factor % 2**32
    return x ^ (x >> 16)


def noise(steps, seed):
    """Uniform with standard deviation 1, for each step and coordinate."""
    hashes = [[scramble((scramble(seed + 1) + 2 * t + i) % 2**32) for i in (0, 1)] for t in range(1, steps + 1)]
    return math.sqrt(3) * (2 * (np.array(hashes) + 0.5) / 2**32 - 1)


def uncorrected(b1, b2, eps):
    """Adam without equation (3), put together from Optax's running means."""
    m, v = optax.ema(b1, debias=False), optax.ema(b2, debias=False)

    def init(params):
        return m.init(params), v.init(params)

    def update(grads, state, params=None):
        mean, first = m.update(grads, state[0])
        square, second = v.update(grads**2, state[1])
        return mean / (jnp.sqrt(square) + eps), (first, second)

    return optax.GradientTransformation(init, update)


def optimizer(method, setting, bias_correction):
    rate, sgd_rate, momentum_rate, b1, b2, eps, weight_decay = setting
    if method in ("adam", "adamw") and not bias_correction:
        decay = [optax.add_decayed_weights(weight_decay)] if method == "adamw" else []
        return optax.chain(uncorrected(b1, b2, eps), *decay, optax.scale(-rate))
    return {
        "adamw": lambda: adam_jax.adamw(rate, b1, b2, eps, weight_decay=weight_decay),
        "adam": lambda: adam_jax.adam(rate, b1, b2, eps),
        "rmsprop": lambda: optax.rmsprop(rate, decay=b2, eps=eps, eps_in_sqrt=False, bias_correction=bias_correction),
        "momentum": lambda: optax.sgd(momentum_rate, momentum=b1),
        "sgd": lambda: optax.sgd(sgd_rate),
    }[method]()


def moments(method, states, setting, bias_correction):
    """m, v, m_hat, v_hat at every step, where the method has them."""
    if method == "sgd":
        return {}
    if method == "momentum":
        return {"m": optax.tree.get(states, "trace")}
    correct2 = 1 - setting.b2 ** jnp.arange(1.0, STEPS + 1)[:, None]
    if method == "rmsprop":
        v = optax.tree.get(states, "nu")
        return {"v": v, "v_hat": v / correct2 if bias_correction else v}
    if not bias_correction:
        m, v = (state.ema for state in states[0])
        return {"m": m, "v": v, "m_hat": m, "v_hat": v}
    m_hat, v_hat = jax.vmap(lambda state: bias_corrected(state, setting.b1, setting.b2))(states)
    return {"m": optax.tree.get(states, "mu"), "v": optax.tree.get(states, "nu"), "m_hat": m_hat, "v_hat": v_hat}


def library_walks(method, setting, bias_correction):
    """By JAX and Optax, in float64, on each surface."""
    tx = optimizer(method, setting, bias_correction)

    @jax.jit  # one compilation for all surfaces
    def walk(surface, start, offsets):
        def loss(theta):
            return jax.lax.switch(surface, list(SURFACES.values()), theta)

        def one_step(carry, offset):
            theta, state = carry
            gradient = jax.grad(loss)(theta + offset)
            updates, state = tx.update(gradient, state, theta)
            theta = optax.apply_updates(theta, updates)
            return (theta, state), (theta, gradient, state)

        _, (theta, gradient, states) = jax.lax.scan(one_step, (start, tx.init(start)), offsets)
        return {"theta": theta, "gradient": gradient, "loss": jax.vmap(loss)(theta)[:, None]} | moments(
            method, states, setting, bias_correction
        )

    offsets = noise(STEPS, SEED)
    return {
        name: jax.tree.map(np.asarray, walk(i, jnp.asarray(STARTS[name]), jnp.asarray(NOISE[name] * offsets)))
        for i, name in enumerate(SURFACES)
    }


def page_walk(page, surface, method, setting, bias_correction):
    given = {"surface": surface, "method": method, "bias_correction": bias_correction} | setting._asdict()
    given |= {"start": STARTS[surface], "steps": STEPS, "seed": SEED}
    # As text, since JSON has no Infinity.
    script = (
        "return JSON.stringify(adam_explain.trajectory(arguments[0]), (_, x) => typeof x === 'number' ? `${x}` : x)"
    )
    walk = {
        name: np.array(values, np.float64) for name, values in json.loads(page.execute_script(script, given)).items()
    }
    assert walk["theta"][0].tolist() == list(STARTS[surface])
    return {name: values.reshape(STEPS + 1, -1)[1:] for name, values in walk.items()}


def error(ours, theirs):
    """The largest difference, in units of the largest value so far, up to where a walk that diverges overflows."""
    finite = np.isfinite(ours).all(axis=1) & np.isfinite(theirs).all(axis=1)
    end = len(finite) if finite.all() else int(np.argmin(finite))
    assert end >= OVERFLOW
    largest = np.maximum.accumulate(np.abs(theirs[:end]).max(axis=1))[:, None]
    difference = np.abs(ours[:end] - theirs[:end])
    return float(np.max(np.divide(difference, largest, out=difference, where=largest > 0)))


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("method", METHODS)
def test_the_pages_walks_are_the_librarys(method, setting, page):
    walks = {}
    for bias_correction in (True, False):
        if method in ("adamw", "adam", "rmsprop") or not walks:  # the others have none to leave out
            with x64("float64"):
                walks = library_walks(method, SETTINGS[setting], bias_correction)
        for surface, theirs in walks.items():
            ours = page_walk(page, surface, method, SETTINGS[setting], bias_correction)
            errors = {name: error(ours[name], theirs[name]) for name in theirs}
            assert max(errors.values()) <= TOLERANCE, (surface, bias_correction, errors)


@pytest.mark.parametrize("surface", ["scales", "rosenbrock"])
def test_the_pages_losses_over_learning_rates_are_the_librarys(surface, page):
    """The mean over the last ten steps, and over 32 walks where there is noise, for each learning rate."""
    rates = page.execute_script("return adam_explain.sweep.rates")
    assert rates == pytest.approx(10 ** np.linspace(-5, 1, 49))
    few = rates[::12]
    seeds = range(SEED, SEED + 32) if NOISE[surface] else [SEED]
    setting = SETTINGS["usual"]
    given = {"surface": surface, "bias_correction": True, "start": STARTS[surface], "steps": 40, "seed": SEED}
    given |= setting._asdict()
    for method in METHODS:
        script = "return adam_explain.sweep.losses(arguments[0], arguments[1]).map((x) => `${x}`)"
        ours = np.array(page.execute_script(script, given, method), float)[::12]
        name = {"sgd": "sgd_learning_rate", "momentum": "momentum_learning_rate"}.get(method, "learning_rate")
        with x64("float64"):
            theirs = [mean_of_the_end(surface, method, setting._replace(**{name: rate}), 40, seeds) for rate in few]
        for rate, one, other in zip(few, ours, theirs, strict=True):
            if np.isfinite(other) and other < 1e6:  # beyond, last bits have decided
                assert one == pytest.approx(other, rel=1e-9), (method, rate)
            else:
                assert not one < 1e6, (method, rate)


def mean_of_the_end(surface, method, setting, steps, seeds):
    loss = SURFACES[surface]

    @jax.jit
    def final(offsets):
        tx = optimizer(method, setting, bias_correction=True)
        start = jnp.asarray(STARTS[surface])

        def one_step(carry, offset):
            theta, state = carry
            updates, state = tx.update(jax.grad(loss)(theta + offset), state, theta)
            theta = optax.apply_updates(theta, updates)
            return (theta, state), loss(theta)

        return jnp.mean(jax.lax.scan(one_step, (start, tx.init(start)), offsets)[1][-10:])

    return float(np.mean([final(jnp.asarray(NOISE[surface] * noise(steps, seed))) for seed in seeds]))


def test_the_page_offers_what_is_compared(page):
    assert set(page.execute_script("return Object.keys(adam_explain.surfaces)")) == set(SURFACES)
    assert set(page.execute_script("return adam_explain.methods")) == set(METHODS)


def test_the_drawing_shows_the_walk(page):
    """The page's settings give the path that the hook gives, from map to coordinates and back."""
    settings = page.execute_script("return adam_explain.settings()")
    walk = page.execute_script("return adam_explain.trajectory({...adam_explain.settings(), method: 'adam'}).theta")
    path = page.execute_script("return document.querySelector('.walk.adam .future').getAttribute('d')")
    drawn = np.array([pair.split(",") for pair in re.split("[ML]", path)[1:]], float)
    walk = np.array(walk)
    assert len(walk) == len(drawn) == settings["steps"] + 1
    for i in (0, 1):
        assert abs(np.corrcoef(walk[:, i], drawn[:, i])[0, 1]) > 1 - 1e-5
    assert np.polyfit(walk[:, 0], drawn[:, 0], 1)[0] > 0 > np.polyfit(walk[:, 1], drawn[:, 1], 1)[0]
    assert settings["start"] == walk[0].tolist()


@pytest.mark.parametrize("surface", SURFACES)
def test_contours_are_where_the_surface_is_equally_high(surface, page):
    page.get(page.current_url.partition("#")[0] + f"#surface={surface}")
    WebDriverWait(page, 10).until(lambda _: page.execute_script("return adam_explain.settings().surface") == surface)
    script = "return [...document.querySelectorAll('.contours path')].map((path) => path.getAttribute('d'))"
    view = page.execute_script("return adam_explain.surfaces[arguments[0]].view", surface)
    cell = np.array([view["right"] - view["left"], view["bottom"] - view["top"]]) / GRID
    paths = [np.array(re.findall(r"([-.\d]+),([-.\d]+)", path), float) for path in page.execute_script(script)]
    inside = [path[((path >= 2) & (path <= 2 + GRID)).all(axis=1)] for path in paths]  # two cells beyond the view
    seen = [path for path in inside if len(path)]
    assert sum(len(path) > 20 for path in seen) > 8
    corner = np.array([view["left"], view["top"]])
    thetas = jnp.asarray(corner + (np.concatenate(seen) - 2) * cell)
    heights, slopes = (np.asarray(x) for x in jax.vmap(jax.value_and_grad(SURFACES[surface]))(thetas))
    ends = np.cumsum([len(path) for path in seen])
    for some in map(slice, [0, *ends[:-1]], ends):
        off = (heights[some] - np.median(heights[some])) / np.linalg.norm(slopes[some] * cell, axis=1)
        assert np.max(np.abs(off)) < OF_A_CELL
