import { z } from 'zod';
import { deputyWho } from '../../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../../src/domain/kernel/aggregate.js';
import { event, opening } from '../../../src/domain/kernel/event.js';
import { oneOf, region, text } from '../../../src/domain/kernel/fields.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { facts } from '../../../src/domain/kernel/visibility.js';
import { caseModel } from '../../../src/projections/kernel/case-model.js';
import { deputy } from '../../support/spec.js';
import { openApi, regions } from './api.js';

/** A small house of its own: notes that only the deputies of a region are told of; two tags show them to some. */
const place = region(['Where.', '区划']);
const note = defineAggregate({
  category: 'note',
  term: ['note', '便笺'],
  state: facts({
    public: { status: oneOf(['KEPT', 'OPENED'], ['Kept, opened.', '状态']), region: place },
    participant: { words: z.string().describe('Words. 文字'), category: oneOf(['A', 'B'], ['Kind.', '类别']) },
  }),
  events: {
    NoteKept: opening(['Note kept', '便笺已存'], {
      public: { region: place },
      participant: { words: z.string(), category: oneOf(['A', 'B'], ['Kind.', '类别']) },
    }),
    NoteOpened: event(['Note opened to the office', '便笺已公开'], {}),
  },
  evolve: { NoteKept: (_, e) => ({ status: 'KEPT', ...e }), NoteOpened: (s) => ({ ...s, status: 'OPENED' }) },
  audience: (s) => ({
    [`deputies:${s.region}`]: 'public',
    [`deputies:${regions.city}`]: s.words === 'secret' ? 'participant' : 'public',
    ...(s.status === 'OPENED' ? { [`office:${regions.city}`]: 'office' } : {}),
  }),
  refusals: { table: {} },
});
const noteActions = {
  keepNote: note.create({
    describe: ['Keep a note.', '存便笺。'],
    by: [deputyWho(['a deputy', '代表'])],
    input: z.object({
      words: text(50, ['Words.', '文字']),
      category: oneOf(['A', 'B'], ['Kind.', '类别']),
      region: place,
    }),
    decide: ({ input }) => {
      if (input.words === 'boom') throw new Error('a secret of the house: /etc/passwd');
      return [{ type: 'NoteKept', data: input }];
    },
  }),
  openNote: note.action({
    describe: ['Open a note to the office.', '公开便笺。'],
    from: ['KEPT'],
    by: [deputyWho(['a deputy', '代表'])],
    input: z.object({}),
    decide: () => [{ type: 'NoteOpened', data: {} }],
  }),
};

export const author = deputy('author', regions.linhe);
export const elsewhere = deputy('elsewhere', regions.wuyuan);

export const noteRegistry = defineRegistry([note], noteActions, kernelRefusals);
export const keptNotes = [caseModel(note, { version: 1, filters: ['region', 'category'] })];

/** The API of that house, with limits that a test meets soon. */
export const openNotes = () =>
  openApi({
    registry: noteRegistry,
    models: keptNotes,
    limits: { depth: 6, aliases: 3, directives: 2, cost: 500, tokens: 120, bodyBytes: 4_000 },
  });
