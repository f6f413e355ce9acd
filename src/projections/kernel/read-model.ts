import type { z } from 'zod';
import type { EventTable } from '../../domain/kernel/aggregate.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Facts } from '../../domain/kernel/visibility.js';
import type { IndexTuple } from './index-key.js';

/** Written as methods so that a `ReadModel<Row>` is a `ReadModel<unknown>`: the engine gives back only rows it was given. */
type Indexing<Row> = { of(row: Row, key: string): readonly IndexTuple[] }['of'];
type Counting<Row> = { of(row: Row, key: string): readonly (readonly string[])[] }['of'];

/** Events of one kind of case, or of these types. */
export type Concerns = { readonly category: string } | { readonly types: ReadonlySet<string> };

/**
 * A read model: rows folded from the log, found by key or through an index, counted by rollups. All its functions are
 * pure; a change in what any of them gives needs a new `version`, and the model is rebuilt.
 */
export type ReadModel<Row = unknown> = {
  readonly name: string;
  readonly version: number;
  /** Of a row, with the visibility class of each field. */
  readonly shape: Facts;
  /** The rows that an event touches; none when it is no concern of this model. */
  keysOf(event: RecordedEvent): readonly string[];
  /** The row after the event; `undefined` removes it. Rows are plain JSON and are never changed in place. */
  fold(row: Row | undefined, event: RecordedEvent, key: string): Row | undefined;
  /** Of other events it is not even asked; all concern it when absent. */
  readonly concerns?: Concerns;
  /**
   * For rows of which only the last in a batch is wanted: as `fold`, but `finish` still has to be applied. That may leave
   * out what follows from the rest of the row.
   */
  readonly quick?: {
    fold(row: Row | undefined, event: RecordedEvent, key: string): Row | undefined;
    finish(row: Row, key: string): Row;
  };
  /** Each row comes of one event and never changes: it is not looked for before. What readers need of it is kept. */
  readonly once?: { kept(row: Row): unknown };
  readonly indexes: Readonly<Record<string, Indexing<Row>>>;
  /** Each key that a row gives counts 1 for it. */
  readonly rollups: Readonly<Record<string, Counting<Row>>>;
};

/** A recorded event of a known type. */
export type EventOf<E extends EventTable, K extends keyof E & string = keyof E & string> = {
  readonly [T in K]: Omit<RecordedEvent, 'type' | 'data'> & {
    readonly type: T;
    readonly data: z.infer<E[T]['schema']>;
  };
}[K];

type Intersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
export type EventsOf<A extends readonly { readonly events: EventTable }[]> =
  Intersection<A[number]['events']> extends infer E extends EventTable ? E : never;

/**
 * A read model as a table of folds: `on: { SuggestionSubmitted: (row, event, key) => row }`. `from` names the
 * aggregates whose events it folds; `keysOf` is asked for those in `on` only, and gives the case's id by default.
 */
export function readModel<
  const A extends readonly { readonly events: EventTable }[],
  S extends Facts,
  const Types extends keyof EventsOf<A> & string,
>(definition: {
  readonly name: string;
  readonly version: number;
  readonly shape: S;
  readonly from: A;
  readonly on: {
    readonly [T in Types]: (
      row: z.infer<S> | undefined,
      event: EventOf<EventsOf<A>, T>,
      key: string,
    ) => z.infer<S> | undefined;
  };
  readonly keysOf?: (event: EventOf<EventsOf<A>, Types>) => readonly string[];
  readonly indexes?: Readonly<Record<string, (row: z.infer<S>, key: string) => readonly IndexTuple[]>>;
  readonly rollups?: Readonly<Record<string, (row: z.infer<S>, key: string) => readonly (readonly string[])[]>>;
}): ReadModel<z.infer<S>> {
  type Step = (row: z.infer<S> | undefined, event: RecordedEvent, key: string) => z.infer<S> | undefined;
  const steps = new Map<string, Step>(Object.entries(definition.on));
  const known = new Set(definition.from.flatMap((aggregate) => Object.keys(aggregate.events)));
  for (const type of steps.keys())
    if (!known.has(type)) throw new Error(`read model ${definition.name}: no event ${type} in its aggregates`);
  const keysOf = (definition.keysOf ?? caseId) as (event: RecordedEvent) => readonly string[];
  return {
    name: definition.name,
    version: definition.version,
    shape: definition.shape,
    concerns: { types: new Set(steps.keys()) },
    keysOf: (event) => (steps.has(event.type) ? keysOf(event) : []),
    fold(row, event, key) {
      const step = steps.get(event.type);
      return step ? step(row, event, key) : row;
    },
    indexes: definition.indexes ?? {},
    rollups: definition.rollups ?? {},
  };
}

const caseId = (event: { readonly stream: string }): readonly string[] => [refOfStream(event.stream).id];
