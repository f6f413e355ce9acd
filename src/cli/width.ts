import { stripVTControlCharacters } from 'node:util';

// Unicode TR11, classes W and F, as far as they occur in names, laws and terminals. Traditional Mongolian is narrow.
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;
const without = /[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOf = (letter: string): number => (without.test(letter) ? 0 : wide.test(letter) ? 2 : 1);

/** Columns that a text takes on a terminal. A Chinese character takes two. */
export function width(text: string): number {
  let columns = 0;
  for (const letter of stripVTControlCharacters(text)) columns += widthOf(letter);
  return columns;
}

export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - width(text)));

/** At most so many columns; what does not fit gives way to `…`. */
export function clip(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let left = columns - 1;
  for (const letter of stripVTControlCharacters(text)) {
    left -= widthOf(letter);
    if (left < 0) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** In lines of at most so many columns, broken at spaces, and between Chinese characters when it must be. */
export function wrap(text: string, columns: number): readonly string[] {
  const out: string[] = [];
  let line = '';
  for (const part of text.split(/(?<=\s)/u).flatMap((word) => (width(word.trimEnd()) > columns ? [...word] : [word]))) {
    if (line && width(line + part.trimEnd()) > columns) {
      out.push(line.trimEnd());
      line = '';
    }
    line += part;
  }
  return line.trimEnd() || out.length === 0 ? [...out, line.trimEnd()] : out;
}
