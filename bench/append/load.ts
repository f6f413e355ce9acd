import type { ProposedEvent } from '../../src/domain/kernel/event.js';

/** Appends one event at the revision that the writer knows; resolves to the new one when it is durable. -1: no stream. */
export type AppendOne = (stream: string, event: ProposedEvent, last: number) => Promise<number>;

const template: Omit<ProposedEvent, 'id'> = {
  type: 'SuggestionSubmitted',
  version: 1,
  effectiveAt: '2026-03-02T01:00:00.000Z',
  meta: {
    commandId: '5d1f6f0e-3c2b-5a61-9c7e-1f0f4a4f8a11',
    action: 'submitSuggestion',
    actor: { person: 'p-0417', mandate: 'm-0417' },
    $correlationId: 'c-20260302',
    $causationId: 'c-20260302',
    audience: { 'organ:o-1': 'participant' },
  },
  data: { title: '改善北路照明', text: 'Street lamps on the northern road are dark.' },
};

let made = 0;

/** 430 bytes of JSON, with an id that no other has. */
export const newEvent = (): ProposedEvent => ({
  id: `6f2c1d0e-54f5-4f0e-9d0b-${(made++).toString(16).padStart(12, '0')}`,
  ...template,
});

let streams = 0;

/** So many writers, each with a stream of its own and one append under way; events a second. */
export async function eventsPerSecond(append: AppendOne, writers: number, ms: number): Promise<number> {
  const begun = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const stream = `suggestion-${streams++}`;
      for (let last = -1; performance.now() - begun < ms; done++) last = await append(stream, newEvent(), last);
    }),
  );
  return (done * 1_000) / (performance.now() - begun);
}
