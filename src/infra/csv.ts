import { parse } from 'csv-parse/sync';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';

/** Refusals of a file that is to be read as a table. */
export const csvRefusals = defineRefusals({
  FILE_TOO_LARGE: {
    message: [
      'The file has {size} {unit}; at most {limit} are read at once.',
      '文件为{size}{zhUnit}，一次最多读取{limit}。',
    ],
    next: ['Split the file.', '请拆分文件。'],
  },
  FILE_EMPTY: {
    message: ['The file has no rows.', '文件没有数据行。'],
    next: ['Give it a header and at least one row.', '请填写表头和至少一行数据。'],
  },
  FILE_NOT_TEXT: {
    message: ['The file is not a text table: {what}.', '文件不是文本表格：{zhWhat}。'],
    next: ['Save it as CSV (UTF-8) from the spreadsheet program.', '请在表格软件中另存为CSV（UTF-8）。'],
  },
  FILE_HEADER_BROKEN: {
    message: ['The first line cannot be read as a header.', '首行无法作为表头读取。'],
    next: ['Check its quotation marks.', '请检查首行的引号。'],
  },
});

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];
/** `line` is where the row begins, from 1 with the header. A `broken` row could not be taken apart; the others could. */
export type CsvRow = { readonly line: number; readonly cells: readonly string[]; readonly broken?: boolean };
export type CsvTable = {
  readonly encoding: Encoding;
  readonly headers: readonly string[];
  readonly rows: readonly CsvRow[];
};
export type CsvLimits = { readonly bytes: number; readonly rows: number };
const defaults: CsvLimits = { bytes: 16 * 1024 * 1024, rows: 100_000 };
/** A cell may go over several lines, but a forgotten quotation mark must not swallow the file. */
const maxLinesOfRow = 50;

/**
 * A table of text as spreadsheet programs write it: UTF-8 or UTF-16 with a byte-order mark, UTF-8 without one, or
 * GB18030 (which includes GBK and GB2312); separated by commas, semicolons or tabs (RFC 4180). Empty lines are left out.
 */
export function readCsv(bytes: Uint8Array, limits: CsvLimits = defaults): CsvTable | Refusal {
  if (bytes.length > limits.bytes)
    return csvRefusals.FILE_TOO_LARGE({ size: bytes.length, limit: limits.bytes, unit: 'bytes', zhUnit: '字节' });
  const decoded = decodeText(bytes);
  if ('refused' in decoded) return decoded;
  const lines = decoded.text.replaceAll(/\r\n?/g, '\n').split('\n');
  const begin = lines.findIndex((line) => line.trim() !== '');
  const first = lines[begin];
  if (first === undefined) return csvRefusals.FILE_EMPTY();
  const separator = separatorOf(first);
  const header = recordAt(lines, begin, separator);
  if (!header.cells) return csvRefusals.FILE_HEADER_BROKEN();
  const rows: CsvRow[] = [];
  for (let at = begin + header.length; at < lines.length; ) {
    const { cells, length } = recordAt(lines, at, separator, header.cells.length);
    if (!cells) rows.push({ line: at + 1, cells: [], broken: true });
    else if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: at + 1, cells });
    at += length;
    if (rows.length > limits.rows)
      return csvRefusals.FILE_TOO_LARGE({ size: `> ${limits.rows}`, limit: limits.rows, unit: 'rows', zhUnit: '行' });
  }
  return rows.length === 0 ? csvRefusals.FILE_EMPTY() : { encoding: decoded.encoding, headers: header.cells, rows };
}

function decodeText(bytes: Uint8Array): { encoding: Encoding; text: string } | Refusal {
  for (const encoding of encodingsOf(bytes)) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return isText(text) ? { encoding, text } : notText('it has control characters', '含有控制字符');
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // what TextDecoder throws for bytes that are no text
    }
  }
  return notText('its encoding is not known', '无法识别其编码');
}

const startsWith = (bytes: Uint8Array, ...prefix: number[]): boolean =>
  bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);

function encodingsOf(bytes: Uint8Array): readonly Encoding[] {
  if (startsWith(bytes, 0xff, 0xfe)) return ['utf-16le'];
  if (startsWith(bytes, 0xfe, 0xff)) return ['utf-16be'];
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return ['utf-8'];
  return isGbkByChance(bytes) ? ['gb18030'] : ['utf-8', 'gb18030'];
}

const han = /\p{Script=Han}/u;

/** Some Chinese characters in GBK are valid UTF-8 too, and would be read as letters that no register has. */
function isGbkByChance(bytes: Uint8Array): boolean {
  const asUtf8 = new TextDecoder('utf-8').decode(bytes);
  return /[\u0080-\u07FF]/.test(asUtf8) && !han.test(asUtf8) && han.test(new TextDecoder('gb18030').decode(bytes));
}

// Tab, line feed and carriage return are the only control characters of a text table.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const isText = (text: string): boolean => !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(text);

const notText = (what: string, zhWhat: string): Refusal => csvRefusals.FILE_NOT_TEXT({ what, zhWhat });

function separatorOf(header: string): string {
  const counted = [',', '\t', ';'].map((separator) => ({ separator, count: header.split(separator).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).separator;
}

/**
 * The row that begins on line `at`. A row over several lines counts only when it has as many cells as the header: else
 * it is a row with a forgotten quotation mark, which is broken alone, and the next line is a row of its own.
 */
function recordAt(
  lines: readonly string[],
  at: number,
  separator: string,
  width?: number,
): { cells: readonly string[] | undefined; length: number } {
  let text = '';
  for (let length = 1; length <= maxLinesOfRow && at + length <= lines.length; length++) {
    text += (length > 1 ? '\n' : '') + lines[at + length - 1];
    const quotes = text.split('"').length - 1;
    if (quotes === 0) return { cells: text.split(separator), length };
    if (quotes % 2 === 1) continue;
    const cells = cellsOf(text, separator);
    return cells && (length === 1 || width === undefined || cells.length === width)
      ? { cells, length }
      : { cells: undefined, length: 1 };
  }
  return { cells: undefined, length: 1 };
}

function cellsOf(record: string, separator: string): readonly string[] | undefined {
  try {
    const records: readonly (readonly string[])[] = parse(record, { delimiter: separator, relax_column_count: true });
    return records.length === 1 ? records[0] : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined; // a CsvError: the marks do not pair
    throw error;
  }
}
