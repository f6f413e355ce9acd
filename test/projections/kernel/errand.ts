/** A small domain for the tests of the read-model engine: errands with a due date, of an owner, in a region. */
import { z } from 'zod';
import { deputyWho, systemWho } from '../../../src/domain/kernel/actor.js';
import { defineAggregate } from '../../../src/domain/kernel/aggregate.js';
import type { ProposedEvent } from '../../../src/domain/kernel/event.js';
import { event, opening } from '../../../src/domain/kernel/event.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { defineRefusals } from '../../../src/domain/kernel/refusal.js';
import { kernelRefusals } from '../../../src/domain/kernel/refusals.js';
import { defineRegistry } from '../../../src/domain/kernel/registry.js';
import { facts } from '../../../src/domain/kernel/visibility.js';
import { caseModel } from '../../../src/projections/kernel/case-model.js';
import { readModel } from '../../../src/projections/kernel/read-model.js';

const deputy = deputyWho(['a deputy', '代表']);

export const errand = defineAggregate({
  category: 'errand',
  term: ['errand', '事务'],
  state: facts({
    public: {
      status: z.enum(['OPEN', 'CLOSED']),
      region: z.string(),
      owner: z.string(),
      dueOn: z.string(),
      reminders: z.int(),
      origin: z.string().nullable(),
    },
  }),
  events: {
    ErrandOpened: opening(['Opened', '已建立'], {
      public: { owner: z.string(), region: z.string(), dueOn: z.string(), origin: z.string().nullable() },
    }),
    ErrandPassedOn: event(['Passed on', '已转交'], { public: { owner: z.string() } }),
    ErrandReminded: event(['Reminded', '已提醒'], { public: { next: z.string() } }),
    ErrandClosed: event(['Closed', '已办结'], {}),
  },
  evolve: {
    ErrandOpened: (_, e) => ({ status: 'OPEN', ...e, reminders: 0 }),
    ErrandPassedOn: (s, e) => ({ ...s, owner: e.owner }),
    ErrandReminded: (s, e) => ({ ...s, reminders: s.reminders + 1, dueOn: e.next }),
    ErrandClosed: (s) => ({ ...s, status: 'CLOSED' }),
  },
  audience: (s) => ({ [`mandate:${s.owner}`]: 'participant', [`office:${s.region}`]: 'office' }),
  refusals: defineRefusals({}),
});

export const registry = defineRegistry(
  [errand],
  {
    openErrand: errand.create({
      describe: ['Open', '建立'],
      by: [deputy, systemWho],
      input: z.object({ owner: z.string(), dueOn: z.string(), origin: z.string().optional() }),
      decide: ({ input }) => [
        { type: 'ErrandOpened', data: { region: '150800', ...input, origin: input.origin ?? null } },
      ],
    }),
    remindErrand: errand.action({
      describe: ['Remind', '提醒'],
      from: ['OPEN'],
      by: [systemWho],
      input: z.object({ next: z.string() }),
      decide: ({ input }) => [{ type: 'ErrandReminded', data: input }],
    }),
    closeErrand: errand.action({
      describe: ['Close', '办结'],
      from: ['OPEN'],
      by: [deputy, systemWho],
      input: z.object({}),
      decide: () => [{ type: 'ErrandClosed', data: {} }],
    }),
  },
  kernelRefusals,
);

export const errandModel = caseModel(errand, {
  version: 1,
  filters: ['status'],
  indexes: { byDue: ({ state }) => (state.status === 'OPEN' ? [[state.dueOn]] : []) },
  rollups: { byRegionAndStatus: ({ state }) => [[state.region, state.status], ['all']] },
});

/** One row per owner, kept by events of many errands: a row goes when its owner has no errand left. */
export const ownerModel = readModel({
  name: 'owner',
  version: 1,
  shape: facts({ public: { owners: z.record(z.string(), z.string()), opened: z.int() } }),
  from: [errand],
  keysOf: (event) => (event.type === 'ErrandOpened' ? [event.data.region, 'everywhere'] : ['everywhere']),
  on: {
    ErrandOpened: (row, { stream, data }) => ({
      owners: { ...row?.owners, [stream]: data.owner },
      opened: (row?.opened ?? 0) + 1,
    }),
    ErrandClosed: (row, { stream }) => {
      const { [stream]: _, ...owners } = row?.owners ?? {};
      return Object.keys(owners).length > 0 ? { owners, opened: row?.opened ?? 0 } : undefined;
    },
  },
  indexes: { byOwner: (row) => [...new Set(Object.values(row.owners))].map((owner) => [owner, row.opened]) },
  rollups: { owners: (row) => Object.values(row.owners).map((owner) => [owner]) },
});
export const models = [errandModel, ownerModel];

/** Something that happens: to the errand of this number. What does not fit its state does not happen. */
export type Happening = {
  readonly errand: number;
  readonly what: 'open' | 'pass' | 'remind' | 'close';
  readonly owner: string;
};

let commands = 0;
/** Appends a valid history made of the happenings. Positions and revisions are the store's. */
export async function play(store: EventStore, happenings: readonly Happening[]): Promise<void> {
  for (const { errand: n, what, owner } of happenings) {
    const stream = `errand-${n}`;
    const past: string[] = [];
    for await (const { type } of store.readStream(stream)) past.push(type);
    if (past.includes('ErrandClosed') || (past.length === 0) !== (what === 'open')) continue;
    const facts = {
      open: {
        type: 'ErrandOpened',
        data: { owner, region: n % 2 ? '150800' : '150802', dueOn: '2026-03-01', origin: null },
      },
      pass: { type: 'ErrandPassedOn', data: { owner } },
      remind: { type: 'ErrandReminded', data: { next: `2026-03-0${(past.length % 9) + 1}` } },
      close: { type: 'ErrandClosed', data: {} },
    }[what];
    await store.append(stream, [proposed(facts.type, facts.data)], past.length === 0 ? 'no_stream' : past.length - 1);
  }
}

export function proposed(type: string, data: unknown): ProposedEvent {
  const commandId = `command ${commands++}`;
  return {
    id: `event of ${commandId}`,
    type,
    version: 1,
    data,
    effectiveAt: '2026-03-02T02:00:00.000Z',
    meta: {
      commandId,
      action: 'test',
      actor: { policy: 'test' },
      $correlationId: 'chain',
      $causationId: commandId,
      audience: {},
    },
  };
}
