import type { z } from 'zod';
import { isSealed } from './personal.js';
import type { TextPart } from './texts.js';
import { replaceTexts } from './texts.js';

/**
 * Texts that may not be shown, wherever their case says them. `all`: nobody knows yet which ones, so none is shown.
 */
export type Hidden = readonly string[] | 'all';

/** What stands for a hidden passage. Of one length, whatever it hides. */
export const mask = '███';

/** A text as hidden texts name it: its words, or the ciphertext of a sealed one. */
export const wordsOf = ({ text }: Pick<TextPart, 'text'>): string => (isSealed(text) ? text.sealed : text);

/**
 * The value without the hidden texts: a text that is one of them is `null`; in one that contains them they are masked.
 * What is not text is not touched.
 */
export const hideTexts = (schema: z.ZodType, value: unknown, hidden: Hidden): unknown =>
  replaceTexts(schema, value, ({ text }) => {
    if (hidden === 'all' || hidden.includes(wordsOf({ text }))) return null;
    return isSealed(text) ? text : masked(text, hidden);
  });

/** The text with every passage masked that is one of the hidden ones; those that overlap or touch become one mask. */
export function masked(text: string, hidden: readonly string[]): string {
  const spans: { from: number; to: number }[] = [];
  for (const words of hidden)
    for (let at = words === '' ? -1 : text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1))
      spans.push({ from: at, to: at + words.length });
  if (spans.length === 0) return text;
  spans.sort((a, b) => a.from - b.from);
  let out = '';
  let end = 0;
  for (const { from, to } of spans) {
    if (from > end || out === '') out += text.slice(end, from) + mask;
    end = Math.max(end, to);
  }
  return out + text.slice(end);
}
