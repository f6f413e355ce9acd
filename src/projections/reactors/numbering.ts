import { suggestion } from '../../domain/collaboration/suggestion/suggestion.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { congress } from '../../domain/organization/congress.js';
import { suggestionModel } from '../cases/suggestion.js';
import { defineReactor } from '../kernel/reactor.js';
import { rowOf } from './scan.js';

/** Numbers are given by the congress, in the order of registration, without a gap; the suggestion then carries its own. */
export const numbering = defineReactor({
  name: 'numbering',
  from: [suggestion, congress],
  on: {
    SuggestionRegistered: async ({ stream, data: { on } }, { view }) => {
      const { id } = refOfStream(stream);
      const registered = await rowOf(view, suggestionModel, id);
      const input = { suggestion: id, registeredOn: on };
      return registered ? [{ action: 'takeNumber', id: registered.state.congress, input }] : [];
    },
    NumberTaken: ({ data: { suggestion: id, year, number } }) => [
      { action: 'recordSuggestionNumber', id, input: { year, number } },
    ],
  },
});
