import type { TableCommit } from '../../src/projections/kernel/ports.js';

export const position = (n: number): string => String(n).padStart(8, '0');

export function commitOf(
  from: number | null,
  to: number,
  changes: Partial<Pick<TableCommit, 'table' | 'rows' | 'indexes' | 'counters'>> = {},
): TableCommit {
  return {
    table: 'note@1.0',
    from: from === null ? null : position(from),
    to: { position: position(to), events: to },
    rows: new Map(),
    indexes: new Map(),
    counters: new Map(),
    ...changes,
  };
}
export const rows = (of: Record<string, unknown>) => ({ rows: new Map(Object.entries(of)) });
