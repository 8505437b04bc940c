// What do the methods walk on?  Six surfaces: their height, their gradient, and the part that the map shows.

const BOWL = {
  loss: ([x, y]) => (x * x + 20 * y * y) / 2,
  gradient: ([x, y]) => [x, 20 * y],
  formula: "½ (θ₁² + 20 θ₂²)",
  lowest: [[0, 0]],
  view: { left: -11, right: 5, bottom: -5.33, top: 5.33 },
  noise: 0,
  defaults: { start: [-9, 4], ...rates(0.24, 0.075, 0.01), steps: 100 },
};

// Of Adam, AdamW and RMSprop; of gradient descent; of momentum.
function rates(learning_rate, sgd_learning_rate, momentum_learning_rate) {
  return { learning_rate, sgd_learning_rate, momentum_learning_rate };
}

export const SURFACES = {
  scales: {
    ...BOWL,
    loss: ([x, y]) => (x * x + 100 * y * y) / 2,
    gradient: ([x, y]) => [x, 100 * y],
    formula: "½ (θ₁² + 100 θ₂²)",
    name: "Two scales",
    about:
      "The loss is 100 times as steep along θ₂ as along θ₁, and gradients are noisy: each is measured at a random " +
      "place near θ, as if every step saw another example. Each method starts with its best learning rate.",
    noise: 0.2,
    defaults: { ...BOWL.defaults, ...rates(0.13, 0.01, 0.0013), steps: 150 },
  },
  bowl: {
    ...BOWL,
    name: "Bowl",
    about:
      "Only 20 times as steep across as along, and no noise. Gradient descent starts with a learning rate that was " +
      "chosen for these two slopes, and ends lowest. Those of a network are not known, and differ by more.",
  },
  ravine: {
    // u runs along the valley, w across: f = (u² + 50 w²) / 2
    loss: ([x, y]) => ((x + y) ** 2 / 2 + 25 * (y - x) ** 2) / 2,
    gradient: ([x, y]) => [(x + y) / 2 - 25 * (y - x), (x + y) / 2 + 25 * (y - x)],
    name: "Ravine",
    formula: "¼ (θ₁ + θ₂)² + 12.5 (θ₂ − θ₁)²",
    about:
      "A valley that runs between the axes. Adam divides each coordinate by its own number, which does not help " +
      "where both are equally steep: at these learning rates momentum and gradient descent end lower.",
    lowest: [[0, 0]],
    view: { left: -8, right: 8, bottom: -5.33, top: 5.33 },
    noise: 0,
    defaults: { start: [-6, -2], ...rates(0.3, 0.03, 0.004), steps: 150 },
  },
  rosenbrock: {
    loss: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: ([x, y]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    name: "Rosenbrock",
    formula: "(1 − θ₁)² + 100 (θ₂ − θ₁²)²",
    about:
      "A curved valley between steep walls, with an almost flat floor. Gradients along the floor are tiny, and " +
      "gradient descent nearly stops.",
    lowest: [[1, 1]],
    view: { left: -2.2, right: 2.2, bottom: -0.7, top: 2.5 },
    noise: 0,
    defaults: { start: [-1.5, 2], ...rates(0.1, 0.001, 0.001), steps: 300 },
  },
  saddle: {
    loss: ([x, y]) => (x * x) / 2 + (y * y - 1) ** 2 / 4,
    gradient: ([x, y]) => [x, y * (y * y - 1)],
    name: "Saddle",
    formula: "½ θ₁² + ¼ (θ₂² − 1)²",
    about:
      "Beside the ridge θ₂ = 0 the gradient towards either minimum is tiny. Gradient descent needs 40 steps to " +
      "leave it; the first step of Adam has full length.",
    lowest: [[0, -1], [0, 1]],
    view: { left: -2.8, right: 1.6, bottom: -1.47, top: 1.47 },
    noise: 0,
    defaults: { start: [-2.2, 0.01], ...rates(0.1, 0.1, 0.1), steps: 100 },
  },
  noisy: {
    ...BOWL,
    name: "Noisy bowl",
    about:
      "The bowl, with more noise than on the first surface. Each method starts with its best learning rate. " +
      "Averaging gradients, as momentum and Adam do, takes noise out of the steps.",
    noise: 0.5,
    defaults: { ...BOWL.defaults, ...rates(0.13, 0.018, 0.0018), steps: 150 },
  },
};

// Where step t measures the gradient, seen from θ: uniform, with standard deviation `noise` in each coordinate.  A
// function of seed and step alone, so that all methods meet the same noise and a link brings it back.
export function offset(noise, seed, t) {
  return [0, 1].map((coordinate) => {
    const uniform = (scramble(scramble(seed + 1) + 2 * t + coordinate) + 0.5) / 2 ** 32;
    return noise * Math.sqrt(3) * (2 * uniform - 1);
  });
}

// The last lines of MurmurHash3 (Appleby, public domain): every bit of the result depends on every bit of x.
function scramble(x) {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
