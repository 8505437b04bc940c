// Where did each method go?  The surface's contours, and the walks over them.
import { drawArrows } from "./arrows.js";
import { contours } from "./contours.js";
import { METHODS } from "./optimizers.js";
import { SURFACES } from "./surfaces.js";
import { SHAPES, svg } from "./svg.js";

const COLUMNS = 480;
const ROWS = 320;
const LEVELS = 13;
const APART = 7; // pixels between two marks, else they run together
const BESIDE = 80; // pixels, of arrows and their names
const FAR = 100; // a walk that is so many map widths away has diverged

// The step at which a walk has left for good, or Infinity.
export function divergedAt(walk, { left, right }) {
  const limit = FAR * (right - left);
  const step = walk.theta.findIndex((theta) => !theta.every((x) => Math.abs(x) < limit));
  return step < 0 ? Infinity : step;
}

// Named so because Map is JavaScript's own.
export class Map2d {
  constructor(element) {
    this.element = element;
    this.background = svg("g", { class: "contours" }, element);
    this.axes = svg("g", { class: "ticks" }, element);
    this.walks = svg("g", {}, element);
    this.lowest = svg("g", { class: "lowest" }, element);
    this.arrows = svg("g", {}, element);
    this.handle = svg("g", { class: "handle" }, element);
    svg("circle", { r: 22, class: "reach" }, this.handle);
    svg("circle", { r: 8, class: "knob" }, this.handle);
    svg("text", { x: 14, y: -10 }, this.handle).textContent = "start";
  }

  // Pixels of the map and coordinates of the surface, each from the other.
  toPixels([x, y]) {
    const { left, right, bottom, top } = this.view;
    return [((x - left) / (right - left)) * this.width, ((top - y) / (top - bottom)) * this.height];
  }

  toTheta([x, y]) {
    const { left, right, bottom, top } = this.view;
    return [left + (x / this.width) * (right - left), top - (y / this.height) * (top - bottom)];
  }

  draw(settings, walks) {
    const { width, height } = this.element.getBoundingClientRect();
    const surface = SURFACES[settings.surface];
    if (surface !== this.surface || width !== this.width) {
      Object.assign(this, { surface, width, height, view: surface.view });
      this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
      this.drawSurface();
    }
    this.walks.replaceChildren();
    for (const method of Object.keys(METHODS)) {
      if (!settings.hidden.includes(method)) this.drawWalk(method, walks[method], settings.step);
    }
    this.magnified = this.drawArrows(settings, walks.adam);
    this.nameMinima(walks.adam.theta[settings.step]);
    this.handle.setAttribute("transform", `translate(${this.toPixels(settings.start)})`);
    const nearRight = this.toPixels(settings.start)[0] > width - 60;
    this.handle.lastChild.setAttribute("text-anchor", nearRight ? "end" : "start");
    this.handle.lastChild.setAttribute("x", nearRight ? -14 : 14);
  }

  // Those of Adam, where Adam is shown.  Returns by what the step is magnified, or null where there are no arrows.
  drawArrows({ hidden, step }, walk) {
    if (!hidden.includes("adam")) {
      return drawArrows(this.arrows, (theta) => this.toPixels(theta), this.width, walk, step);
    }
    this.arrows.replaceChildren();
    return null;
  }

  // Where Adam is not beside them: its arrows have names too.
  nameMinima(theta) {
    const [x, y] = this.toPixels(theta);
    const names = this.lowest.querySelectorAll("text");
    for (const [i, point] of this.surface.lowest.entries()) {
      const [px, py] = this.toPixels(point);
      names[i].textContent = Math.hypot(px - x, py - y) < BESIDE ? "" : "minimum";
    }
  }

