// What are the numbers of this step?  The four equations of Adam with every symbol replaced, for both coordinates.
import { math, plain } from "./numbers.js";

const COORDINATES = ["θ₁", "θ₂"];
const number = (x) => `<mn>${plain(x)}</mn>`;
// A piece begins with its sign of operation, which else would stand close to what follows, as that of a number does.
const infix = (sign) => `<mo lspace="0" rspace="0.25em">${sign}</mo>`;
const times = "<mo>·</mo>";
const fraction = (above, below) => `<mfrac>${above}<mrow>${below}</mrow></mfrac>`;
const equals = (x, name) => infix("=") + math(x, name);

// Each gives the right-hand sides at one step of one coordinate, in pieces: a line may break between two of them.
const LINES = {
  m: ({ b1 }, now, old) => [
    number(b1) + times + math(old.m, "m", true),
    infix("+") + number(rest(b1)) + times + math(now.gradient, "g", true),
    equals(now.m, "m"),
  ],
  v: ({ b2 }, now, old) => [
    number(b2) + times + math(old.v, "v"),
    infix("+") + number(rest(b2)) + times + `<msup>${math(now.gradient, "g", true)}<mn>2</mn></msup>`,
    equals(now.v, "v"),
  ],
  m_hat: ({ b1, bias_correction }, now, old, t) => corrected(b1, bias_correction, t, now.m, now.m_hat, "m"),
  v_hat: ({ b2, bias_correction }, now, old, t) => corrected(b2, bias_correction, t, now.v, now.v_hat, "v"),
  theta: (settings, now, old) => [...stepped(settings, now, old), equals(now.theta, "theta")],
  adamw: (settings, now, old) => [
    ...stepped(settings, now, old),
    infix("−") + number(settings.learning_rate) + times + number(settings.weight_decay) + times +
      math(old.theta, "theta", true),
    equals(now.theta, "theta"),
  ],
};

function stepped({ learning_rate, eps }, now, old) {
  const root = `<msqrt>${math(now.v_hat, "v")}</msqrt><mo>+</mo>${number(eps)}`;
  return [
    math(old.theta, "theta"),
    infix("−") + number(learning_rate) + times + fraction(math(now.m_hat, "m"), root),
  ];
}

// 1 - 0.999 is 0.0010000000000000009
const rest = (b) => Number((1 - b).toPrecision(6));

function corrected(b, correct, t, mean, result, name) {
  if (!correct) return [math(mean, name), "<mtext>not corrected</mtext>"];
  const correction = `<mn>1</mn><mo>−</mo><msup>${number(b)}<mn>${t}</mn></msup>`;
  return [fraction(math(mean, name), correction), equals(result, name)];
}

// Fills every element that has data-line, the name of a line above: with Adam's numbers, or with AdamW's in its line.
export function showEquations(root, settings, walks) {
  const t = settings.step;
  for (const element of root.querySelectorAll("[data-line]")) {
    const walk = element.dataset.line === "adamw" ? walks.adamw : walks.adam;
    const names = Object.keys(walk).filter((name) => name !== "loss");
    const at = (t, i) => Object.fromEntries(names.map((name) => [name, walk[name][t][i]]));
    // Nothing but numbers goes in, and those came out of `number` and `math`.
    element.innerHTML = COORDINATES.map((coordinate, i) => {
      const pieces = LINES[element.dataset.line](settings, at(t, i), at(t - 1, i), t);
      const line = pieces.map((piece) => `<math displaystyle="true">${piece}</math>`).join(" ");
      return `<div><span class="coordinate">${coordinate}</span><span>${line}</span></div>`;
    }).join("");
  }
}
