import { isSealed } from '../../domain/kernel/personal.js';

/**
 * What is not the same in two JSON values. `path` is a JSON pointer (RFC 6901); lists are compared item by item by their
 * place, because the lists of a case grow at their end. A sealed value is one value, whatever stands for it. Carried out in order, the changes make the second of the first.
 */
export type Change = {
  readonly path: string;
  readonly kind: 'ADDED' | 'CHANGED' | 'REMOVED';
  /** Absent when it was not there. */
  readonly before?: unknown;
  /** Absent when it is gone. */
  readonly after?: unknown;
};

export function differenceOf(before: unknown, after: unknown, path = ''): readonly Change[] {
  if (before === after) return [];
  if (before === undefined) return [{ path, kind: 'ADDED', after }];
  if (after === undefined) return [{ path, kind: 'REMOVED', before }];
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path);
  if (isRecord(before) && isRecord(after)) {
    if (isSealed(before) || isSealed(after))
      return before.sealed === after.sealed ? [] : [{ path, kind: 'CHANGED', before, after }];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differenceOf(before[key], after[key], `${path}/${escaped(key)}`));
  }
  return [{ path, kind: 'CHANGED', before, after }];
}

/** What is gone is taken from the end, so that each place is still right when its turn comes. */
function ofLists(before: readonly unknown[], after: readonly unknown[], path: string): readonly Change[] {
  const places = [...Array(Math.max(before.length, after.length)).keys()];
  const both = places.filter((at) => at < after.length);
  const gone = places.filter((at) => at >= after.length).reverse();
  return [...both, ...gone].flatMap((at) => differenceOf(before[at], after[at], `${path}/${at}`));
}

/** Whether a change at one of the paths is a change of the other: it is the same place, or lies within it. */
export const touches = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** What stands at a path; `undefined`: nothing. */
export const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (inner, key) => (isRecord(inner) || Array.isArray(inner) ? Object(inner)[plain(key)] : undefined),
      value,
    );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const plain = (key: string): string => key.replaceAll('~1', '/').replaceAll('~0', '~');
