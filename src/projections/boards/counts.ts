import type { RegionCode } from '../../domain/kernel/region.js';
import { ancestorsOf, levelOf, levels } from '../../domain/kernel/region.js';
import { childrenOf } from '../../domain/organization/divisions.js';
import { jointMeetingModel, measureModel, yearDutyModel } from '../cases/joint-meeting.js';
import { mandateModel } from '../cases/registry.js';
import { suggestionModel } from '../cases/suggestion.js';
import { ownOnly } from '../cases/suggestion-facts.js';
import { inspectionModel, issueModel } from '../cases/supervision.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { ReadModel } from '../kernel/read-model.js';
import type { Parts } from './shapes.js';
import type { Place, Watcher } from './watch.js';

/**
 * The numbers of a board, from counters that every commit keeps: by region and closed lists of words, so that what is
 * read is as much for a million cases as for ten.
 */
type Counted = { readonly words: readonly string[]; readonly count: number };

/** The counters of a region; those of what is not registered yet only for who acts in the region itself. */
async function counted(
  view: ReadView,
  model: ReadModel,
  rollup: string,
  { region, viewer }: Place,
): Promise<Counted[]> {
  const prefixes = regionOf(viewer) === region ? [region, ownOnly(region)] : [region];
  const merged = new Map<string, { words: readonly string[]; count: number }>();
  for (const prefix of prefixes)
    for (const { key, count } of await query(view, model).counts(rollup, [prefix])) {
      const words = key.slice(1);
      const name = JSON.stringify(words);
      merged.set(name, { words, count: (merged.get(name)?.count ?? 0) + count });
    }
  return [...merged.values()];
}
function regionOf({ actor }: Watcher): RegionCode | undefined {
  if (actor?.kind === 'deputy') return actor.congress;
  return actor?.kind === 'official' ? actor.region : undefined;
}
/** Words of a counter as the closed lists that wrote them: the rollup's own types are gone once they are keys. */
const word = <T extends string>(value: string | undefined): T => value as T;
const sum = (rows: readonly Counted[], test: (words: readonly string[]) => boolean): number =>
  rows.reduce((total, { words, count }) => total + (test(words) ? count : 0), 0);
const lawsShown = 20;
const yearsShown = 3;

type Funnel = Parts['funnel'];
type Outcomes = Parts['outcomes'];

