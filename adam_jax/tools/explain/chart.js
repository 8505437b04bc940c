// How does the loss fall?  One line a method, on a logarithmic scale.
import { svg } from "./map.js";
import { METHODS } from "./optimizers.js";

const LEFT = 46;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;
const DEEPEST = 1e-10; // below, the lines only tell rounding
const ABOVE_START = 100; // a loss so many times that of the start has left the chart

export class Chart {
  constructor(element) {
    this.element = element;
    this.grid = svg("g", { class: "ticks" }, element);
    this.walks = svg("g", {}, element);
    this.cursor = svg("line", { class: "cursor" }, element);
  }

  toStep(x) {
    const t = Math.round(((x - LEFT) / (this.width - LEFT - RIGHT)) * this.steps);
    return Math.max(1, Math.min(this.steps, t));
  }

  draw(settings, walks) {
    const { width, height } = this.element.getBoundingClientRect();
    Object.assign(this, { width, height, steps: settings.steps });
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const shown = Object.keys(METHODS).filter((method) => !settings.hidden.includes(method));
    const [low, high] = this.limits(shown.map((method) => walks[method].loss), walks.adam.loss[0]);
    const x = (t) => LEFT + (t / settings.steps) * (width - LEFT - RIGHT);
    const y = (loss) => {
      const inside = Math.min(Math.max(loss, low / 10), high * 10); // just outside: the line leaves where it should
      return TOP + ((Math.log10(high) - Math.log10(inside)) / Math.log10(high / low)) * (height - TOP - BOTTOM);
    };
    this.drawGrid(low, high, x, y);
    this.walks.replaceChildren();
    for (const method of shown) {
      const ends = walks[method].loss.findIndex((loss) => !(loss < high * 10));
      const losses = ends < 0 ? walks[method].loss : walks[method].loss.slice(0, ends + 1);
      const place = (loss) => y(Number.isNaN(loss) ? Infinity : loss).toFixed(1);
      const points = losses.map((loss, t) => `${x(t).toFixed(1)},${place(loss)}`);
      const group = svg("g", { class: `walk ${method}` }, this.walks);
      svg("path", { d: "M" + points.join("L"), class: "past" }, group);
    }
    const now = x(settings.step);
    for (const [key, value] of Object.entries({ x1: now, x2: now, y1: TOP, y2: height - BOTTOM })) {
      this.cursor.setAttribute(key, value);
    }
  }

  // Whole powers of ten around the losses that can be shown.
  limits(losses, first) {
    const all = losses.flat().filter((loss) => loss > DEEPEST && loss < Math.max(first, 1e-3) * ABOVE_START);
    if (!all.length) return [0.1, 10];
    const low = Math.floor(Math.log10(all.reduce((a, b) => Math.min(a, b))));
    const high = Math.ceil(Math.log10(all.reduce((a, b) => Math.max(a, b))));
    return [10 ** low, 10 ** Math.max(high, low + 1)];
  }

  drawGrid(low, high, x, y) {
    this.grid.replaceChildren();
    const label = (px, py, content, anchor) => {
      const element = svg("text", { x: px, y: py, "text-anchor": anchor }, this.grid);
      element.append(content);
      return element;
    };
    const decades = Math.round(Math.log10(high / low));
    const every = Math.ceil(decades / 5);
    for (let k = 0; k <= decades; k++) {
      const value = low * 10 ** k;
      if (k % every) continue;
      svg("line", { x1: LEFT, x2: this.width - RIGHT, y1: y(value), y2: y(value) }, this.grid);
      const power = svg("tspan", { dy: -5, class: "power" }, label(LEFT - 6, y(value) + 4, "10", "end"));
      power.append(String(Math.round(Math.log10(value))).replace("-", "−"));
    }
    for (const share of [0, 0.5, 1]) {
      const anchor = { 0: "start", 1: "end" }[share] ?? "middle";
      label(x(share * this.steps), this.height - 6, String(Math.round(share * this.steps)), anchor);
    }
  }
}
