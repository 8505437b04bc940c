// How is a loss drawn?  A line a method, on a logarithmic scale.
import { METHODS } from "./optimizers.js";
import { SHAPES, svg } from "./svg.js";

const LEFT = 46;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 24;
export const DEEPEST = 1e-10; // below, the lines only tell rounding
const ABOVE_START = 100; // a loss so many times that of the start has left the chart

export class Chart {
  constructor(element) {
    this.element = element;
    this.grid = svg("g", { class: "ticks" }, element);
    this.walks = svg("g", {}, element);
    this.cursor = svg("line", { class: "cursor" }, element);
  }

  // Where a place in pixels lies between the left end, 0, and the right one, 1.
  toShare(x) {
    return Math.max(0, Math.min(1, (x - LEFT) / (this.width - LEFT - RIGHT)));
  }

  //   lines: { method: [loss, ...] }, from the left end to the right one
  //   first: the loss at the start
  //   ticks: [[share, text], ...] below the chart
  //   cursor: a share, or null
  //   marks: { method: [share, loss] }
  draw({ lines, first, ticks, cursor = null, marks = {} }) {
    const { width, height } = this.element.getBoundingClientRect();
    Object.assign(this, { width, height });
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const [low, high] = this.limits(Object.values(lines), first);
    const x = (share) => LEFT + share * (width - LEFT - RIGHT);
    this.toY = (loss) => {
      // Just outside, so that a line leaves the chart where it should.
      const inside = Number.isNaN(loss) ? high * 10 : Math.min(Math.max(loss, low / 10), high * 10);
      return TOP + ((Math.log10(high) - Math.log10(inside)) / Math.log10(high / low)) * (height - TOP - BOTTOM);
    };
    this.drawGrid(low, high, x, ticks);
    this.walks.replaceChildren();
    for (const method of Object.keys(METHODS).filter((name) => lines[name])) {
      const losses = lines[method];
      const points = losses.map((loss, k) => `${x(k / (losses.length - 1)).toFixed(1)},${this.toY(loss).toFixed(1)}`);
      const group = svg("g", { class: `walk ${method}` }, this.walks);
      svg("path", { d: "M" + points.join("L"), class: "past" }, group);
      if (!marks[method]) continue;
      const [share, loss] = marks[method];
      svg("path", { d: SHAPES[method](x(share), this.toY(loss), 5.5), class: "now" }, group);
    }
    this.cursor.classList.toggle("unseen", cursor === null);
    for (const [key, value] of Object.entries({ x1: x(cursor), x2: x(cursor), y1: TOP, y2: height - BOTTOM })) {
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

  drawGrid(low, high, x, ticks) {
    this.grid.replaceChildren();
    const label = (px, py, content, anchor) => {
      const element = svg("text", { x: px, y: py, "text-anchor": anchor }, this.grid);
      element.append(content);
      return element;
    };
    const decades = Math.round(Math.log10(high / low));
    const every = Math.ceil(decades / 6);
    for (let k = 0; k <= decades; k++) {
      const value = low * 10 ** k;
      if (k % every) continue;
      const y = this.toY(value);
      svg("line", { x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y }, this.grid);
      const power = svg("tspan", { dy: -5, class: "power" }, label(LEFT - 6, y + 4, "10", "end"));
      power.append(String(Math.round(Math.log10(value))).replace("-", "−"));
    }
    for (const [share, content] of ticks) {
      label(x(share), this.height - 6, content, { 0: "start", 1: "end" }[share] ?? "middle");
    }
  }
}
