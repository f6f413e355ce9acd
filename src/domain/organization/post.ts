import { z } from 'zod';
import { organKinds, postRoles, systemWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { everybody } from '../kernel/audience.js';
import { event, opening } from '../kernel/event.js';
import { oneOf, ref, region } from '../kernel/fields.js';
import { facts } from '../kernel/visibility.js';
import { organ } from './organ.js';
import { person } from './person.js';
import { registerRefusals as refusals } from './refusals.js';
import { anyRegistrar, keepsRegisterOf, refusalOfOperator, registrar, seesMore } from './who.js';

/** 岗位: a person's post in an organ; what officials act under, as deputies act under a mandate. */
const about = {
  person: ref('person', ['Who holds it.', '任职人员']),
  organ: ref('organ', ['In which organ.', '所在机关']),
  role: oneOf(postRoles, ['Head, leader in charge, clerk or expert.', '负责人、分管领导、经办人、专家']),
};
const place = {
  region: region(['Region of the organ.', '机关所属区划']),
  organKind: oneOf(organKinds, ['Kind of the organ.', '机关类别']),
};

export const post = defineAggregate({
  category: 'post',
  term: ['post', '岗位'],
  state: facts({ public: { status: oneOf(['HELD', 'ENDED'], ['Held or ended.', '在岗、离岗']), ...about, ...place } }),
  events: {
    PostAssigned: opening(['Post assigned', '岗位已指派'], { public: { ...about, ...place } }),
    PostEnded: event(['Post ended', '岗位已解除'], {}, { politeness: 'assertive' }),
    PostMoved: event(['Post moved to the successor organ', '岗位已转入承接单位'], {
      public: { organ: about.organ, ...place },
    }),
  },
  evolve: {
    PostAssigned: (_, e) => ({ status: 'HELD', ...e }),
    PostEnded: (s) => ({ ...s, status: 'ENDED' }),
    PostMoved: (s, e) => ({ ...s, ...e }),
  },
  audience: everybody((_, id) => ({ [`post:${id}`]: 'public' })),
  refusals,
});

export const postActions = {
  assignPost: post.create({
    describe: ['Assign a person to a post in an organ.', '指派人员担任机关岗位。'],
    by: [anyRegistrar, systemWho],
    input: z.object(about),
    needs: (input) => ({ holder: person.at(input.person), office: organ.at(input.organ) }),
    decide: ({ input, ctx, facts: { holder, office } }) => {
      if (!holder) return refusals.UNKNOWN_PERSON();
      if (office?.status !== 'ACTIVE') return refusals.UNKNOWN_ORGAN();
      if (ctx.actor.kind === 'official' && !keepsRegisterOf(ctx.actor, office.region))
        return refusals.NOT_YOUR_REGION({ region: office.region });
      const notOperator = refusalOfOperator(ctx.actor, office.kind);
      if (notOperator) return notOperator;
      return [{ type: 'PostAssigned', data: { ...input, region: office.region, organKind: office.kind } }];
    },
  }),
  endPost: post.action({
    describe: ['End a person’s post.', '解除岗位。'],
    from: ['HELD'],
    by: [registrar, systemWho],
    input: z.object({}),
    requires: (state, { actor }) => refusalOfOperator(actor, state.organKind),
    decide: () => [{ type: 'PostEnded', data: {} }],
  }),
  movePost: post.action({
    describe: ['Move a post to the organ that succeeds its own (by the system).', '岗位转入承接单位。'],
    from: ['HELD'],
    by: [systemWho],
    input: z.object({ organ: about.organ }),
    needs: (input) => ({ office: organ.at(input.organ) }),
    decide: ({ input, state, facts: { office } }) => {
      if (office?.status !== 'ACTIVE') return refusals.UNKNOWN_ORGAN();
      if (input.organ === state.organ) return [];
      // The system moves whole organs: with them nobody comes to be an operator or an auditor.
      if (seesMore(office.kind) && state.organKind !== office.kind) return refusals.OPERATOR_ONLY();
      return [{ type: 'PostMoved', data: { organ: input.organ, region: office.region, organKind: office.kind } }];
    },
  }),
};
