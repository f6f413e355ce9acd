/** Numbers by chance that are the same in every run (mulberry32). */
export function randomOf(seed: number) {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    /** Mean 1 / rate. */
    exponential: (rate: number): number => -Math.log(1 - uniform()) / rate,
    /** Mean 1. */
    lognormal: (sigma: number): number => Math.exp(sigma * normal() - (sigma * sigma) / 2),
    /** 1, 2, 3 …; the mean is given. */
    geometric(mean: number): number {
      if (mean <= 1) return 1;
      return 1 + Math.floor(Math.log(1 - uniform()) / Math.log(1 - 1 / mean));
    },
  };
}

/** Quantiles of positive numbers, to one percent, in constant memory. */
export function histogram() {
  const counts = new Uint32Array(2_500);
  let total = 0;
  const least = 0.001;
  return {
    add(value: number) {
      const bin = value <= least ? 0 : Math.ceil(Math.log(value / least) / Math.log(1.01));
      counts[Math.min(bin, counts.length - 1)] = (counts[Math.min(bin, counts.length - 1)] ?? 0) + 1;
      total++;
    },
    quantile(share: number): number {
      let seen = 0;
      for (const [bin, count] of counts.entries()) {
        seen += count;
        if (seen >= share * total && count > 0) return least * 1.01 ** bin;
      }
      return 0;
    },
    get total() {
      return total;
    },
  };
}
