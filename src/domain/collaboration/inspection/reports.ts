import type { Inspection } from './inspection.js';

/** The reports of an organ on the opinions it was sent: one, and one more after each test that found the last wanting. */
type Reports = Pick<Inspection, 'opinions' | 'satisfaction'>;

/** `made`: it is there. `rated`: its satisfaction test has been counted. `failed`: the test that found it wanting. */
export type LastReport = {
  readonly round: number;
  readonly made: boolean;
  readonly rated: boolean;
  readonly failed: Inspection['satisfaction'][number] | undefined;
};

/** The one that the organ made last, or has been told to make; `undefined`: it was sent nothing. */
export function lastReport({ opinions, satisfaction }: Reports, organ: string): LastReport | undefined {
  const own = opinions.filter((one) => one.organ === organ);
  if (own.length === 0) return undefined;
  const round = Math.max(...own.map((one) => one.round));
  const tests = satisfaction.filter((one) => one.organ === organ && one.round === round);
  // An organ that has taken over another's part can have two of a round, each with a test of its own.
  const made = own.filter((one) => one.round === round && one.response !== null).length;
  return {
    round,
    made: made > 0,
    rated: made > 0 && tests.length >= made,
    failed: tests.find(({ verdict }) => verdict === 'DISSATISFIED'),
  };
}

/** Organs that were found wanting and have not been told yet by when they report again (domain.md S10). */
export const foundWanting = (state: Reports): readonly string[] =>
  [...new Set(state.opinions.map(({ organ }) => organ))].filter((organ) => lastReport(state, organ)?.failed);

/** Each report of an organ has a clock of its own. */
export const reportClock = (organ: string, round: number): string =>
  round === 1 ? `OPINIONS:${organ}` : `OPINIONS:${organ}:${round}`;
