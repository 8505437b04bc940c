// How does each method step?  Four rules for one coordinate, and the walk that repeats them.
import { SURFACES, offset } from "./surfaces.js";

export const METHODS = { sgd: "Gradient descent", momentum: "Momentum", rmsprop: "RMSprop", adam: "Adam" };

// Each takes the gradient g, the m and v of the step before, the step t = 1, 2, ... and the settings.
const RULES = {
  sgd: (g, old, t, { sgd_learning_rate }) => ({ m: 0, v: 0, m_hat: 0, v_hat: 0, update: -sgd_learning_rate * g }),

  // optax.sgd(momentum=b1): a sum that forgets, not a mean, hence steps up to 1 / (1 - b1) times as long
  momentum: (g, old, t, { sgd_learning_rate, b1 }) => {
    const m = b1 * old.m + g;
    return { m, v: 0, m_hat: m, v_hat: 0, update: -sgd_learning_rate * m };
  },

  // optax.rmsprop(decay=b2, eps_in_sqrt=False): Adam without momentum
  rmsprop: (g, old, t, settings) => RULES.adam(g, old, t, { ...settings, b1: 0 }),

  adam: (g, old, t, { learning_rate, b1, b2, eps, bias_correction }) => {
    const m = b1 * old.m + (1 - b1) * g; // (1)
    const v = b2 * old.v + (1 - b2) * g * g; // (2)
    const m_hat = bias_correction ? m / (1 - b1 ** t) : m; // (3)
    const v_hat = bias_correction ? v / (1 - b2 ** t) : v;
    return { m, v, m_hat, v_hat, update: (-learning_rate * m_hat) / (Math.sqrt(v_hat) + eps) }; // (4)
  },
};

// The whole walk of one method:
//   settings: { surface, method, learning_rate, sgd_learning_rate, b1, b2, eps, bias_correction, steps, start, seed }
// gives { theta, loss, gradient, m, v, m_hat, v_hat }, lists over steps 0 ... steps, of pairs except for loss.
// Entry 0 is the start, where the others are 0.  What diverges ends in Infinity and NaN.
export function trajectory({ surface, method, start, steps, seed, ...settings }) {
  const { loss, gradient, noise } = SURFACES[surface];
  const zero = { m: 0, v: 0, m_hat: 0, v_hat: 0 };
  let theta = start;
  let state = [zero, zero];
  const walk = { theta: [], loss: [], gradient: [], m: [], v: [], m_hat: [], v_hat: [] };
  const note = (g) => {
    walk.theta.push(theta);
    walk.loss.push(loss(theta));
    walk.gradient.push(g);
    for (const name in zero) walk[name].push(state.map((one) => one[name]));
  };
  note([0, 0]);
  for (let t = 1; t <= steps; t++) {
    const away = offset(noise, seed, t);
    const g = gradient(theta.map((x, i) => x + away[i]));
    state = g.map((one, i) => RULES[method](one, state[i], t, settings));
    theta = theta.map((x, i) => x + state[i].update);
    note(g);
  }
  return walk;
}
