import type { z } from 'zod';
import type { Ref } from '../domain/kernel/aggregate.js';
import type { Hidden } from '../domain/kernel/hidden.js';
import { masked } from '../domain/kernel/hidden.js';
import type { KeyName, PersonalValue } from '../domain/kernel/personal.js';
import { isSealed, personalIn, replacePersonal } from '../domain/kernel/personal.js';
import type { Registry } from '../domain/kernel/registry.js';
import { openState } from '../domain/kernel/seal-input.js';
import type { Seals } from '../domain/kernel/seal-ports.js';
import { KeysUnavailable } from '../domain/kernel/seal-ports.js';
import type { Context } from './context.js';

/**
 * What became of a personal value on its way out. BY_QUERY: not in live messages, which are the same for many; ask for
 * it (domain.md §5). UNAVAILABLE: its key cannot be had now; the operator has been told.
 */
export const shownAs = ['SHOWN', 'ERASED', 'RESTRICTED', 'BY_QUERY', 'UNAVAILABLE'] as const;
export type Shown =
  | { readonly as: 'SHOWN'; readonly text: string }
  | { readonly as: Exclude<(typeof shownAs)[number], 'SHOWN'> };

/** What the law says now of a subject's data, known on every node as soon as it is recorded. */
export interface Standings {
  of(key: KeyName): 'OPEN' | 'RESTRICTED' | 'ERASED';
}

export type PersonalDeps = {
  readonly registry: Registry;
  readonly seals: Seals;
  readonly standings: Standings;
  /** Records who has read what is not public; resolves when it is recorded. Absent: nobody does. */
  readonly noteAccess?: (key: KeyName, context: Context) => Promise<void>;
  readonly onProblem: (problem: Error) => void;
};

/**
 * The one place where personal data is opened for people: after it was decided that the field is the viewer's to see.
 * What is restricted shows to nobody here; protection has doors of its own.
 */
export function createPersonal({ registry, seals, standings, noteAccess, onProblem }: PersonalDeps) {
  function unavailable(error: unknown): Shown {
    if (!(error instanceof KeysUnavailable)) throw error;
    onProblem(error);
    return { as: 'UNAVAILABLE' };
  }
  /** What was recorded in clear, before its field was marked, obeys erasure and restriction all the same. */
  function openedNow({ value, subject, category }: PersonalValue): Shown | Promise<Shown> {
    const standing = standings.of({ subject, category });
    if (standing !== 'OPEN') return { as: standing };
    if (!isSealed(value)) return { as: 'SHOWN', text: value };
    const shown = (opened: Awaited<ReturnType<Seals['open']>>): Shown =>
      opened === 'ERASED' ? { as: 'ERASED' } : { as: 'SHOWN', text: opened.text };
    try {
      const opened = seals.open(value);
      return opened instanceof Promise ? opened.then(shown).catch(unavailable) : shown(opened);
    } catch (error) {
      return unavailable(error);
    }
  }

  /** `hidden`: by redactions; what is sealed is held against it when it has been opened. */
  function show(
    found: PersonalValue,
    context: Context,
    isPublic: boolean,
    hidden: Hidden | undefined,
  ): Shown | Promise<Shown> {
    const opened = () => {
      const shown = openedNow(found);
      return shown instanceof Promise ? shown.then((one) => without(one, hidden)) : without(shown, hidden);
    };
    if (isPublic) return opened();
    if (context.sharedClass) return { as: 'BY_QUERY' };
    if (!noteAccess) return opened();
    return noteAccess(found, context).then(opened);
  }

  return {
    show,
    noteAccess: noteAccess ?? (async () => {}),
    /** For those who may see all of it, also while it is restricted: an access file. What is erased is null. */
    async textOf({ value, ...key }: PersonalValue): Promise<string | null> {
      if (standings.of(key) === 'ERASED') return null;
      if (!isSealed(value)) return value;
      const opened = await seals.open(value);
      return opened === 'ERASED' ? null : opened.text;
    },
    /**
     * For those who are given the log as it stands, sealed values sealed: without what was recorded in clear, before its field
     * was marked, and may not be shown any more. The same value when there is nothing of the kind in it.
     */
    withoutClosed(schema: z.ZodType, value: unknown, caseId: string): unknown {
      const isClosed = (found: PersonalValue) => !isSealed(found.value) && standings.of(found) !== 'OPEN';
      return personalIn(schema, value, caseId).some(isClosed)
        ? replacePersonal(schema, value, caseId, (found) => (isClosed(found) ? null : found.value))
        : value;
    },
    /** For decisions that compare, not for people: what is erased stays sealed. */
    openState: (ref: Ref, state: unknown) => openState({ registry, seals }, ref, state),
    /**
     * A value of the schema, already cut to what the viewer may see, in clear; what does not show is null. `asked`: which
     * paths are to be shown at all; the others are null, and nobody is noted to have read them.
     */
    async showAll(
      schema: z.ZodType,
      value: unknown,
      caseId: string,
      context: Context,
      isPublic: (path: string) => boolean,
      hidden: Hidden | undefined,
      asked: (path: string) => boolean = () => true,
    ) {
      const texts = new Map<string, string | null>();
      for (const found of personalIn(schema, value, caseId)) {
        if (!asked(found.path)) continue;
        const shown = await show(found, context, isPublic(found.path), hidden);
        texts.set(found.path, shown.as === 'SHOWN' ? shown.text : null);
      }
      return replacePersonal(schema, value, caseId, ({ path }) => texts.get(path) ?? null);
    },
  };
}
const without = (shown: Shown, hidden: Hidden | undefined): Shown =>
  shown.as === 'SHOWN' && hidden !== undefined && hidden !== 'all'
    ? { as: 'SHOWN', text: masked(shown.text, hidden) }
    : shown;
export type Personal = ReturnType<typeof createPersonal>;
