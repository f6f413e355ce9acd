import { refOfStream } from '../../domain/kernel/aggregate.js';
import { congress } from '../../domain/organization/congress.js';
import { congressModel, mandateModel } from '../cases/registry.js';
import { defineReactor } from '../kernel/reactor.js';
import { keysUnder, rowOf } from './scan.js';

/** 换届: the mandates of the old term end when the new congress's first session opens (Deputies Law art. 2). */
export const termChange = defineReactor({
  name: 'term-change',
  from: [congress],
  on: {
    TermBegan: async ({ stream, data }, { view }) => {
      const seat = await rowOf(view, congressModel, refOfStream(stream).id);
      if (!seat) return [];
      // All of that term, also those that have ended: after a crash the same event must give the same commands.
      const mandates = await keysUnder(view, mandateModel, 'byTerm', [seat.state.region, data.term - 1]);
      return mandates.map((id) => ({ action: 'endMandate', id, input: { reason: 'TERM_OVER', on: data.on } }));
    },
  },
});