export const countsOf = {
  funnel: async (view: ReadView, at: Place): Promise<Funnel> =>
    (await counted(view, suggestionModel, 'funnel', at))
      .map(({ words: [level, status], count }) => ({
        level: word<Funnel[number]['level']>(level),
        status: word<Funnel[number]['status']>(status),
        count,
      }))
      .sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)),

  outcomes: async (view: ReadView, at: Place): Promise<Outcomes> =>
    (await counted(view, suggestionModel, 'outcome', at)).map(({ words: [category, rating, completion], count }) => ({
      completion: word<Outcomes[number]['completion']>(completion),
      category: word<Outcomes[number]['category']>(category),
      satisfaction: word<Outcomes[number]['satisfaction']>(rating),
      count,
    })),

  rehandled: async (view: ReadView, at: Place): Promise<number> =>
    sum(await counted(view, suggestionModel, 'rehandled', at), () => true),

  clocks: async (view: ReadView, at: Place): Promise<Parts['clocks']> =>
    (await counted(view, suggestionModel, 'clocks', at)).map(({ words: [owner, standing], count }) => ({
      owner: word<Parts['clocks'][number]['owner']>(owner),
      standing: word<Parts['clocks'][number]['standing']>(standing),
      count,
    })),

  async owners(view: ReadView, at: Place): Promise<Parts['owners']> {
    const rows = await counted(view, suggestionModel, 'clocksByOwner', at);
    return [...new Set(rows.map(({ words: [owner = ''] }) => owner))].map((owner) => {
      const of = (standing: string) => sum(rows, (words) => words[0] === owner && words[1] === standing);
      return { owner, running: of('RUNNING'), warned: of('WARNED'), overdue: of('OVERDUE'), paused: of('PAUSED') };
    });
  },

  async issues(view: ReadView, at: Place): Promise<Parts['issues']> {
    const rows = await counted(view, issueModel, 'standing', at);
    const kinds = [...new Set(rows.map(({ words }) => `${words[0]} ${words[1]}`))];
    return kinds.map((kind) => {
      const [status, severity] = kind.split(' ');
      const own = rows.filter(({ words }) => words[0] === status && words[1] === severity);
      return {
        status: word<Parts['issues'][number]['status']>(status),
        severity: word<Parts['issues'][number]['severity']>(severity),
        count: sum(own, () => true),
        overdue: sum(own, (words) => words[2] === 'OVERDUE'),
      };
    });
  },

  async laws(view: ReadView, at: Place): Promise<Parts['laws']> {
    const rows = await counted(view, issueModel, 'byLaw', at);
    const laws = [...new Set(rows.map(({ words: [law = ''] }) => law))].map((law) => ({
      law,
      open: sum(rows, (words) => words[0] === law && words[1] === 'OPEN'),
      over: sum(rows, (words) => words[0] === law && words[1] === 'OVER'),
    }));
    return laws.sort((a, b) => b.open - a.open || b.over - a.over || (a.law < b.law ? -1 : 1)).slice(0, lawsShown);
  },

  async inspections(view: ReadView, at: Place): Promise<Parts['inspections']> {
    const rows = await counted(view, inspectionModel, 'statuses', at);
    const isClosed = (status = '') => status === 'PUBLISHED' || status === 'CLOSED';
    return [...new Set(rows.map(({ words: [kind] }) => kind))].map((kind) => ({
      kind: word<Parts['inspections'][number]['kind']>(kind),
      open: sum(rows, (words) => words[0] === kind && !isClosed(words[1])),
      closed: sum(rows, (words) => words[0] === kind && isClosed(words[1])),
    }));
  },

  async measures(view: ReadView, at: Place): Promise<Parts['measures']> {
    const rows = await counted(view, measureModel, 'standing', at);
    return [...new Set(rows.map(({ words: [status] }) => status))].map((status) => ({
      status: word<Parts['measures'][number]['status']>(status),
      count: sum(rows, (words) => words[0] === status),
      overdue: sum(rows, (words) => words[0] === status && words[1] === 'OVERDUE'),
    }));
  },

  /** All five levels: those below by the region's own subtree, those above by the congress of that level itself. */
  async participation(view: ReadView, at: Place): Promise<Parts['participation']> {
    const attended = await counted(view, jointMeetingModel, 'attended', at);
    return Promise.all(
      levels.map(async (level) => {
        const own = ancestorsOf(at.region).find((above) => levelOf(above) === level) ?? at.region;
        const seats = await query(view, mandateModel).counts('seats', [own, level]);
        const of = (status: string) =>
          sum(
            seats.map(({ key, count }) => ({ words: key, count })),
            (key) => key[2] === status,
          );
        const meetings = sum(attended, (words) => words[0] === level);
        return { level, active: of('ACTIVE'), suspended: of('SUSPENDED'), meetings };
      }),
    );
  },

  async yearDuties(view: ReadView, at: Place): Promise<Parts['yearDuties']> {
    const rows = (await counted(view, yearDutyModel, 'standing', at)).map(({ words: [year, standing], count }) => ({
      year: Number(year),
      standing: word<Parts['yearDuties'][number]['standing']>(standing),
      count,
    }));
    const years = [...new Set(rows.map(({ year }) => year))].sort((a, b) => b - a).slice(0, yearsShown);
    return rows.filter(({ year }) => years.includes(year)).sort((a, b) => b.year - a.year);
  },

  offers: async (view: ReadView, at: Place): Promise<Parts['offers']> =>
    (await counted(view, suggestionModel, 'offered', at)).map(({ words: [answer, higherStatus], count }) => ({
      answer: word<Parts['offers'][number]['answer']>(answer),
      higherStatus: word<Parts['offers'][number]['higherStatus']>(higherStatus),
      count,
    })),

  regions: (view: ReadView, at: Place): Promise<Parts['regions']> =>
    Promise.all(
      childrenOf(at.region).map(async ({ code }) => {
        const below = { ...at, region: code };
        const outcomes = await counted(view, suggestionModel, 'outcome', below);
        const clocks = await counted(view, suggestionModel, 'clocks', below);
        const issues = await counted(view, issueModel, 'standing', below);
        const seats = await counted(view, mandateModel, 'seats', below);
        return {
          region: code,
          suggestions: sum(outcomes, () => true),
          open: sum(outcomes, (words) => words[2] === 'OPEN'),
          overdue: sum(clocks, (words) => words[0] !== 'mandate' && words[1] === 'OVERDUE'),
          dissatisfied: sum(outcomes, (words) => words[1] === 'DISSATISFIED'),
          issues: sum(issues, (words) => words[0] !== 'VERIFIED' && words[0] !== 'CLOSED'),
          deputies: sum(seats, (words) => words[1] === 'ACTIVE'),
        };
      }),
    ),
};
