import type { z } from 'zod';
import type { Actor, Who } from './actor.js';
import type { Audience, EventDefinition } from './event.js';
import type { Bilingual, Refusal, RefusalTable } from './refusal.js';
import type { RegionCode } from './region.js';
import type { Rules } from './rules.js';
import type { Facts } from './visibility.js';

export type EventTable = Readonly<Record<string, EventDefinition>>;
type DataOf<E extends EventTable, K extends keyof E> = z.infer<E[K]['schema']>;

/** A new fact, before it is recorded. `effectiveAt` is set when its legal time is not the present. */
export type NewEvent<E extends EventTable = EventTable> = {
  readonly [K in keyof E & string]: { readonly type: K; readonly data: DataOf<E, K>; readonly effectiveAt?: string };
}[keyof E & string];

/** What a fold knows of an event besides its data. `at`: legal time. */
export type FoldMeta = { readonly id: string; readonly at: string };

type Evolve<State, E extends EventTable> = {
  readonly [K in keyof E & string]: E[K]['opens'] extends true
    ? (none: undefined, data: DataOf<E, K>, meta: FoldMeta) => State
    : (state: State, data: DataOf<E, K>, meta: FoldMeta) => State;
};

/** Every case has a status and a region: boards, rights and the transition table stand on them. */
export type CaseState = { readonly status: string; readonly region: RegionCode };

/** A case of another aggregate that a decision has to know: as it is, or as it was at a revision that it has had. */
export type Ref<State = unknown> = {
  readonly category: string;
  readonly id: string;
  readonly revision?: number;
  readonly state?: State;
};
type Needed = Ref | readonly Ref[] | undefined;
/** The states of the needed cases; `undefined`: there is no such case. */
export type FactsOf<N> = {
  readonly [K in keyof N]: N[K] extends Ref<infer S>
    ? S | undefined
    : N[K] extends readonly Ref<infer S>[]
      ? readonly { readonly id: string; readonly state: S | undefined }[]
      : undefined;
};

export type Context<A extends Actor = Actor> = {
  /** ISO 8601 in UTC. */
  readonly now: string;
  /** In Asia/Shanghai, `YYYY-MM-DD`. */
  readonly today: string;
  /** The same command always gets the same ids. */
  readonly newId: () => string;
  /** The id of the one case of `category` that has this key: a number per congress, a record per code. */
  readonly idFor: (category: string, key: string) => string;
  readonly actor: A;
  readonly rules: Rules;
};

/** The kinds of actor that a list of authority rules lets through. */
type ActorOf<W extends readonly Who<never>[]> = W[number] extends Who<never, infer A> ? A : never;

export type Decision<Event> = readonly Event[] | Refusal;

type Common<Input, N> = {
  /** What the action does, English then Chinese: the mutation's description. */
  readonly describe: Bilingual;
  readonly input: z.ZodType<Input>;
  /** Other cases that the decision looks at. They are read from the log, not from a read model. */
  readonly needs?: N;
};

/** An action as the rest of the house sees it: types of input, state and facts are the aggregate's own affair. */
export type AnyAction = {
  readonly describe: Bilingual;
  readonly category: string;
  readonly input: z.ZodType;
  /** `null`: the action begins a case. */
  readonly from: readonly string[] | null;
  readonly by: readonly Who<never, Actor>[];
  readonly id?: (input: never, ctx: Context<never>) => string;
  readonly continues?: (input: never) => Ref | undefined;
  readonly needs?: (input: never, state: never, ctx: Context) => Record<string, Needed>;
  readonly requires?: (state: never, ctx: Context<never>) => Refusal | undefined;
  readonly decide: (args: {
    input: never;
    state: never;
    ctx: Context<never>;
    facts: never;
    id: string;
  }) => Decision<NewEvent>;
};

export type AnyAggregate = {
  readonly category: string;
  readonly term: Bilingual;
  readonly state: Facts;
  readonly events: EventTable;
  readonly evolve: Readonly<Record<string, (state: never, data: never, meta: FoldMeta) => unknown>>;
  readonly audience: (state: never, id: string) => Audience;
  readonly refusals: RefusalTable;
  readonly statusTerms?: Readonly<Record<string, string>>;
  readonly at: (id: string) => Ref;
};

/**
 * One kind of case: its state (with the visibility class of each field), its events (the storage format), and how each
 * event changes the state. The state's schema is also the row of its read model and its GraphQL type.
 */
export function defineAggregate<
  const S extends Facts,
  const E extends EventTable,
  State extends CaseState = z.infer<S> & CaseState,
>(definition: {
  /** Stream names begin with it. No `-`: `$ce-<category>` must work. */
  readonly category: string;
  /** What it is called, English then Chinese. */
  readonly term: Bilingual;
  readonly state: S;
  readonly events: E;
  readonly evolve: Evolve<z.infer<S>, E>;
  /** Who is to see the case as it now stands, and as what. */
  readonly audience: (state: z.infer<S>, id: string) => Audience;
  readonly refusals: { readonly table: RefusalTable };
  /** What each status is called in Chinese: refusals name it so. */
  readonly statusTerms?: Readonly<Record<State['status'], string>>;
}) {
  type Event = NewEvent<E>;
  const { category } = definition;

  /** An action on a case in one of the states `from`; in any other it is refused. */
  function action<
    const From extends State['status'],
    Input,
    const W extends readonly Who<z.infer<S>>[],
    const N extends Record<string, Needed> = Record<never, never>,
  >(
    spec: Common<Input, (input: Input, state: z.infer<S>, ctx: Context) => N> & {
      readonly from: readonly From[];
      readonly by: W;
      /** What must hold whatever the input: told by `availableActions` before the deputy tries. */
      readonly requires?: (state: z.infer<S>, ctx: Context<ActorOf<W>>) => Refusal | undefined;
      readonly decide: (args: {
        readonly input: Input;
        readonly state: z.infer<S> & { status: From };
        readonly ctx: Context<ActorOf<W>>;
        readonly facts: FactsOf<N>;
        readonly id: string;
      }) => Decision<Event>;
    },
  ) {
    return { ...spec, category } as const;
  }

  /** An action that begins a case. */
  function create<
    Input,
    const W extends readonly Who<undefined>[],
    const N extends Record<string, Needed> = Record<never, never>,
  >(
    spec: Common<Input, (input: Input, state: undefined, ctx: Context) => N> & {
      readonly by: W;
      /** The case's id when it follows from the input (set rules: one per key); else it follows from the command's id. */
      readonly id?: (input: Input, ctx: Context<ActorOf<W>>) => string;
      /** The case whose chain this one continues: one timeline, one correlation id. */
      readonly continues?: (input: Input) => Ref | undefined;
      readonly decide: (args: {
        readonly input: Input;
        readonly ctx: Context<ActorOf<W>>;
        readonly facts: FactsOf<N>;
        readonly id: string;
      }) => Decision<Event>;
    },
  ) {
    return { ...spec, category, from: null } as const;
  }

  return {
    ...definition,
    refusals: definition.refusals.table,
    at: (id: string): Ref<z.infer<S>> => ({ category, id }),
    action,
    create,
  };
}

export const streamOf = (ref: Ref): string => `${ref.category}-${ref.id}`;
export function refOfStream(stream: string): Ref {
  const dash = stream.indexOf('-');
  return { category: stream.slice(0, dash), id: stream.slice(dash + 1) };
}
