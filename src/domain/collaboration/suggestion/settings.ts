import type { Rules } from '../../kernel/rules.js';
import type { ReplyCategory } from './shapes.js';

/** What a region's regulation may set for suggestions besides time limits. */
export type SuggestionSettings = {
  /** Categories of a reply. A, B, C everywhere; D (for reference) in some places. */
  readonly categories: readonly ReplyCategory[];
  /** Rounds of handling before the council of chairpersons or the government supervises (domain.md S7). */
  readonly maxRounds: number;
};
export const defaultSettings: SuggestionSettings = { categories: ['A', 'B', 'C'], maxRounds: 2 };

export const settingsOf = (
  rules: Rules & { readonly suggestion?: Partial<SuggestionSettings> },
): SuggestionSettings => ({
  ...defaultSettings,
  ...rules.suggestion,
});
