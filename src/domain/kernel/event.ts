import type { z } from 'zod';
import type { Bilingual } from './refusal.js';
import type { ViewerClass } from './visibility.js';
import { facts } from './visibility.js';

/** Opaque outside the log's adapter. Two positions of one log compare as strings, in log order. */
export type Position = string;

/** Who is to see an event, and with which class: `person:…`, `mandate:…`, `organ:…`, `office:<region>`, `public` … */
export type Audience = Readonly<Record<string, ViewerClass>>;

/** Who acted: a person under a mandate or a post, or a policy of the system. */
export type ActorRef =
  | { readonly person: string; readonly mandate: string }
  | { readonly person: string; readonly post: string }
  | { readonly policy: string };

export type EventMeta = {
  readonly commandId: string;
  /** The action that was taken; it says which of a case's events belong together, and why. */
  readonly action: string;
  readonly actor: ActorRef;
  /** The first case of the chain that this case belongs to. */
  readonly $correlationId: string;
  /** The event or command that made the actor act. */
  readonly $causationId: string;
  /** Those who could see the case after this event; and, by what is public of it, those who could before: who was told. */
  readonly audience: Audience;
  /**
   * The hash of the stream's event before this one (`event-hash.ts`); `null` in a stream's first. Set as it is stored.
   * Absent: recorded before there were chains.
   */
  readonly prevHash?: string | null;
};

export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  /** Of the type's schema. */
  readonly version: number;
  readonly data: unknown;
  /** Legal time, ISO 8601 in UTC. */
  readonly effectiveAt: string;
  readonly meta: EventMeta;
};

export type RecordedEvent = ProposedEvent & {
  readonly stream: string;
  /** Dense, from 0. */
  readonly revision: number;
  readonly position: Position;
  /** When the log took it, ISO 8601 in UTC. */
  readonly recordedAt: string;
};

/** How urgently a screen reader should speak of the event. */
export type Politeness = 'off' | 'polite' | 'assertive';

type Upcast = (data: unknown) => unknown;

export type EventDefinition<Schema extends z.ZodObject = z.ZodObject, Opens extends boolean = boolean> = {
  readonly label: Bilingual;
  readonly schema: Schema;
  readonly version: number;
  /** `{ 1: data => … }`: from version 1 to version 2, and so on. */
  readonly upcasts: Readonly<Record<number, Upcast>>;
  readonly politeness: Politeness;
  readonly opens: Opens;
};

type EventOptions = { version?: number; upcasts?: Record<number, Upcast>; politeness?: Politeness };
type FactGroups = Parameters<typeof facts>[0];

const define =
  <Opens extends boolean>(opens: Opens) =>
  <const G extends FactGroups>(
    label: Bilingual,
    fields: G,
    options: EventOptions = {},
  ): EventDefinition<z.ZodObject<FieldsOf<G>, z.core.$strict>, Opens> => ({
    label,
    schema: facts(fields) as unknown as z.ZodObject<FieldsOf<G>, z.core.$strict>,
    version: options.version ?? 1,
    upcasts: options.upcasts ?? {},
    politeness: options.politeness ?? 'polite',
    opens,
  });

type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
type FieldsOf<G extends FactGroups> =
  UnionToIntersection<NonNullable<G[keyof G]>> extends infer S extends z.ZodRawShape
    ? { -readonly [K in keyof S]: S[K] }
    : Record<never, never>;

/** An event that a case can have once it exists. The label is what deputies read: "Suggestion submitted", 建议已提交. */
export const event = define(false);
/** An event that a case begins with. */
export const opening = define(true);

/** Brings data of an older version up to the newest; the log itself is never rewritten. */
export function upcast(definition: EventDefinition, version: number, data: unknown): unknown {
  let current = data;
  for (let v = version; v < definition.version; v++) {
    const step = definition.upcasts[v];
    if (!step) throw new Error(`no upcast from version ${v}`);
    current = step(current);
  }
  return current;
}
