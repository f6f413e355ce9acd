import type { Told } from './failure.js';
import type { Language } from './language.js';
import { lines, say } from './language.js';
import { hanging, width } from './width.js';

/** Beside a code that leaves less than this, a text goes below it. */
const leastBeside = 48;
const below = '  ';

/** Code, text, and what to do next, in lines of at most `columns`: what goes on stands under where it began. */
export function toldText(
  language: Language,
  { code, en, zh, next, details = [], command }: Told,
  columns: number,
): string {
  const beside = `${code}  `;
  const above = columns - width(beside) < leastBeside;
  const indent = above ? below : ' '.repeat(width(beside));
  const [first = '', ...more] = lines(language, [en, zh]);
  return [
    ...(above ? [code, ...hanging(below, first, columns)] : hanging(beside, first, columns)),
    ...more.flatMap((line) => hanging(indent, line, columns)),
    ...details.flatMap(({ at, text }) => {
      const parts = text.map((part) => say(language, part));
      return hanging(`${indent}- ${at}  `, parts.join(' · '), columns);
    }),
    ...lines(language, [next.en, next.zh]).flatMap((line) => (line ? hanging(`${indent}→ `, line, columns) : [])),
    ...(command === undefined ? [] : [below + command]),
  ].join('\n');
}
