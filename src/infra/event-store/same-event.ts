import type { RecordedEvent } from '../../domain/kernel/event.js';

/** What a copy must keep, in the order in which a difference is named. */
const PARTS = ['stream', 'revision', 'id', 'type', 'version', 'effectiveAt', 'meta', 'data'] as const;
export type Part = (typeof PARTS)[number] | 'recordedAt';

/** All that a copy must keep, as one text; the order of keys within data and metadata counts. */
export const contentOf = (event: RecordedEvent): string => JSON.stringify(PARTS.map((part) => event[part]));

/** The first part that is not the same; `absent` when one of the two is not there. */
export function differenceOf(a: RecordedEvent | undefined, b: RecordedEvent | undefined): Part | 'absent' | undefined {
  if (!a || !b) return a === b ? undefined : 'absent';
  return PARTS.find((part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]));
}

export async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}
