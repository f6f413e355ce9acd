import type { Change } from '../../src/projections/replay/difference.js';

type Changed = Pick<Change, 'path' | 'kind' | 'after'>;

/** The value with the changes carried out, as whoever reads them would do it by their JSON pointers (RFC 6901). */
export function applied(value: unknown, changes: readonly Changed[]): unknown {
  const root = { '': structuredClone(value) } as Record<string, unknown>;
  for (const { path, kind, after } of changes) {
    const keys = path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let place = root;
    for (const key of keys) place = place[key] as Record<string, unknown>;
    if (kind !== 'REMOVED') place[last] = structuredClone(after);
    else if (!Array.isArray(place)) delete place[last];
    else if (Number(last) === place.length - 1) place.pop();
    else throw new Error(`${path} is not the end of its list`);
  }
  return root[''];
}
