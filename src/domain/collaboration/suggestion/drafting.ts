import { z } from 'zod';
import { oneOf, ref, text } from '../../kernel/fields.js';
import { anyDeputy } from '../../organization/who.js';
import { issue } from '../issue/issue.js';
import { refusalOfIssue } from './issues.js';
import { evidenceKinds } from './shapes.js';
import { suggestion } from './suggestion.js';
import { leadSigner } from './who.js';

/** Clear, concrete, about a real situation (Deputies Law art. 24, 36); one matter per suggestion. */
export const textInput = {
  title: text(100, ['The one matter it is about.', '标题（一事一议）']),
  situation: text(5000, ['The real situation.', '实际情况']),
  analysis: text(5000, ['Analysis of the problem.', '问题分析']),
  advice: text(5000, ['Clear and concrete advice.', '具体意见']),
};

export const draftingActions = {
  draftSuggestion: suggestion.create({
    describe: ['Draft a suggestion under one mandate; it goes to that mandate’s congress.', '起草代表建议。'],
    by: [anyDeputy],
    input: z.object({
      ...textInput,
      topic: ref('topic', ['Topic it stems from.', '所属议题']).nullish(),
      issue: ref('issue', ['Issue of an inspection that it stems from.', '来源问题']).nullish(),
    }),
    continues: (input) => (input.issue ? issue.at(input.issue) : undefined),
    needs: (input) => ({ issues: input.issue ? [issue.at(input.issue)] : [] }),
    decide: ({ input, ctx, facts: { issues } }) => {
      for (const one of issues) {
        const refused = refusalOfIssue(one.id, one.state, ctx.actor);
        if (refused) return refused;
      }
      return [
        {
          type: 'SuggestionDrafted',
          data: {
            ...input,
            topic: input.topic ?? null,
            issue: input.issue ?? null,
            escalatedFrom: null,
            originRegion: null,
            region: ctx.actor.congress,
            level: ctx.actor.level,
            congress: ctx.idFor('congress', ctx.actor.congress),
            lead: ctx.actor.mandate,
            leadPerson: ctx.actor.person,
          },
        },
      ];
    },
  }),
  editSuggestion: suggestion.action({
    describe: [
      'Edit the text. Confirmations given for the old text become void; a returned one is open again.',
      '修改文本，原联名确认失效。',
    ],
    from: ['DRAFT', 'COSIGNING', 'RETURNED'],
    by: [leadSigner],
    input: z.object(textInput),
    decide: ({ input, state }) =>
      input.title === state.title &&
      input.situation === state.situation &&
      input.analysis === state.analysis &&
      input.advice === state.advice
        ? []
        : [{ type: 'SuggestionEdited', data: { ...input, version: state.version + 1 } }],
  }),
  discardDraft: suggestion.action({
    describe: ['Drop a draft: only its own people know of it.', '作废草稿，仅起草相关代表可见。'],
    from: ['DRAFT', 'COSIGNING'],
    by: [leadSigner],
    input: z.object({}),
    decide: ({ ctx }) => [{ type: 'SuggestionDiscarded', data: { on: ctx.today } }],
  }),
  linkEvidence: suggestion.action({
    describe: ['Link an opinion, a survey, a topic or an issue as evidence.', '关联依据：群众意见、调研、议题、问题。'],
    from: ['DRAFT', 'COSIGNING', 'RETURNED'],
    by: [leadSigner],
    input: z.object({
      kind: oneOf(evidenceKinds, ['Kind of the evidence.', '依据类别']),
      id: z.uuid().nullish().describe('The case it is in. 所在事项'),
      note: text(500, ['What it shows.', '说明']),
    }),
    decide: ({ input, state }) => {
      const linked = { ...input, id: input.id ?? null };
      const known = state.evidence.some((e) => e.kind === linked.kind && e.id === linked.id && e.note === linked.note);
      return known ? [] : [{ type: 'EvidenceLinked', data: linked }];
    },
  }),
};
