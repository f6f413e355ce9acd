import { refOfStream } from '../../domain/kernel/aggregate.js';
import { mandate } from '../../domain/organization/mandate.js';
import { suggestionModel } from '../cases/suggestion.js';
import { defineReactor } from '../kernel/reactor.js';
import { keysUnder } from './scan.js';

/** Who is no deputy any more still gets the replies, but has no feedback to give, and so no time to keep (P6, T7). */
export const endedSigners = defineReactor({
  name: 'ended-signers',
  from: [mandate],
  on: {
    MandateEnded: async ({ stream }, { view }) => {
      const { id } = refOfStream(stream);
      const suggestions = await keysUnder(view, suggestionModel, 'toRate', [id]);
      return suggestions.map((suggestion) => ({ action: 'endSignersClock', id: suggestion, input: { mandate: id } }));
    },
  },
});
