// How does each method step?  Five rules for one coordinate, and the walk that repeats them.
import { SURFACES, offset } from "./surfaces.js";

export const METHODS = {
  sgd: "Gradient descent",
  momentum: "Momentum",
  rmsprop: "RMSprop",
  adam: "Adam",
  adamw: "AdamW",
};

// The setting that is a method's learning rate.
export const RATES = {
  sgd: "sgd_learning_rate",
  momentum: "momentum_learning_rate",
  rmsprop: "learning_rate",
  adam: "learning_rate",
  adamw: "learning_rate",
};

// Each takes the gradient g, the m and v of the step before, the step t = 1, 2, ..., the settings, and theta.
const RULES = {
  sgd: (g, old, t, { sgd_learning_rate }) => ({ m: 0, v: 0, m_hat: 0, v_hat: 0, update: -sgd_learning_rate * g }),

  // optax.sgd(momentum=b1): a sum that forgets, not a mean, hence steps up to 1 / (1 - b1) times as long
  momentum: (g, old, t, { momentum_learning_rate, b1 }) => {
    const m = b1 * old.m + g;
    return { m, v: 0, m_hat: m, v_hat: 0, update: -momentum_learning_rate * m };
  },

  // optax.rmsprop(decay=b2, eps_in_sqrt=False): Adam without momentum
  rmsprop: (g, old, t, settings, theta) => RULES.adam(g, old, t, settings, theta, 0),

  adam: (g, old, t, settings, theta, b1 = settings.b1) => {
    const { learning_rate, b2, eps, bias_correction } = settings;
    const m = b1 * old.m + (1 - b1) * g; // (1)
    const v = b2 * old.v + (1 - b2) * g * g; // (2)
    const m_hat = bias_correction ? m / (1 - b1 ** t) : m; // (3)
    const v_hat = bias_correction ? v / (1 - b2 ** t) : v;
    return { m, v, m_hat, v_hat, update: (-learning_rate * m_hat) / (Math.sqrt(v_hat) + eps) }; // (4)
  },

  // optax.adamw: the decay stands beside the fraction of (4), and is not divided by sqrt(v_hat)
  adamw: (g, old, t, settings, theta) => {
    const state = RULES.adam(g, old, t, settings);
    return { ...state, update: state.update - settings.learning_rate * settings.weight_decay * theta };
  },
};

const ZERO = { m: 0, v: 0, m_hat: 0, v_hat: 0, update: 0 };

// One object a step: { theta, loss, gradient, state }, from the start, where the gradient and the state are 0.
//   settings: { surface, method, learning_rate, sgd_learning_rate, momentum_learning_rate, b1, b2, eps, weight_decay,
//   bias_correction, steps, start, seed }
export function* walk({ surface, method, start, steps, seed, ...settings }) {
  const { loss, gradient, noise } = SURFACES[surface];
  const rule = RULES[method];
  let theta = start;
  let state = [ZERO, ZERO];
  yield { theta, loss: loss(theta), gradient: [0, 0], state };
  for (let t = 1; t <= steps; t++) {
    const away = offset(noise, seed, t);
    const g = gradient(theta.map((x, i) => x + away[i]));
    state = g.map((one, i) => rule(one, state[i], t, settings, theta[i]));
    theta = theta.map((x, i) => x + state[i].update);
    yield { theta, loss: loss(theta), gradient: g, state };
  }
}

// The whole walk of one method, from the settings of `walk`:
// { theta, loss, gradient, m, v, m_hat, v_hat }, lists over steps 0 ... steps, of pairs except for loss.
// What diverges ends in Infinity and NaN.
export function trajectory(settings) {
  const all = { theta: [], loss: [], gradient: [], m: [], v: [], m_hat: [], v_hat: [] };
  for (const { theta, loss, gradient, state } of walk(settings)) {
    all.theta.push(theta);
    all.loss.push(loss);
    all.gradient.push(gradient);
    for (const name of ["m", "v", "m_hat", "v_hat"]) all[name].push(state.map((one) => one[name]));
  }
  return all;
}