  drawSurface() {
    const { left, right, bottom, top } = this.view;
    // Two columns and rows more on each side, out of sight: the contours close there.
    const heights = Array.from({ length: ROWS + 5 }, (_, j) =>
      Array.from({ length: COLUMNS + 5 }, (_, i) => {
        if (i === 0 || j === 0 || i === COLUMNS + 4 || j === ROWS + 4) return Infinity;
        const x = left + ((i - 2) / COLUMNS) * (right - left);
        return this.surface.loss([x, top - ((j - 2) / ROWS) * (top - bottom)]);
      }),
    );
    const highest = heights.flat().reduce((a, b) => (Number.isFinite(b) ? Math.max(a, b) : a), 0);
    const levels = Array.from({ length: LEVELS }, (_, k) => highest * 10 ** ((-3.4 * (LEVELS - 1 - k)) / (LEVELS - 1)));
    this.background.replaceChildren();
    const scale = `scale(${this.width / COLUMNS} ${this.height / ROWS}) translate(-2 -2)`;
    this.background.setAttribute("transform", scale);
    for (const path of contours(heights, levels).reverse()) svg("path", { d: path }, this.background);

    this.lowest.replaceChildren();
    for (const point of this.surface.lowest) {
      const [x, y] = this.toPixels(point);
      svg("path", { d: star(x, y, 9) }, this.lowest);
      svg("text", { x: x + 14, y: y + 4 }, this.lowest);
    }
    this.drawTicks();
  }

  drawTicks() {
    const { left, right, bottom, top } = this.view;
    this.axes.replaceChildren();
    const unit = right - left > 8 ? 4 : 1;
    const label = (x, y, content, anchor) => {
      svg("text", { x, y, "text-anchor": anchor }, this.axes).textContent = content;
    };
    for (let x = Math.ceil(left / unit) * unit; x < right; x += unit) {
      const [px] = this.toPixels([x, 0]);
      if (px > 40 && px < this.width - 40) label(px, this.height - 8, String(x).replace("-", "−"), "middle");
    }
    for (let y = Math.ceil(bottom / unit) * unit; y < top; y += unit) {
      const [, py] = this.toPixels([0, y]);
      if (py > 30 && py < this.height - 30) label(8, py + 4, String(y).replace("-", "−"), "start");
    }
    label(this.width - 8, this.height - 8, "θ₁", "end");
    label(8, 18, "θ₂", "start");
  }

  drawWalk(method, walk, step) {
    const end = divergedAt(walk, this.view);
    const points = walk.theta.slice(0, end).map((theta) => this.toPixels(theta));
    if (end < walk.theta.length) points.push(this.beyond(points.at(-1), walk.theta[end]));
    const line = (some) => "M" + some.map((point) => point.map((x) => x.toFixed(1)).join(",")).join("L");
    const group = svg("g", { class: `walk ${method}` }, this.walks);
    svg("path", { d: line(points), class: "future" }, group);
    svg("path", { d: line(points.slice(0, step + 1)), class: "past" }, group);
    let last = points[0];
    const marks = points.slice(1, step + 1).filter((point) => {
      const isApart = Math.hypot(point[0] - last[0], point[1] - last[1]) >= APART;
      if (isApart) last = point;
      return isApart;
    });
    svg("path", { d: marks.map(([x, y]) => SHAPES[method](x, y, 2.2)).join(""), class: "marks" }, group);
    if (step < end) svg("path", { d: SHAPES[method](...points[step], 5.5), class: "now" }, group);
  }

  // A last point for a walk that diverged: out of sight, but near enough for the browser to draw.
  beyond(last, theta) {
    return this.toPixels(theta).map((x, i) => (Number.isNaN(x) ? last[i] : Math.max(-1e6, Math.min(1e6, x))));
  }
}

function star(x, y, r) {
  const corner = (k) => {
    const size = k % 2 ? 0.42 * r : r;
    return `${x + size * Math.sin((k * Math.PI) / 5)},${y - size * Math.cos((k * Math.PI) / 5)}`;
  };
  return "M" + Array.from({ length: 10 }, (_, k) => corner(k)).join("L") + "Z";
}
