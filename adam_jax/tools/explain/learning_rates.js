// How much does the learning rate matter?  The chart and the table of the losses at the end of each method's walk.
import { Chart, DEEPEST } from "./chart.js";
import { plain } from "./numbers.js";
import { METHODS, RATES } from "./optimizers.js";
import { SWEEP, finalLoss, summary, sweep } from "./sweep.js";

const REST = 150; // milliseconds without a change, before what takes up to a second is computed
const POSITIONS = [SWEEP[0], SWEEP.at(-1)].map(Math.log10);
const toShare = (rate) => (Math.log10(rate) - POSITIONS[0]) / (POSITIONS[1] - POSITIONS[0]);
const TICKS = [-5, -3, -1, 1].map((power) => [toShare(10 ** power), plain(10 ** power)]);

export class LearningRates {
  //   rows: the body of the table
  //   choose: is given { the setting of a method's learning rate: its value }
  constructor(element, rows, choose) {
    this.chart = new Chart(element);
    this.rows = rows;
    this.sweeps = {};
    element.addEventListener("click", (event) => {
      const box = element.getBoundingClientRect();
      this.chooseAt(event.clientX - box.left, event.clientY - box.top, choose);
    });
  }

  // Draws when all is known: at once, or when the settings have rested.
  show(settings, first) {
    const asked = JSON.stringify([{ ...settings, step: null }, this.chart.element.clientWidth]);
    if (asked === this.asked) return; // only the step has changed
    this.asked = asked;
    const shown = Object.keys(METHODS).filter((method) => !settings.hidden.includes(method));
    const missing = shown.filter((method) => this.sweeps[method]?.of !== withoutRates(settings));
    clearTimeout(this.pending);
    const next = () => {
      if (!missing.length) return this.draw(settings, first, shown);
      const method = missing.shift();
      this.sweeps[method] = { of: withoutRates(settings), losses: sweep(settings, method) };
      this.pending = setTimeout(next); // between two methods the page answers its reader
    };
    if (missing.length) this.pending = setTimeout(next, REST);
    else next();
  }

  draw(settings, first, shown) {
    const lines = Object.fromEntries(shown.map((method) => [method, this.sweeps[method].losses]));
    const marks = Object.fromEntries(
      shown.map((method) => [method, [toShare(settings[RATES[method]]), finalLoss({ ...settings, method })]]),
    );
    this.chart.draw({ lines, first, ticks: TICKS, marks });
    this.showRows(lines, first);
  }

  showRows(lines, first) {
    this.rows.replaceChildren(
      ...Object.entries(lines).map(([method, losses]) => {
        const { loss, rate, factor } = summary(losses, first);
        const row = document.createElement("tr");
        const lowest = loss < DEEPEST ? "below 10⁻¹⁰" : short(loss);
        const words = [lowest, short(rate), factor ? `${short(factor)}×` : "none"];
        for (const [i, content] of [METHODS[method], ...words].entries()) {
          const cell = document.createElement(i ? "td" : "th");
          if (!i) cell.scope = "row";
          cell.textContent = content;
          row.append(cell);
        }
        return row;
      }),
    );
  }

  // The learning rate at a place in the chart, for the method whose line is nearest.
  chooseAt(x, y, choose) {
    const share = this.chart.toShare(x);
    const k = Math.round(share * (SWEEP.length - 1));
    const away = ([, { losses }]) => Math.abs(this.chart.toY(losses[k]) - y);
    const drawn = Object.entries(this.sweeps).filter(([method]) => this.chart.element.querySelector(`.${method}`));
    if (!drawn.length) return;
    const [method] = drawn.reduce((best, one) => (away(one) < away(best) ? one : best));
    const rate = 10 ** (POSITIONS[0] + share * (POSITIONS[1] - POSITIONS[0]));
    choose({ [RATES[method]]: Number(rate.toPrecision(2)) });
  }
}

const short = (x) => plain(Number(x.toPrecision(2)));

// What the losses over all learning rates depend on.
function withoutRates({ step, hidden, learning_rate, sgd_learning_rate, momentum_learning_rate, ...rest }) {
  return JSON.stringify(rest);
}
