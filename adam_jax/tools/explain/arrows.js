// Where do the gradient, its mean and the step point?  Three arrows on the map, from the point before the step.
import { svg } from "./svg.js";

const LONGEST = 0.13; // of the map's width
const SHORTEST = 2; // below, an arrow has no direction that can be seen
const HEAD = 7;
const NAMES = { g: "−g", m: "−m̂", step: "step" };
const ASIDE = { g: 12, m: -12, step: 0 }; // pixels between an arrow's direction and its name

//   toPixels: from coordinates of the surface to pixels
//   width: of the map, in pixels
// Returns the factor by which the step is drawn longer than it is, or null where there is nothing to draw.
export function drawArrows(group, toPixels, width, walk, t) {
  group.replaceChildren();
  const longest = LONGEST * width;
  const from = walk.theta[t - 1];
  const tail = toPixels(from);
  const moved = (by) => toPixels(from.map((x, i) => x + by[i])).map((x, i) => x - tail[i]);
  const g = moved(walk.gradient[t].map((x) => -x));
  const m = moved(walk.m_hat[t].map((x) => -x));
  const step = moved(walk.theta[t].map((x, i) => x - from[i]));
  if (![...tail, ...g, ...m, ...step].every(Number.isFinite)) return null;
  const scale = longest / Math.max(Math.hypot(...g), Math.hypot(...m), Number.MIN_VALUE);
  const times = magnification(Math.hypot(...step), longest);
  const arrows = { g: g.map((x) => x * scale), m: m.map((x) => x * scale), step: step.map((x) => x * times) };
  for (const [name, arrow] of Object.entries(arrows)) draw(group, name, tail, arrow);
  return times;
}

// The largest of 1, 2, 5, 10, 20, 50, ... 1000 by which the step is not too long.
function magnification(length, longest) {
  const factors = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
  return factors.find((factor) => length * factor <= longest) ?? 1;
}

function draw(group, name, [x, y], [dx, dy]) {
  const length = Math.hypot(dx, dy);
  if (!(length >= SHORTEST)) return;
  const [ux, uy] = [dx / length, dy / length];
  const head = Math.min(HEAD, length);
  const at = (along, across) =>
    [x + along * ux - across * uy, y + along * uy + across * ux].map((pixels) => pixels.toFixed(1)).join();
  const arrow = svg("g", { class: `arrow ${name}` }, group);
  svg("path", { d: `M${at(0, 0)}L${at(length - head, 0)}`, class: "shaft" }, arrow);
  svg("path", { d: `M${at(length, 0)}L${at(length - head, head / 2)}L${at(length - head, -head / 2)}Z` }, arrow);
  const [along, aside] = [length + 10, ASIDE[name]]; // two arrows that lie on each other keep two names
  const [lx, ly] = [x + along * ux - aside * uy, y + along * uy + aside * ux + 4];
  svg("text", { x: lx.toFixed(1), y: ly.toFixed(1), "text-anchor": "middle" }, arrow).textContent = NAMES[name];
}
