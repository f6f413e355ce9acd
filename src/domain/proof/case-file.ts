import { z } from 'zod';
import { canonical } from '../kernel/canonical.js';
import type { RecordedEvent } from '../kernel/event.js';
import { hashText, signatureText, signedHead } from './tree-head.js';

/** An event exactly as the log holds it: sealed fields sealed, nothing upcast; without its position. */
const storedEvent = z.strictObject({
  id: z.string(),
  stream: z.string(),
  revision: z.int().min(0),
  type: z.string(),
  version: z.int().min(1),
  data: z.unknown(),
  effectiveAt: z.string(),
  recordedAt: z.string(),
  meta: z.looseObject({ prevHash: hashText.nullable().optional() }),
});
export type StoredEvent = z.infer<typeof storedEvent>;

/** What is told of a text that is hidden: where it stood, by which rule, by which organ, since when. */
const redactionTrace = z.strictObject({
  id: z.string(),
  field: z.string(),
  seen: z.int().min(0),
  passage: z.boolean(),
  ground: z.string(),
  organ: z.string(),
  since: z.string(),
});

export const provenEvent = z.strictObject({
  revision: z.int().min(0),
  /** Which leaf of the tree it is, from 0. */
  index: z.int().min(0),
  hash: hashText,
  recordedAt: z.string(),
  /** The audit path, from the leaf's neighbour up. */
  path: z.array(hashText).max(64),
  /** `null`: withheld from whom the file was made for. What it was is proved all the same, once somebody shows it. */
  event: storedEvent.nullable(),
  /** The rules under which it is withheld, as they stood when the file was made. */
  redactions: z.array(redactionTrace).optional(),
});
export type ProvenEvent = z.infer<typeof provenEvent>;

export const eventWords = z.strictObject({
  en: z.string(),
  zh: z.string(),
  /** By version: the JSON schema of its data. Of the newest version alone. */
  version: z.int(),
  schema: z.record(z.string(), z.unknown()),
});

/** All that is needed to check a case's history without the server that it came from. */
export const caseFile = z.strictObject({
  format: z.literal('wuji case file 1'),
  case: z.strictObject({ category: z.string(), id: z.string(), en: z.string(), zh: z.string() }),
  head: signedHead,
  events: z.array(provenEvent).min(1),
  /** By type. What the words mean; no part of the proof, but of what is sealed. */
  types: z.record(z.string(), eventWords),
  /** When it was made, ISO 8601 in UTC. */
  madeAt: z.string(),
  /** Over all of the above by the key of the head: the server's word that the case had these events and no more. */
  seal: signatureText,
});
export type CaseFile = z.infer<typeof caseFile>;

export const textOfSeal = ({ seal: _, ...rest }: CaseFile | (Omit<CaseFile, 'seal'> & { seal?: string })): string =>
  `wuji case file 1\n${canonical(rest)}`;

/** An event as it goes into a file. */
export const stored = ({ position: _, ...event }: RecordedEvent): StoredEvent => event;
