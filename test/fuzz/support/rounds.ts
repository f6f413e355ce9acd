/** What is fuzzed; `npm run fuzz -- --target <name>`. */
export type Target = 'actions' | 'cursors' | 'imports' | 'frames' | 'bytes';

/** For `fc.assert`. A round tells the server things that it keeps, so a smaller example would not be tried on the same. */
export type Round = { readonly seed: number; readonly numRuns: number; readonly endOnFailure: true };

const { WUJI_FUZZ_SEED, WUJI_FUZZ_MINUTES } = process.env;
const minutes = Number(WUJI_FUZZ_MINUTES ?? 0);

/** For tests that call `inRounds`, milliseconds. */
export const roundsTimeout = 120_000 + minutes * 60_000;

/**
 * One round from a fixed seed; under `npm run fuzz` as many as its minutes hold, each from the seed after the one before.
 * All that a round does follows from its seed. `parts`: how many tests share the target's minutes.
 */
export async function inRounds(
  { target, runs, parts = 1 }: { readonly target: Target; readonly runs: number; readonly parts?: number },
  play: (round: Round) => Promise<void>,
): Promise<void> {
  const until = performance.now() + (minutes * 60_000) / parts;
  let seed = Number(WUJI_FUZZ_SEED ?? 1508);
  do {
    try {
      await play({ seed, numRuns: runs, endOnFailure: true });
    } catch (cause) {
      const told = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`to see it again: npm run fuzz -- --target ${target} --seed ${seed} --minutes 0\n${told}`, {
        cause,
      });
    }
    seed++;
  } while (performance.now() < until);
}
