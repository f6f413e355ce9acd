import type { Outcome } from './shapes.js';

type Asked = {
  readonly kind: 'SATISFACTION' | 'CHOICE';
  readonly choices: readonly string[];
  readonly most: number;
  readonly members: number | null;
};

/**
 * Ballots with no tick or too many are void and not counted. Of all members, present or not: satisfied when at least half
 * say 满意; basically satisfied when more than half say 满意 or 基本满意; else dissatisfied (domain.md S10).
 */
export function tallied(
  { kind, choices, most, members }: Asked,
  ballots: Outcome['ballots'],
): Pick<Outcome, 'tally' | 'spoiled' | 'verdict'> {
  const valid = ballots.filter(({ picks }) => picks.length >= 1 && picks.length <= most);
  const votesFor = (index: number) => valid.filter(({ picks }) => picks.includes(index)).length;
  const spoiled = ballots.length - valid.length;
  const tally = choices.map((choice, index) => ({ choice, votes: votesFor(index) }));
  if (kind !== 'SATISFACTION' || members === null) return { tally, spoiled, verdict: null };
  const [satisfied, basically] = [votesFor(0), votesFor(0) + votesFor(1)];
  if (satisfied * 2 >= members) return { tally, spoiled, verdict: 'SATISFIED' };
  return { tally, spoiled, verdict: basically * 2 > members ? 'BASICALLY_SATISFIED' : 'DISSATISFIED' };
}
