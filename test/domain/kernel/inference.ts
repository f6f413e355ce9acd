/** A small aggregate that the kernel's own tests use, and whose compile errors are the proof of its inference. */
import { z } from 'zod';
import { deputyWho } from '../../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../../src/domain/kernel/aggregate.js';
import { event, opening } from '../../../src/domain/kernel/event.js';
import { count, oneOf, ref, region, storedText, text } from '../../../src/domain/kernel/fields.js';
import { defineRefusals } from '../../../src/domain/kernel/refusal.js';
import { facts } from '../../../src/domain/kernel/visibility.js';

const refusals = defineRefusals({
  NOTE_FULL: {
    message: ['The note has {lines} lines already.', '记录已有{lines}行。'],
    next: ['Begin a new note.', '请新建一份记录。'],
  },
});

const owner = deputyWho<{ owner: string }>(['the owner', '所有者'], (deputy, note) => deputy.mandate === note.owner);

export const note = defineAggregate({
  category: 'note',
  term: ['note', '记录'],
  state: facts({
    public: {
      status: oneOf(['OPEN', 'ARCHIVED'], ['where it stands', '状态']),
      region: region(['of the note', '区划']),
      title: storedText(['title', '标题']),
      owner: ref('mandate', ['owner', '所有者']),
    },
    participant: { lines: z.array(z.string()) },
    office: { secret: z.string() },
  }),
  events: {
    NoteOpened: opening(['Note opened', '记录已建立'], {
      public: { title: z.string(), owner: z.string(), region: z.string() },
    }),
    NoteExtended: event(['Line added', '记录已续写'], {
      participant: { line: z.string() },
      public: { lines: z.int() },
    }),
    NoteArchived: event(['Note archived', '记录已归档'], {}),
  },
  evolve: {
    NoteOpened: (_, e) => ({ status: 'OPEN', ...e, lines: [], secret: 's' }),
    NoteExtended: (s, e) => ({ ...s, lines: [...s.lines, e.line] }),
    NoteArchived: (s) => ({ ...s, status: 'ARCHIVED' }),
  },
  audience: (s) => ({ [`mandate:${s.owner}`]: 'participant', [`office:${s.region}`]: 'office', public: 'public' }),
  refusals,
});

export const noteActions = {
  openNote: note.create({
    describe: ['Open a note.', '新建记录。'],
    by: [deputyWho(['a deputy', '代表'])],
    input: z.object({ title: text(20, ['title', '标题']) }),
    decide: ({ input, ctx }) => [
      { type: 'NoteOpened', data: { title: input.title, owner: ctx.actor.mandate, region: ctx.actor.congress } },
    ],
  }),
  extendNote: note.action({
    describe: ['Add a line.', '续写一行。'],
    from: ['OPEN'],
    by: [owner],
    input: z.object({ line: text(50, ['line', '一行']), at: count(9, ['at most', '至多']).optional() }),
    needs: (input) => ({ self: note.at(input.line), many: [note.at('x')] }),
    requires: (state) => (state.lines.length >= 3 ? refusals.NOTE_FULL({ lines: state.lines.length }) : undefined),
    decide: ({ input, state, facts: known }) => {
      const open: 'OPEN' = state.status;
      void open;
      const title: string | undefined = known.self?.title;
      const many: string | undefined = known.many[0]?.state?.title;
      void title;
      void many;
      return state.lines.includes(input.line)
        ? []
        : [{ type: 'NoteExtended', data: { line: input.line, lines: state.lines.length + 1 } }];
    },
  }),
  archiveNote: note.action({
    describe: ['Archive the note.', '归档。'],
    from: ['OPEN'],
    by: [owner],
    input: z.object({}),
    decide: () => [{ type: 'NoteArchived', data: {} }],
  }),
};

// @ts-expect-error a parameter that the message names must be given
refusals.NOTE_FULL({});
note.action({
  describe: ['', ''],
  // @ts-expect-error a status that the state does not know
  from: ['GONE'],
  by: [owner],
  input: z.object({}),
  decide: () => [],
});
note.action({
  describe: ['', ''],
  from: ['OPEN'],
  by: [owner],
  input: z.object({}),
  // @ts-expect-error a field that the event does not have
  decide: () => [{ type: 'NoteArchived', data: { titel: '' } }],
});
defineAggregate({
  category: 'x',
  term: ['', ''],
  state: facts({ public: { status: z.literal('A'), region: z.string() } }),
  events: { A: opening(['', ''], {}), B: event(['', ''], {}) },
  // @ts-expect-error an event that nobody folds
  evolve: { A: () => ({ status: 'A', region: '' }) },
  audience: () => ({}),
  refusals,
});
defineAggregate({
  category: 'x',
  term: ['', ''],
  state: facts({ public: { status: z.literal('A'), region: z.string() } }),
  events: { A: opening(['', ''], {}) },
  // @ts-expect-error a fold that leaves a field out
  evolve: { A: () => ({ status: 'A' }) },
  audience: () => ({}),
  refusals,
});
