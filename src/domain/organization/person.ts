import { z } from 'zod';
import { systemWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { everybody } from '../kernel/audience.js';
import { event, opening } from '../kernel/event.js';
import { listOf, oneOf, ref, region, storedText, text } from '../kernel/fields.js';
import { personal } from '../kernel/personal.js';
import { facts } from '../kernel/visibility.js';
import { isKnownRegion } from './divisions.js';
import { registerRefusals as refusals } from './refusals.js';
import { anyRegistrar, keepsRegisterOf, registrar } from './who.js';

/**
 * 人员: a human being, who may hold several mandates and posts. Only what is public by law (Deputies Law art. 58); the
 * names are sealed all the same, for they may be erased when no law asks for them any more.
 */
const status = oneOf(['REGISTERED'], ['Standing in the register.', '登记状态']);
const held = facts({
  public: {
    mandate: ref('mandate', ['Mandate.', '代表职务']),
    congress: region(['Region of the congress.', '所属人大']),
    ended: z.boolean().describe('Whether it has ended. 是否已终止'),
  },
});
const inPost = facts({
  public: {
    post: ref('post', ['Post.', '岗位']),
    ended: z.boolean().describe('Whether it has ended. 是否已解除'),
  },
});
const identity = {
  code: storedText(['Code in the register; not an identity number.', '名册编号，非身份证号']),
  name: personal(storedText(['Name in Chinese.', '姓名']), 'IDENTITY', 'case'),
  nameMn: personal(storedText(['Name in Mongolian.', '蒙古文姓名']), 'IDENTITY', 'case').nullable(),
};

/** Version 1 had names in clear; they are read as they stand. */
const nowSealed = { version: 2, upcasts: { 1: (data: unknown) => data } };

export const person = defineAggregate({
  category: 'person',
  term: ['person', '人员'],
  state: facts({
    public: {
      status,
      region: region(['Where the person is registered.', '登记区划']),
      ...identity,
      mandates: listOf(held, 20, ['Mandates held, also those that have ended.', '历任与现任代表职务']),
      posts: listOf(inPost, 200, ['Posts held, also those that have ended.', '历任与现任岗位']),
    },
  }),
  events: {
    PersonRegistered: opening(
      ['Person registered', '人员已登记'],
      { public: { region: region(['Where.', '登记区划']), ...identity } },
      nowSealed,
    ),
    PersonRenamed: event(
      ['Name corrected', '姓名已更正'],
      { public: { name: identity.name, nameMn: identity.nameMn } },
      nowSealed,
    ),
    MandateTakenUp: event(['Mandate entered on the person’s record', '代表职务已记入个人名册'], {
      public: { mandate: held.shape.mandate, congress: held.shape.congress },
    }),
    MandateLaidDown: event(['End of mandate entered on the person’s record', '代表职务终止已记入个人名册'], {
      public: { mandate: held.shape.mandate },
    }),
    PostTakenUp: event(
      ['Post entered on the person’s record', '岗位已记入个人名册'],
      { public: { post: inPost.shape.post } },
      { politeness: 'off' },
    ),
    PostLaidDown: event(
      ['End of post entered on the person’s record', '岗位解除已记入个人名册'],
      { public: { post: inPost.shape.post } },
      { politeness: 'off' },
    ),
  },
  evolve: {
    PersonRegistered: (_, e) => ({ status: 'REGISTERED', ...e, mandates: [], posts: [] }),
    PersonRenamed: (s, e) => ({ ...s, ...e }),
    MandateTakenUp: (s, e) => ({ ...s, mandates: [...s.mandates, { ...e, ended: false }] }),
    MandateLaidDown: (s, e) => ({
      ...s,
      mandates: s.mandates.map((m) => (m.mandate === e.mandate ? { ...m, ended: true } : m)),
    }),
    PostTakenUp: (s, e) => ({ ...s, posts: [...s.posts, { ...e, ended: false }] }),
    PostLaidDown: (s, e) => ({ ...s, posts: s.posts.map((p) => (p.post === e.post ? { ...p, ended: true } : p)) }),
  },
  audience: everybody(),
  refusals,
});

export type Person = z.infer<typeof person.state>;

const nameInput = {
  name: text(60, ['Name in Chinese.', '姓名']),
  nameMn: text(120, ['Name in Mongolian.', '蒙古文姓名']).nullish(),
};

export const personActions = {
  registerPerson: person.create({
    describe: ['Enter a person in the register, once per code.', '登记人员，每个编号一人。'],
    by: [anyRegistrar, systemWho],
    input: z.object({
      code: text(40, ['Code in the register; never an identity or phone number.', '名册编号，不得为身份证号或电话']),
      region: region(['Where the person is registered.', '登记区划']),
      ...nameInput,
    }),
    id: (input, ctx) => ctx.idFor('person', input.code),
    decide: ({ input, ctx }) => {
      if (!isKnownRegion(input.region)) return refusals.UNKNOWN_REGION({ region: input.region });
      if (ctx.actor.kind === 'official' && !keepsRegisterOf(ctx.actor, input.region))
        return refusals.NOT_YOUR_REGION({ region: input.region });
      return [{ type: 'PersonRegistered', data: { ...input, nameMn: input.nameMn ?? null } }];
    },
  }),
  renamePerson: person.action({
    describe: ['Correct a person’s name.', '更正姓名。'],
    from: ['REGISTERED'],
    by: [registrar, systemWho],
    input: z.object(nameInput),
    decide: ({ input, state }) => {
      const nameMn = input.nameMn ?? null;
      return input.name === state.name && nameMn === state.nameMn
        ? []
        : [{ type: 'PersonRenamed', data: { name: input.name, nameMn } }];
    },
  }),
  takeUpMandate: person.action({
    describe: [
      'Enter a mandate on the person’s record (by the system, after its registration).',
      '将代表职务记入个人名册。',
    ],
    from: ['REGISTERED'],
    by: [systemWho],
    input: z.object({ mandate: held.shape.mandate, congress: held.shape.congress }),
    decide: ({ input, state }) =>
      state.mandates.some((m) => m.mandate === input.mandate) ? [] : [{ type: 'MandateTakenUp', data: input }],
  }),
  layDownMandate: person.action({
    describe: ['Enter the end of a mandate on the person’s record (by the system).', '将代表职务终止记入个人名册。'],
    from: ['REGISTERED'],
    by: [systemWho],
    input: z.object({ mandate: held.shape.mandate }),
    decide: ({ input, state }) =>
      state.mandates.some((m) => m.mandate === input.mandate && !m.ended)
        ? [{ type: 'MandateLaidDown', data: input }]
        : [],
  }),
  takeUpPost: person.action({
    describe: ['Enter a post on the person’s record (by the system, after its assignment).', '将岗位记入个人名册。'],
    from: ['REGISTERED'],
    by: [systemWho],
    input: z.object({ post: inPost.shape.post }),
    decide: ({ input, state }) =>
      state.posts.some((one) => one.post === input.post) ? [] : [{ type: 'PostTakenUp', data: input }],
  }),
  layDownPost: person.action({
    describe: ['Enter the end of a post on the person’s record (by the system).', '将岗位解除记入个人名册。'],
    from: ['REGISTERED'],
    by: [systemWho],
    input: z.object({ post: inPost.shape.post }),
    decide: ({ input, state }) =>
      state.posts.some((one) => one.post === input.post && !one.ended) ? [{ type: 'PostLaidDown', data: input }] : [],
  }),
};
