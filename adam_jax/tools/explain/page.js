// What happens when?  The settings, what changes them, and what is drawn then.
import { Chart } from "./chart.js";
import { showEquations } from "./equations.js";
import { LearningRates } from "./learning_rates.js";
import { Map2d, divergedAt } from "./map.js";
import { plain, text } from "./numbers.js";
import { METHODS, trajectory } from "./optimizers.js";
import { SLIDERS, defaults, fromHash, onSurface, toHash, withinView } from "./settings.js";
import { SURFACES } from "./surfaces.js";
import { SHAPES, svg } from "./svg.js";
import { SWEEP, finalLoss, sweep } from "./sweep.js";

const NEAR = 30; // pixels between the pointer and a step that it means
const PLAY_FOR = 8000; // milliseconds for a whole walk
const QUIET = 700; // milliseconds without a change, before it is said aloud and kept in the address

const byId = (id) => document.getElementById(id);
const map = new Map2d(byId("map"));
const chart = new Chart(byId("chart"));
const learningRates = new LearningRates(byId("rates"), byId("rates-rows"), (changes) => change(changes));
let settings = fromHash(location.hash);
let walks;
let playing = null;
let pending = null;

// What the page draws is what `trajectory` and `sweep` return; see optimizers.js for their settings: the page's, and a
// method.
window.adam_explain = {
  trajectory,
  sweep: { rates: SWEEP, losses: sweep, finalLoss },
  settings: () => structuredClone(settings),
  surfaces: SURFACES,
  methods: Object.keys(METHODS),
};

function change(changes) {
  settings = { ...settings, ...changes };
  settings.step = Math.max(1, Math.min(settings.step, settings.steps));
  if (Object.keys(changes).join() !== "step") computeWalks();
  show();
  clearTimeout(pending);
  pending = setTimeout(remember, QUIET);
}

function remember() {
  history.replaceState(null, "", toHash(settings));
  if (playing === null) byId("announcement").textContent = byId("caption").textContent;
}

function computeWalks() {
  walks = Object.fromEntries(Object.keys(METHODS).map((method) => [method, trajectory({ ...settings, method })]));
}

function show() {
  map.draw(settings, walks);
  showLossOverSteps();
  learningRates.show(settings, walks.adam.loss[0]);
  showEquations(document, settings, walks);
  showControls();
  showLosses();
}

function showLossOverSteps() {
  const { steps, step, hidden } = settings;
  const shown = Object.keys(METHODS).filter((method) => !hidden.includes(method));
  chart.draw({
    lines: Object.fromEntries(shown.map((method) => [method, walks[method].loss])),
    first: walks.adam.loss[0],
    ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, String(Math.round(share * steps))]),
    cursor: step / steps,
  });
}

function showSlider(id, position, words) {
  const input = byId(id);
  input.value = position;
  input.setAttribute("aria-valuetext", words);
  byId(`${id}-value`).textContent = words;
}

function showControls() {
  const surface = SURFACES[settings.surface];
  for (const [name, { toPosition }] of Object.entries(SLIDERS)) {
    showSlider(name, toPosition(settings[name]), plain(settings[name]));
  }
  const { left, right, bottom, top } = surface.view;
  for (const [i, least, most] of [[0, left, right], [1, bottom, top]]) {
    Object.assign(byId(`start-${i}`), { min: least, max: most, step: "any" });
    showSlider(`start-${i}`, settings.start[i], plain(settings.start[i]).replace("-", "−"));
  }
  byId("step").max = settings.steps;
  showSlider("step", settings.step, `${settings.step} of ${settings.steps}`);
  byId("now").textContent = settings.step;
  byId("bias_correction").checked = settings.bias_correction;
  byId("arrows").classList.toggle("empty", map.magnified === null); // it keeps its place
  byId("magnified").textContent = map.magnified === 1 ? "" : `, drawn ${map.magnified} times as long`;
  byId("noise").hidden = surface.noise === 0;
  byId("formula").textContent = surface.formula + ".";
  byId("about").textContent = surface.about;
  for (const input of document.getElementsByName("surface")) input.checked = input.value === settings.surface;
  for (const element of document.querySelectorAll("[data-memory]")) {
    const steps = Math.round(1 / (1 - settings[element.dataset.memory]));
    element.textContent = steps === 1 ? "nothing but the last gradient" : `${steps} steps`;
  }
}

function showLosses() {
  const { view } = SURFACES[settings.surface];
  const words = {};
  for (const method of Object.keys(METHODS)) {
    const end = divergedAt(walks[method], view);
    const isHere = settings.step < end;
    const isShown = !settings.hidden.includes(method);
    words[method] = isHere ? text(walks[method].loss[settings.step]) : `diverged at step ${end}`;
    byId(`loss-${method}`).textContent = !isShown ? "" : isHere ? words[method] : "diverged"; // no room for more
    byId(`show-${method}`).checked = isShown;
  }
  const [x, y] = walks.adam.theta[settings.step].map(text);
  byId("caption").textContent = `Step ${settings.step}: Adam at (${x}, ${y}), loss ${words.adam}.`;
  const all = Object.entries(METHODS).map(([method, name]) => `${name} ${words[method]}`);
  byId("chart-summary").textContent = `At step ${settings.step}: ${all.join(", ")}`;
}

