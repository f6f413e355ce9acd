import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import { caseModels } from '../../src/projections/cases/index.js';
import type { Api } from '../graphql/support/api.js';
import { openApi } from '../graphql/support/api.js';
import { draft } from '../live/support/world.js';
import { arbitraryOf } from '../support/arbitrary.js';
import { deputy } from '../support/spec.js';

const [owner, guesser] = [deputy('owner', '150802'), deputy('guesser', '150821')];
let api: Api;
let hidden: string;
/** How often each way to read has been gone until now. */
let reads: () => readonly number[];
beforeAll(async () => {
  api = await openApi({ registry: wuji, models: caseModels });
  const drafted = await api.handle({ action: 'draftSuggestion', input: draft, commandId: randomUUID(), actor: owner });
  if (isRefusal(drafted)) throw new Error(drafted.refused);
  hidden = drafted.id;
  await api.projector.waitFor(drafted.position, 5_000);

  const rows = (['row', 'rows', 'scan', 'snapshot'] as const).map((name) => vi.spyOn(api.reads, name));
  const log = vi.spyOn(api.store, 'readStream');
  reads = () => [log, ...rows].map(({ mock }) => mock.calls.length);
});
afterAll(() => api.close());

/** What came out, and how often log and read store were asked for it. */
async function weighed<T>(ask: () => Promise<T>): Promise<{ readonly answer: T; readonly work: readonly number[] }> {
  const before = reads();
  const answer = await ask();
  return { answer, work: reads().map((count, at) => count - (before[at] ?? 0)) };
}

const pool = { today: '2026-03-02', ids: () => [], idsInCase: [], values: () => [], regions: ['150802'] };

describe('who guesses ids learns nothing: a hidden case is answered as one that is not there, with the same work (issue 5 part 6)', () => {
  const onCases = [...wuji.actions].filter(([, { from, category }]) => from !== null && category === 'suggestion');

  it.each(onCases)('%s', async (name, action) => {
    const inputs = fc.sample(arbitraryOf(action.input, pool), { numRuns: 20, seed: 5 });
    for (const input of [...inputs, {}, null])
      for (const expectedRevision of [undefined, 0, 7]) {
        const ask = (id: string) => () =>
          api.handle({ action: name, id, input, commandId: 'guess', actor: guesser, expectedRevision });
        const [there, nowhere] = [await weighed(ask(hidden)), await weighed(ask(randomUUID()))];
        expect(there).toEqual(nowhere);
        expect(isRefusal(there.answer)).toBe(true);
      }
  });

  const queries = [
    'query ($id: ID!) { suggestion(id: $id) { id title availableActions { action } } }',
    'query ($id: ID!) { suggestion(id: $id, at: { revision: 0 }) { id } }',
    'query ($id: ID!) { suggestion(id: $id, at: { time: "2030-01-01T00:00:00Z" }) { id } }',
    'query ($id: ID!) { caseHistory(caseId: $id) { nodes { id } } }',
    'mutation ($id: ID!) { submitSuggestion(id: $id, commandId: "guess") { caseId case { id } events { type } } }',
  ];
  it.each(queries)('%s', async (query) => {
    for (const viewer of [guesser, undefined]) {
      const ask = (id: string) => () => api.ask(query, { id }, viewer);
      const [there, nowhere] = [await weighed(ask(hidden)), await weighed(ask(randomUUID()))];
      expect(JSON.stringify(there.answer)).toBe(JSON.stringify(nowhere.answer));
      expect(there.work).toEqual(nowhere.work);
      if (viewer) expect(Math.max(...there.work)).toBeGreaterThan(0); // they count
    }
    const seen = await api.ask(query, { id: hidden }, owner);
    expect(JSON.stringify(seen)).not.toBe(JSON.stringify(await api.ask(query, { id: hidden }, guesser)));
  });
});
