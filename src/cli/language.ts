import type { Bilingual } from '../domain/kernel/refusal.js';

export const languages = ['zh', 'en', 'both'] as const;
export type Language = (typeof languages)[number];

/** A text in the chosen language; with `both`, Chinese first, in one line. */
export function say(language: Language, [en, zh]: Bilingual): string {
  if (language === 'both') return en === zh ? en : `${zh} ${en}`;
  return language === 'zh' ? zh : en;
}

/** The same as lines: with `both`, one below the other. */
export const lines = (language: Language, [en, zh]: Bilingual): readonly string[] =>
  language === 'both' ? [zh, en] : [language === 'zh' ? zh : en];

/** `1 row`, `2 rows`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
