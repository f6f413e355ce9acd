import { z } from 'zod';
import { count, oneOf, text } from '../../kernel/fields.js';
import { mandate } from '../../organization/mandate.js';
import { suggestionRefusals as refusals } from './refusals.js';
import { collaborationKinds, mandateRef } from './shapes.js';
import { suggestion } from './suggestion.js';
import { collaborator, invited, leadSigner, notMerged, registered } from './who.js';

const beforeSubmission = ['DRAFT', 'COSIGNING'] as const;
const oneMandate = z.object({ mandate: mandateRef });

export const cosigningActions = {
  inviteCosigner: suggestion.action({
    describe: ['Invite a deputy of the same congress to co-sign.', '邀请本级代表联名。'],
    from: beforeSubmission,
    by: [leadSigner],
    input: oneMandate,
    needs: (input) => ({ held: mandate.at(input.mandate) }),
    decide: ({ input, state, facts: { held } }) => {
      // P2: co-signing is a legal act within one congress; a person counts once (invariants 4, 5).
      if (held?.status !== 'ACTIVE') return refusals.MANDATE_NOT_IN_FORCE();
      if (held.region !== state.region) return refusals.COSIGNER_OF_OTHER_CONGRESS({ region: held.region });
      if (held.person === state.leadPerson) return refusals.SIGNER_ALREADY();
      const present = state.cosigners.find((c) => c.person === held.person && c.answer !== 'DECLINED');
      if (present) return present.mandate === input.mandate ? [] : refusals.SIGNER_ALREADY();
      return [{ type: 'CosignInvited', data: { mandate: input.mandate, person: held.person } }];
    },
  }),
  confirmCosign: suggestion.action({
    describe: [
      'Confirm that the text, in this version, is one’s own will.',
      '确认联名系本人意愿（对应当前文本版本）。',
    ],
    from: ['COSIGNING'],
    by: [invited],
    input: z.object({ version: count(10_000, ['The version that was read.', '所阅文本版本']) }),
    decide: ({ input, state, ctx }) => {
      if (input.version !== state.version) return refusals.TEXT_HAS_CHANGED({ version: state.version });
      const own = state.cosigners.find((c) => c.mandate === ctx.actor.mandate);
      return own?.answer === 'CONFIRMED'
        ? []
        : [{ type: 'CosignConfirmed', data: { mandate: ctx.actor.mandate, version: input.version } }];
    },
  }),
  declineCosign: suggestion.action({
    describe: ['Decline to co-sign, or take one’s confirmation back.', '谢绝联名，或收回确认。'],
    from: ['COSIGNING'],
    by: [invited],
    input: z.object({}),
    decide: ({ ctx }) => [{ type: 'CosignDeclined', data: { mandate: ctx.actor.mandate } }],
  }),
  removeCosigner: suggestion.action({
    describe: ['Take an invitation back.', '撤销联名邀请。'],
    from: ['COSIGNING'],
    by: [leadSigner],
    input: oneMandate,
    decide: ({ input, state }) =>
      state.cosigners.some((c) => c.mandate === input.mandate) ? [{ type: 'CosignerRemoved', data: input }] : [],
  }),

  addCollaborator: suggestion.action({
    describe: [
      'Ask a deputy of another congress to help with material, survey or endorsement; never a signer (P2).',
      '邀请其他层级代表协同（不作为联名人）。',
    ],
    from: ['DRAFT', 'COSIGNING', 'RETURNED', 'SUBMITTED', ...registered],
    by: [leadSigner],
    input: oneMandate,
    needs: (input) => ({ held: mandate.at(input.mandate) }),
    requires: notMerged,
    decide: ({ input, state, facts: { held } }) => {
      if (held?.status !== 'ACTIVE') return refusals.MANDATE_NOT_IN_FORCE();
      if (held.region === state.region) return refusals.COLLABORATOR_OF_OWN_CONGRESS();
      if (state.collaborators.some((c) => c.mandate === input.mandate)) return [];
      return [{ type: 'CollaboratorAdded', data: { mandate: input.mandate, level: held.level } }];
    },
  }),
  removeCollaborator: suggestion.action({
    describe: ['Let a collaborator go.', '移除协同代表。'],
    from: ['DRAFT', 'COSIGNING', 'RETURNED', 'SUBMITTED', ...registered],
    by: [leadSigner],
    input: oneMandate,
    decide: ({ input, state }) =>
      state.collaborators.some((c) => c.mandate === input.mandate)
        ? [{ type: 'CollaboratorRemoved', data: input }]
        : [],
  }),
  giveCollaboration: suggestion.action({
    describe: ['Contribute material, a survey or an endorsement.', '提供材料、调研或赞同意见。'],
    from: ['DRAFT', 'COSIGNING', 'RETURNED', 'SUBMITTED', ...registered],
    by: [collaborator],
    input: z.object({
      kind: oneOf(collaborationKinds, ['Kind.', '类别']),
      text: text(2000, ['What is contributed.', '内容']),
    }),
    decide: ({ input, state, ctx }) => {
      const own = { ...input, mandate: ctx.actor.mandate };
      const known = state.contributions.some(
        (c) => c.mandate === own.mandate && c.kind === own.kind && c.text === own.text,
      );
      return known ? [] : [{ type: 'CollaborationGiven', data: { ...own, on: ctx.today } }];
    },
  }),
};
