import { z } from 'zod';
import type { AnyAggregate } from '../../domain/kernel/aggregate.js';
import type { Audience, Position, RecordedEvent } from '../../domain/kernel/event.js';
import { instant, storedText } from '../../domain/kernel/fields.js';
import { evolve } from '../../domain/kernel/registry.js';
import type { Facts } from '../../domain/kernel/visibility.js';
import { facts, visibilities } from '../../domain/kernel/visibility.js';
import type { IndexTuple } from './index-key.js';
import type { ReadModel } from './read-model.js';

/** A case as its read model keeps it: the aggregate's own state, and what the log knows about it. */
export type CaseRow<State = unknown> = {
  readonly id: string;
  /** Of the newest event. */
  readonly revision: number;
  readonly position: Position;
  /** The first case of the chain that this case belongs to. */
  readonly correlationId: string;
  /** Legal time of the first event. */
  readonly openedAt: string;
  /** Legal time of the newest event. */
  readonly changedAt: string;
  /** Who may see it as it now stands, and as what. */
  readonly audience: Audience;
  readonly state: State;
};

export type CaseModel<State = unknown> = ReadModel<CaseRow<State>> & {
  readonly aggregate: AnyAggregate;
  /** The fields of the state that lists can be filtered by, through `byAudience:<field>`. */
  readonly filters: readonly string[];
};

type AggregateOf<S extends Facts> = Omit<AnyAggregate, 'state'> & { readonly state: S };

/**
 * The read model of a kind of case. Its fold is the aggregate's own. Indexes it always has:
 * `byAudience` `[tag, openedAt]`, and for each filter `byAudience:<field>` `[tag, value, openedAt]`;
 * a list filter with several values gives an entry for each.
 */
export function caseModel<S extends Facts>(
  aggregate: AggregateOf<S>,
  options: {
    readonly version: number;
    readonly filters?: readonly (keyof z.infer<S> & string)[];
    readonly indexes?: Readonly<Record<string, (row: CaseRow<z.infer<S>>) => readonly IndexTuple[]>>;
    readonly rollups?: Readonly<Record<string, (row: CaseRow<z.infer<S>>) => readonly (readonly string[])[]>>;
  },
): CaseModel<z.infer<S>> {
  type State = z.infer<S>;
  const prefix = `${aggregate.category}-`;
  const filters = options.filters ?? [];

  /** All but the audience, which follows from the state. */
  function fold(row: CaseRow<State> | undefined, event: RecordedEvent, id: string): CaseRow<State> {
    return {
      id,
      revision: event.revision,
      position: event.position,
      correlationId: row?.correlationId ?? event.meta.$correlationId,
      openedAt: row?.openedAt ?? event.effectiveAt,
      changedAt: event.effectiveAt,
      audience: nobody,
      state: evolve(aggregate, row?.state, event) as State,
    };
  }
  let last: { readonly audience: Audience; readonly tags: readonly string[] } | undefined;
  /** Every index asks for those of the same row. */
  function tagsOf({ audience }: CaseRow): readonly string[] {
    if (last?.audience !== audience) last = { audience, tags: Object.keys(audience) };
    return last.tags;
  }

  const finish = (row: CaseRow<State>, id: string): CaseRow<State> => ({
    ...row,
    audience: aggregate.audience(row.state as never, id),
  });

  return {
    name: aggregate.category,
    version: options.version,
    aggregate,
    filters,
    shape: shapeOf(aggregate.state),
    keysOf: (event) => (event.stream.startsWith(prefix) ? [event.stream.slice(prefix.length)] : []),
    concerns: { category: aggregate.category },
    fold: (row, event, id) => finish(fold(row, event, id), id),
    quick: { fold, finish },
    indexes: {
      byAudience: (row) => tagsOf(row).map((tag) => [tag, row.openedAt]),
      ...Object.fromEntries(
        filters.map((field) => [
          `byAudience:${field}`,
          (row: CaseRow<State>) => {
            const values = indexable((row.state as Record<string, unknown>)[field]);
            const [value = null] = values;
            return values.length === 1
              ? tagsOf(row).map((tag) => [tag, value, row.openedAt])
              : tagsOf(row).flatMap((tag) => values.map((value) => [tag, value, row.openedAt]));
          },
        ]),
      ),
      ...options.indexes,
    },
    rollups: options.rollups ?? {},
  };
}

const nobody: Audience = {};

type Plain = string | number | boolean | null;
/** A field that is not there is filtered as `null`. */
function indexable(value: unknown): readonly Plain[] {
  if (Array.isArray(value)) return value.flatMap(indexable);
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return [value];
    default:
      return [null];
  }
}

const shapeOf = (state: Facts): Facts =>
  facts({
    public: {
      id: storedText(['the id of the case', '事项编号']),
      revision: z.int().describe('How many events the case has had, less one 版本'),
      position: storedText(['Where the newest event stands in the log', '日志位置']),
      correlationId: storedText(['The first case of its chain', '关联编号']),
      openedAt: instant(['When it began', '开始时间']),
      changedAt: instant(['When it last changed', '最近变更时间']),
      state,
    },
    internal: { audience: z.record(z.string(), z.enum(visibilities).exclude(['internal'])) },
  });
