import { refOfStream } from '../../domain/kernel/aggregate.js';
import { organ } from '../../domain/organization/organ.js';
import { measureModel } from '../cases/joint-meeting.js';
import { organModel, postModel } from '../cases/registry.js';
import { suggestionModel } from '../cases/suggestion.js';
import { inspectionModel, issueModel } from '../cases/supervision.js';
import type { ReadView } from '../kernel/ports.js';
import type { PolicyCommand } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import type { ReadModel } from '../kernel/read-model.js';
import { keysUnder, rowOf } from './scan.js';

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

/** What an organ has a part in, and the action that gives its part to another. */
const parts: readonly { readonly model: ReadModel; readonly action: string }[] = [
  { model: suggestionModel, action: 'transferHandling' },
  { model: issueModel, action: 'succeedIssueOrgan' },
  { model: inspectionModel, action: 'succeedOpinionOrgan' },
  { model: measureModel, action: 'succeedMeasureOwner' },
];

async function succession(view: ReadView, from: string, named: string): Promise<readonly PolicyCommand[]> {
  const to = await organInForce(view, named);
  // People first: whoever acts for the old organ must find its work where he or she now is.
  const posts = await keysUnder(view, postModel, 'byOrgan', [from]);
  const work = await Promise.all(
    parts.map(async ({ model, action }) => {
      const ids = await keysUnder(view, model, 'byOrgan', [from]);
      return ids.map((id) => ({ action, id, input: { organ: from, to } }));
    }),
  );
  return [...posts.map((id) => ({ action: 'movePost', id, input: { organ: to } })), ...work.flat()];
}

/** The successor may have been merged itself since: along the chain to the first organ in force. */
export async function organInForce(view: ReadView, named: string): Promise<string> {
  const seen = new Set<string>();
  for (let id = named; ; ) {
    seen.add(id);
    const next = (await rowOf(view, organModel, id))?.state.successor;
    if (!next || seen.has(next)) return id;
    id = next;
  }
}
