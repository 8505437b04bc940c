// Which learning rates work?  The loss at the end of each method's walk, for learning rates from 10⁻⁵ to 10.
import { RATES, walk } from "./optimizers.js";
import { SURFACES } from "./surfaces.js";

const PER_DECADE = 8;
export const SWEEP = Array.from({ length: 6 * PER_DECADE + 1 }, (_, k) => 10 ** (k / PER_DECADE - 5));
const LAST = 10; // steps over which the loss is averaged
const SEEDS = 32; // walks with other noise, where there is noise
const GOOD = 0.01; // of the loss at the start

// A list over SWEEP; Infinity where the walk diverges.
export function sweep(settings, method) {
  return SWEEP.map((rate) => finalLoss({ ...settings, method, [RATES[method]]: rate }));
}

// The mean loss over the last ten steps, and over all walks where there is noise.
export function finalLoss(settings) {
  const seeds = SURFACES[settings.surface].noise ? SEEDS : 1;
  let sum = 0;
  for (let k = 0; k < seeds; k++) {
    let t = 0;
    for (const { loss } of walk({ ...settings, seed: settings.seed + k })) {
      if (!Number.isFinite(loss)) return Infinity;
      if (t > settings.steps - LAST) sum += loss;
      t += 1;
    }
  }
  return sum / (seeds * LAST);
}

// { loss, rate, factor }: the lowest of a method's final losses, its learning rate, and the factor between the largest
// and the smallest learning rate of the longest run of them that end below 1% of the loss at the start (0: none does).
export function summary(losses, first) {
  const loss = Math.min(...losses);
  let longest = 0;
  let run = 0;
  for (const one of losses) {
    run = one < GOOD * first ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return { loss, rate: SWEEP[losses.indexOf(loss)], factor: longest ? 10 ** ((longest - 1) / PER_DECADE) : 0 };
}