function prepareSliders() {
  for (const [name, { least, most, grain, toPosition, toValue }] of Object.entries(SLIDERS)) {
    const input = byId(name);
    // Without rounding 2.9999999999999996 would be the most, and 2.95 the last place before it.
    const [min, max] = [least, most].map((x) => toPosition(x).toFixed(4));
    Object.assign(input, { min, max, step: grain });
    input.addEventListener("input", () => change({ [name]: toValue(input.valueAsNumber) }));
  }
}

// A start at the slider's or the pointer's place, with no more digits than a person would write.
function moveStart(theta) {
  change({ start: withinView(settings.surface, theta).map((x) => Math.round(x * 100) / 100) });
}

function prepareControls() {
  prepareSliders();
  for (const i of [0, 1]) {
    const input = byId(`start-${i}`);
    input.addEventListener("input", () => moveStart(settings.start.map((x, k) => (k === i ? input.valueAsNumber : x))));
  }
  for (const input of document.getElementsByName("surface")) {
    input.addEventListener("change", () => change(onSurface(settings, input.value)));
  }
  for (const method of Object.keys(METHODS)) {
    const input = byId(`show-${method}`);
    input.addEventListener("change", () => {
      change({ hidden: Object.keys(METHODS).filter((name) => !byId(`show-${name}`).checked) });
    });
    const swatch = svg("g", { class: `walk ${method}` }, input.nextElementSibling);
    svg("path", { d: "M0,8H40", class: "past" }, swatch);
    svg("path", { d: SHAPES[method](20, 8, 4), class: "marks" }, swatch);
  }
  byId("bias_correction").addEventListener("change", (event) => change({ bias_correction: event.target.checked }));
  byId("noise").addEventListener("click", () => change({ seed: settings.seed + 1 }));
  byId("reset").addEventListener("click", () => change(defaults(settings.surface)));
  byId("step").addEventListener("input", (event) => goTo(event.target.valueAsNumber));
  byId("play").addEventListener("click", () => (playing === null ? play() : pause()));
}

function goTo(step) {
  pause();
  change({ step });
}

function play() {
  // Who asked for less motion gets ten still pictures instead of a film.
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const stride = still ? Math.ceil(settings.steps / 10) : 1;
  // From the start, unless the reader has chosen a step on the way.
  if ([settings.steps, defaults(settings.surface).step].includes(settings.step)) change({ step: 1 });
  byId("play").textContent = "Pause";
  playing = setInterval(() => {
    change({ step: settings.step + stride });
    if (settings.step === settings.steps) pause();
  }, still ? 1000 : Math.min(200, PLAY_FOR / settings.steps));
}

function pause() {
  clearInterval(playing);
  playing = null;
  byId("play").textContent = "Play";
}

const within = (element, event) => {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

// The pointer on Adam's path means that step; a press or a tap means a new start.
function prepareMap() {
  let dragging = false;
  map.element.addEventListener("pointerdown", (event) => {
    // A finger that begins elsewhere than at the start may want to scroll the page.
    if (event.pointerType === "touch" && !event.target.closest(".handle")) return;
    dragging = true;
    map.element.setPointerCapture(event.pointerId);
    if (!event.target.closest(".handle")) moveStart(map.toTheta(within(map.element, event)));
  });
  map.element.addEventListener("pointermove", (event) => {
    const place = within(map.element, event);
    if (dragging) moveStart(map.toTheta(place));
    else if (event.pointerType !== "touch" && playing === null) pointAt(place);
  });
  for (const end of ["pointerup", "pointercancel"]) map.element.addEventListener(end, () => (dragging = false));
  map.element.addEventListener("click", (event) => {
    if (event.pointerType === "touch") moveStart(map.toTheta(within(map.element, event)));
  });
}

function pointAt([x, y]) {
  const distances = walks.adam.theta.slice(1).map((theta) => {
    const [px, py] = map.toPixels(theta);
    return Math.hypot(px - x, py - y);
  });
  const nearest = distances.indexOf(Math.min(...distances));
  if (distances[nearest] < NEAR && nearest + 1 !== settings.step) goTo(nearest + 1);
}

function prepareWindow() {
  const follow = (event) => goTo(Math.round(chart.toShare(within(chart.element, event)[0]) * settings.steps));
  chart.element.addEventListener("pointermove", (event) => event.pointerType !== "touch" && follow(event));
  chart.element.addEventListener("click", follow);
  // Where nothing has the focus, the arrows belong to the steps.
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && document.activeElement === document.body) goTo(settings.step + by);
  });
  addEventListener("hashchange", () => {
    pause();
    settings = fromHash(location.hash);
    computeWalks();
    show();
  });
  new ResizeObserver(show).observe(map.element);
}

computeWalks();
prepareControls();
prepareMap();
prepareWindow();
show();
