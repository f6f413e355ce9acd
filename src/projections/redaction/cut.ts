import type { z } from 'zod';
import { hideTexts } from '../../domain/kernel/hidden.js';
import type { Facts, ViewerClass } from '../../domain/kernel/visibility.js';
import { redact, redactField } from '../../domain/kernel/visibility.js';
import type { Redactions, Trace } from './redactions.js';

/** Whose eyes, and on which case: an event is a part of its case. */
export type Seen = { readonly caseId: string; readonly shown: ViewerClass };

/**
 * A value of a case as it goes out, now and from the past: without the fields that the class does not reach, and without
 * the texts that a redaction hides from it. There is no other way out of the house; `test/redaction/doors.test.ts` says so.
 */
export const cut = (redactions: Hiding, schema: z.ZodType, value: unknown, seen: Seen): unknown =>
  redact(schema, withoutHidden(redactions, schema, value, seen), seen.shown);

/** The same field by field, each cut when it is taken: where nothing of the case is hidden, the others cost nothing. */
export function cutFields(redactions: Hiding, schema: Facts, value: unknown, seen: Seen): (field: string) => unknown {
  if (redactions.hiddenFrom(seen.caseId, seen.shown) === undefined)
    return (field) => redactField(schema, value, field, seen.shown);
  const whole = cut(redactions, schema, value, seen) as Readonly<Record<string, unknown>>;
  return (field) => whole[field];
}

/** The same for what is cut afterwards as a part of something else. */
export function withoutHidden(redactions: Hiding, schema: z.ZodType, value: unknown, seen: Seen): unknown {
  const hidden = redactions.hiddenFrom(seen.caseId, seen.shown);
  return hidden === undefined ? value : hideTexts(schema, value, hidden);
}

/** Those that hide something in the value from the class. */
export const tracesIn = (
  redactions: Pick<Redactions, 'of'>,
  schema: z.ZodType,
  value: unknown,
  { caseId, shown }: Seen,
): readonly Trace[] =>
  redactions
    .of(caseId, shown)
    .flatMap(({ trace, hides }) =>
      JSON.stringify(hideTexts(schema, value, hides)) === JSON.stringify(value) ? [] : [trace],
    );

export type Hiding = Pick<Redactions, 'hiddenFrom'>;
