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

const opening = '（《〈【「『“‘';
const closing = '，。、；：！？）》〉】」』”’…';

/** A text in pieces between which a line may end: behind spaces, and around Chinese characters. */
function* pieces(text: string): Generator<string> {
  let piece = '';
  let before = '';
  for (const letter of text) {
    const ends =
      piece !== '' &&
      !/\s/u.test(letter) &&
      !closing.includes(letter) &&
      !opening.includes(before) &&
      (/\s/u.test(before) || wide.test(before) || wide.test(letter));
    if (ends) {
      yield piece;
      piece = '';
    }
    piece += letter;
    before = letter;
  }
  if (piece) yield piece;
}

/** In lines of at most so many columns. No line begins with a comma or ends with an opening bracket (GB/T 15834). */
export function wrap(text: string, columns: number): readonly string[] {
  const out: string[] = [];
  let line = '';
  const fitting = [...pieces(text)].flatMap((piece) => (width(piece.trimEnd()) > columns ? [...piece] : [piece]));
  for (const part of fitting) {
    if (line && width(line + part.trimEnd()) > columns) {
      out.push(line.trimEnd());
      line = '';
    }
    line += part;
  }
  return line.trimEnd() || out.length === 0 ? [...out, line.trimEnd()] : out;
}

/** Narrower than this, a text is not worth wrapping. */
const least = 20;

const belowHead = ' '.repeat(8);

/** The same behind a head; the lines that follow begin where the text began. Below a head that leaves no room. */
export function hanging(head: string, text: string, columns: number): readonly string[] {
  const indent = ' '.repeat(width(head));
  if (columns - indent.length < least && head.trim())
    return [...wrap(head, columns), ...hanging(belowHead, text, columns)];
  const [first = '', ...more] = wrap(text, Math.max(least, columns - indent.length));
  return [head + first, ...more.map((line) => indent + line)];
}
