import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { deputyWho } from '../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../src/domain/kernel/aggregate.js';
import { opening } from '../../src/domain/kernel/event.js';
import { listOf, oneOf, ref, region } from '../../src/domain/kernel/fields.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../src/domain/kernel/registry.js';
import { facts } from '../../src/domain/kernel/visibility.js';
import { caseModel } from '../../src/projections/kernel/case-model.js';
import { idOf } from '../support/spec.js';
import { type Api, openApi, regions } from './support/api.js';
import { author, elsewhere } from './support/notes.js';

/** A house in which a case that everybody may see points to one that only the deputies of a region may see. */
const place = region(['Where.', '区划']);
const status = oneOf(['KEPT'], ['Kept.', '状态']);
const by = [deputyWho(['a deputy', '代表'])];
const note = defineAggregate({
  category: 'note',
  term: ['note', '便笺'],
  state: facts({ public: { status, region: place } }),
  events: { NoteKept: opening(['Note kept', '便笺已存'], { public: { region: place } }) },
  evolve: { NoteKept: (_, e) => ({ status: 'KEPT', ...e }) },
  audience: (s) => ({ [`deputies:${s.region}`]: 'public' }),
  refusals: { table: {} },
});
const pointing = {
  note: ref('note', ['Of which note.', '便笺']),
  more: listOf(ref('note', ['Notes.', '便笺']), 9, ['', '']),
};
const pin = defineAggregate({
  category: 'pin',
  term: ['pin', '图钉'],
  state: facts({ public: { status, region: place, ...pointing } }),
  events: { PinPut: opening(['Pin put', '图钉已放'], { public: { region: place, ...pointing } }) },
  evolve: { PinPut: (_, e) => ({ status: 'KEPT', ...e }) },
  audience: () => ({ public: 'public' }),
  refusals: { table: {} },
});
const actions = {
  keepNote: note.create({
    ...{ describe: ['Keep a note.', '存便笺。'], by, input: z.object({ region: place }) },
    decide: ({ input }) => [{ type: 'NoteKept', data: input }],
  }),
  putPin: pin.create({
    ...{ describe: ['Put a pin.', '放图钉。'], by, input: z.object({ region: place, ...pointing }) },
    continues: ({ note: id }) => ({ category: 'note', id }),
    decide: ({ input }) => [{ type: 'PinPut', data: input }],
  }),
};

let api: Api;
let hidden: string;
let pinned: string;
beforeAll(async () => {
  api = await openApi({
    registry: defineRegistry([note, pin], actions, kernelRefusals),
    models: [caseModel(note, { version: 1 }), caseModel(pin, { version: 1, filters: ['note'] })],
  });
  const keep = 'mutation ($region: RegionCode!) { keepNote(input: { region: $region }) { caseId } }';
  hidden = (await api.data(keep, { region: regions.linhe }, author)).keepNote.caseId;
  const put = 'mutation ($input: PutPinInput!) { putPin(input: $input) { caseId } }';
  const input = { region: regions.linhe, note: hidden, more: [hidden] };
  pinned = (await api.data(put, { input }, author)).putPin.caseId;
});
afterAll(async () => api.close());

const seen = async (actor: typeof author | undefined) => {
  const fields = 'id correlationId noteId note { id } moreIds more { id }';
  const query = `query ($id: ID!) { pin(id: $id) { ${fields} } caseHistory(caseId: $id) { nodes { data ... on PinPut { noteId moreIds } } } }`;
  return api.data(query, { id: pinned }, actor);
};

test('whoever finds the case behind an id sees the id', async () => {
  expect(await seen(author)).toMatchObject({
    pin: { correlationId: hidden, noteId: hidden, note: { id: hidden }, moreIds: [hidden], more: [{ id: hidden }] },
    caseHistory: { nodes: [{ data: { note: hidden, more: [hidden] }, noteId: hidden, moreIds: [hidden] }] },
  });
});

test.each([
  ['a deputy of elsewhere', elsewhere],
  ['anybody', undefined],
])(
  'to %s the id of a hidden case is nowhere: not in fields, the chain, or the history (issue 5, part 6)',
  async (_, actor) => {
    const answer = await seen(actor);
    expect(JSON.stringify(answer)).not.toContain(hidden);
    expect(answer).toMatchObject({
      pin: { id: pinned, correlationId: pinned, noteId: null, note: null, moreIds: [] },
      caseHistory: { nodes: [{ data: { note: null, more: [] }, noteId: null, moreIds: [] }] },
    });
  },
);

test('nor is a case found by the id of one that is hidden: the filter says no more than an id that is none', async () => {
  const query = 'query ($id: ID!) { pins(filter: { noteId: [$id] }) { nodes { id } } }';
  const by = (id: string, actor?: typeof author) => api.data(query, { id }, actor);
  expect(await by(hidden, author)).toEqual({ pins: { nodes: [{ id: pinned }] } });
  for (const actor of [elsewhere, undefined]) expect(await by(hidden, actor)).toEqual(await by(idOf('none'), actor));
  expect(await by(hidden)).toEqual({ pins: { nodes: [] } });
});
