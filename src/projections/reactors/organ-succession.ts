import { refOfStream } from '../../domain/kernel/aggregate.js';
import { organ } from '../../domain/organization/organ.js';
import { postModel } from '../cases/registry.js';
import { suggestionModel } from '../cases/suggestion.js';
import type { ReadView } from '../kernel/ports.js';
import type { PolicyCommand } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import { keysUnder } from './scan.js';

/**
 * Open work moves to the organ that succeeds a merged or abolished one, and so do its people (domain.md S1, by analogy
 * to art. 24 of the regulations on letters and visits). Time limits go on as they are.
 */
export const organSuccession = defineReactor({
  name: 'organ-succession',
  from: [organ],
  on: {
    OrganMerged: ({ stream, data }, { view }) => succession(view, refOfStream(stream).id, data.into),
    OrganAbolished: ({ stream, data }, { view }) => succession(view, refOfStream(stream).id, data.successor),
  },
});

async function succession(view: ReadView, from: string, to: string): Promise<readonly PolicyCommand[]> {
  // People first: whoever acts for the old organ must find its work where he or she now is.
  const posts = await keysUnder(view, postModel, 'byOrgan', [from]);
  const suggestions = await keysUnder(view, suggestionModel, 'byOrgan', [from]);
  return [
    ...posts.map((id) => ({ action: 'movePost', id, input: { organ: to } })),
    ...suggestions.map((id) => ({ action: 'transferHandling', id, input: { organ: from, to } })),
  ];
}
