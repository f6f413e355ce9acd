import { clip, pad, width, wrap } from './width.js';

export type Column = { readonly title: string; readonly right?: boolean };

const between = '  ';
/** Narrower than this, a text is not worth wrapping. */
const least = 16;

/**
 * A table without lines around it, so that it can be copied, searched and read aloud. The last column gets what is left
 * of `columns` and is wrapped; the others are as wide as their widest cell.
 */
export function table(heads: readonly Column[], rows: readonly (readonly string[])[], columns: number): string {
  const last = heads.length - 1;
  const cellsAt = (index: number) => [heads[index]?.title ?? '', ...rows.map((row) => row[index] ?? '')];
  const widths = heads.map((_, index) => Math.max(...cellsAt(index).map(width)));
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + between.length, 0);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(least, columns - before));

  const aligned = (text: string, index: number) => {
    const columns = widths[index] ?? 0;
    return heads[index]?.right ? ' '.repeat(Math.max(0, columns - width(text))) + text : pad(text, columns);
  };
  const linesOf = (cells: readonly string[]): string[] => {
    const wrapped = wrap(cells[last] ?? '', widths[last] ?? least);
    return wrapped.map((text, line) =>
      heads
        .map((_, index) => aligned(index === last ? text : line === 0 ? (cells[index] ?? '') : '', index))
        .join(between)
        .trimEnd(),
    );
  };
  const rule = widths.map((each) => '─'.repeat(each)).join(between);
  return [...linesOf(heads.map(({ title }) => clip(title, columns))), rule, ...rows.flatMap(linesOf)].join('\n');
}
