// What can be set, and how is it kept in the address?  Names, limits, the sliders' scales, and the hash.
import { METHODS } from "./optimizers.js";
import { SURFACES } from "./surfaces.js";

// A slider's position is a plain number.  Learning rates and eps move by factors, decay rates by factors of 1 - b: by
// 12% a grain, so that no two places round to the same two digits, which are what a person would write.
const GRAIN = 0.05;
const tidy = (x, digits = 2) => Number(x.toPrecision(digits));
const logarithmic = (least, most) => ({
  least,
  most,
  grain: GRAIN,
  toPosition: Math.log10,
  toValue: (position) => tidy(10 ** position),
});
const decay = (most) => ({
  least: 0,
  most,
  grain: GRAIN,
  toPosition: (b) => -Math.log10(1 - b),
  toValue: (position) => tidy(1 - tidy(10 ** -position), 6),
});
const whole = (least, most) => ({ least, most, grain: 1, toPosition: (x) => x, toValue: Math.round });

export const SLIDERS = {
  learning_rate: logarithmic(1e-5, 10),
  sgd_learning_rate: logarithmic(1e-5, 10),
  momentum_learning_rate: logarithmic(1e-5, 10),
  b1: decay(0.999),
  b2: decay(0.9999),
  eps: logarithmic(1e-12, 10),
  weight_decay: logarithmic(1e-3, 10),
  steps: whole(10, 500),
};

const COMMON = {
  b1: 0.9,
  b2: 0.999,
  eps: 1e-8,
  weight_decay: 0.1,
  bias_correction: true,
  seed: 0,
  hidden: ["adamw"],
  step: 60,
};

export function defaults(surface) {
  return { surface, ...COMMON, ...SURFACES[surface].defaults };
}

// Another surface brings its own start, learning rates and steps; what belongs to Adam stays.
export function onSurface(settings, surface) {
  return { ...settings, surface, ...SURFACES[surface].defaults, step: COMMON.step };
}

const clamp = (x, least, most) => Math.min(Math.max(x, least), most);

export function withinView(surface, [x, y]) {
  const { left, right, bottom, top } = SURFACES[surface].view;
  return [clamp(x, left, right), clamp(y, bottom, top)];
}

// Only what differs from the surface's defaults: links stay short.
export function toHash(settings) {
  const usual = defaults(settings.surface);
  const entries = Object.entries(settings).filter(
    ([name, value]) => name === "surface" || String(value) !== String(usual[name]),
  );
  return "#" + entries.map(([name, value]) => `${name}=${value}`).join("&");
}

// What a hash does not say, or says wrongly, is the default.
export function fromHash(hash) {
  const given = new URLSearchParams(hash.slice(1));
  const settings = defaults(Object.hasOwn(SURFACES, given.get("surface")) ? given.get("surface") : "scales");
  const number = (name, least, most) => {
    const value = Number.parseFloat(given.get(name));
    if (Number.isFinite(value)) settings[name] = clamp(value, least, most);
  };
  for (const [name, { least, most }] of Object.entries(SLIDERS)) number(name, least, most);
  settings.steps = Math.round(settings.steps);
  number("seed", 0, 2 ** 31);
  settings.seed = Math.floor(settings.seed);
  number("step", 1, settings.steps);
  settings.step = Math.min(Math.round(settings.step), settings.steps);
  settings.bias_correction = given.get("bias_correction") !== "false";
  if (given.has("hidden")) {
    settings.hidden = given.get("hidden").split(",").filter((name) => Object.hasOwn(METHODS, name));
  }
  const start = (given.get("start") ?? "").split(",").map(Number.parseFloat);
  if (start.length === 2 && start.every(Number.isFinite)) settings.start = withinView(settings.surface, start);
  return settings;
}
