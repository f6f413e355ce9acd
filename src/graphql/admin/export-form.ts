import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Trace } from '../../projections/redaction/redactions.js';

/** How an export is written. One event a line either way: JSON has no line breaks of its own. */
export const exportFormats = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type ExportForm = {
  readonly contentType: string;
  readonly head: string;
  readonly line: (event: ExportedEvent) => string;
};

/** As recorded, or without what its reader may not see. */
export type ExportedEvent = Omit<RecordedEvent, 'meta'> & {
  readonly meta: Partial<RecordedEvent['meta']>;
  /** What hides something in it; absent: nothing does. `id: null`: the redaction itself is not the reader's to see. */
  readonly redactions?: readonly (Omit<Trace, 'id'> & { readonly id: string | null })[];
};

/** `bom`: spreadsheet programs of old take a file for UTF-8 only when it begins with U+FEFF. */
export const exportForm = (format: ExportFormat, bom: boolean): ExportForm => ({
  ...forms[format],
  head: (bom ? '\uFEFF' : '') + forms[format].head,
});

/** Keys in alphabetical order, whatever order the log's adapter keeps. */
const jsonLine = (event: ExportedEvent): string => `${JSON.stringify(inOrder(event))}\n`;

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]));
}

type Column = readonly [name: string, of: (event: ExportedEvent) => unknown];
const actor =
  (part: string) =>
  ({ meta }: ExportedEvent): unknown =>
    (meta.actor as Readonly<Record<string, string>> | undefined)?.[part];

/** New ones come at the end: whoever reads the file by places goes on reading it. */
const columns: readonly Column[] = [
  ['position', (e) => e.position],
  ['recordedAt', (e) => e.recordedAt],
  ['effectiveAt', (e) => e.effectiveAt],
  ['category', (e) => refOfStream(e.stream).category],
  ['caseId', (e) => refOfStream(e.stream).id],
  ['revision', (e) => e.revision],
  ['type', (e) => e.type],
  ['version', (e) => e.version],
  ['action', (e) => e.meta.action],
  ['person', actor('person')],
  ['mandate', actor('mandate')],
  ['post', actor('post')],
  ['policy', actor('policy')],
  ['id', (e) => e.id],
  ['commandId', (e) => e.meta.commandId],
  ['correlationId', (e) => e.meta.$correlationId],
  ['causationId', (e) => e.meta.$causationId],
  ['audience', (e) => e.meta.audience],
  ['data', (e) => e.data],
  ['redactions', (e) => e.redactions],
];

/** RFC 4180. */
const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/**
 * A text that a spreadsheet would run as a formula begins with an apostrophe, which makes it text there; full-width signs
 * are taken for the others by some.
 */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(inOrder(value));
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const forms: Readonly<Record<ExportFormat, ExportForm>> = {
  jsonl: { contentType: 'application/x-ndjson; charset=utf-8', head: '', line: jsonLine },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: csvLine(columns.map(([name]) => name)),
    line: (event) => csvLine(columns.map(([, of]) => of(event))),
  },
};
