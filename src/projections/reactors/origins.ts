import { suggestion } from '../../domain/collaboration/suggestion/suggestion.js';
import type { HigherStatus } from '../../domain/collaboration/suggestion/words.js';
import { higherEnds } from '../../domain/collaboration/suggestion/words.js';
import { refOfStream } from '../../domain/kernel/aggregate.js';
import { shanghaiDate } from '../../domain/kernel/working-days.js';
import { suggestionModel } from '../cases/suggestion.js';
import type { PolicyCommand, ReactorTools } from '../kernel/reactor.js';
import { defineReactor } from '../kernel/reactor.js';
import { rowOf } from './scan.js';

/**
 * Where a suggestion comes from learns what becomes of it: the lower level's suggestion that it adopts, and the issue
 * that it is about. In a few fixed words and a number; nothing else of the higher level's record crosses (P3).
 */
type Word = HigherStatus;
type Told = { readonly stream: string; readonly effectiveAt: string };

const tell =
  (status: Word) =>
  async ({ stream, effectiveAt }: Told, { view }: ReactorTools): Promise<readonly PolicyCommand[]> =>
    wordTo({ id: refOfStream(stream).id, status, on: shanghaiDate(effectiveAt), externalNumber: null }, view);

async function wordTo(
  news: { id: string; status: Word; on: string; externalNumber: string | null },
  view: ReactorTools['view'],
): Promise<readonly PolicyCommand[]> {
  const { id, status, on, externalNumber } = news;
  const now = await rowOf(view, suggestionModel, id);
  if (!now) return [];
  const { escalatedFrom, issue, lead, level } = now.state;
  return [
    ...(escalatedFrom
      ? [{ action: 'noteHigherStatus', id: escalatedFrom, input: { newId: id, status, externalNumber, on } }]
      : []),
    ...(issue
      ? [
          // A draft is its signers' own affair: the issue hears of it when it is handed in.
          ...(status === 'RECEIVED'
            ? [{ action: 'recordIssueSuggestion', id: issue, input: { suggestion: id, by: lead, level } }]
            : []),
          {
            action: 'noteIssueSuggestionStatus',
            id: issue,
            input: { suggestion: id, status: higherEnds.includes(status) ? 'DECIDED' : status },
          },
        ]
      : []),
  ];
}

export const origins = defineReactor({
  name: 'origins',
  from: [suggestion],
  on: {
    SuggestionDrafted: ({ stream, data }) =>
      data.escalatedFrom
        ? [
            {
              action: 'recordEscalation',
              id: data.escalatedFrom,
              input: { adoptedBy: data.lead, newId: refOfStream(stream).id },
            },
          ]
        : [],
    SuggestionSubmitted: tell('RECEIVED'),
    SuggestionAssigned: tell('ASSIGNED'),
    ReplyIssued: (event, tools) => (event.data.complete ? tell('REPLIED')(event, tools) : []),
    SuggestionClosed: tell('DECIDED'),
    SuggestionNotAccepted: tell('NOT_ACCEPTED'),
    SuggestionWithdrawn: tell('WITHDRAWN'),
    // It was adopted and then dropped: whoever offered it may ask another deputy. An issue never knew of the draft.
    SuggestionDiscarded: async ({ stream, data: { on } }, { view }) => {
      const { id } = refOfStream(stream);
      const from = (await rowOf(view, suggestionModel, id))?.state.escalatedFrom;
      const input = { newId: id, status: 'WITHDRAWN', externalNumber: null, on };
      return from ? [{ action: 'noteHigherStatus', id: from, input }] : [];
    },
    ExternalHandlingRecorded: ({ stream, data: { status, number, on } }, { view }) =>
      wordTo({ id: refOfStream(stream).id, status, on, externalNumber: number }, view),
  },
});
