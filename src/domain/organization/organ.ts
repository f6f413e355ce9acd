import { z } from 'zod';
import type { Actor, OrganKind } from '../kernel/actor.js';
import { organKinds, systemWho } from '../kernel/actor.js';
import { defineAggregate } from '../kernel/aggregate.js';
import { everybody } from '../kernel/audience.js';
import { event, opening } from '../kernel/event.js';
import { oneOf, ref, region, storedText, text } from '../kernel/fields.js';
import { levelOf } from '../kernel/region.js';
import { facts } from '../kernel/visibility.js';
import { isKnownRegion } from './divisions.js';
import { registerRefusals as refusals } from './refusals.js';
import { anyRegistrar, keepsRegisterOf, refusalOfOperator, registrar } from './who.js';

/** 机关: offices of congresses, government offices and handling organs (domain.md §1, S1). */
const status = oneOf(['ACTIVE', 'MERGED', 'ABOLISHED'], ['In force, merged or abolished.', '存续、合并、撤销']);
const about = {
  region: region(['Region it belongs to.', '所属区划']),
  kind: oneOf(organKinds, ['Its part in the work.', '机关类别']),
  code: storedText(['Code in the register.', '名册编号']),
  name: storedText(['Name.', '名称']),
  nameMn: storedText(['Name in Mongolian.', '蒙古文名称']).nullable(),
};
const successor = ref('organ', ['Takes over the open work.', '承接单位']);

export const organ = defineAggregate({
  category: 'organ',
  term: ['organ', '机关'],
  state: facts({ public: { status, ...about, successor: successor.nullable() } }),
  events: {
    OrganRegistered: opening(['Organ registered', '机关已登记'], { public: about }),
    OrganRenamed: event(['Organ renamed', '机关已更名'], { public: { name: about.name, nameMn: about.nameMn } }),
    OrganMerged: event(['Organ merged', '机关已合并'], { public: { into: successor } }),
    OrganAbolished: event(['Organ abolished', '机关已撤销'], { public: { successor: successor } }),
  },
  evolve: {
    OrganRegistered: (_, e) => ({ status: 'ACTIVE', ...e, successor: null }),
    OrganRenamed: (s, e) => ({ ...s, ...e }),
    OrganMerged: (s, e) => ({ ...s, status: 'MERGED', successor: e.into }),
    OrganAbolished: (s, e) => ({ ...s, status: 'ABOLISHED', successor: e.successor }),
  },
  audience: everybody(),
  refusals,
});

const nameInput = {
  name: text(100, ['Name.', '名称']),
  nameMn: text(200, ['Name in Mongolian.', '蒙古文名称']).nullish(),
};

const ownAffair = (state: { kind: OrganKind }, { actor }: { actor: Actor }) => refusalOfOperator(actor, state.kind);

export const organActions = {
  registerOrgan: organ.create({
    describe: ['Register an organ, once per code.', '登记机关，每个编号一个。'],
    by: [anyRegistrar, systemWho],
    input: z.object({
      code: text(40, ['Code in the register.', '名册编号']),
      region: region(['Region it belongs to.', '所属区划']),
      kind: about.kind,
      ...nameInput,
    }),
    id: (input, ctx) => ctx.idFor('organ', input.code),
    decide: ({ input, ctx }) => {
      if (!isKnownRegion(input.region)) return refusals.UNKNOWN_REGION({ region: input.region });
      if (ctx.actor.kind === 'official' && !keepsRegisterOf(ctx.actor, input.region))
        return refusals.NOT_YOUR_REGION({ region: input.region });
      const notOperator = refusalOfOperator(ctx.actor, input.kind);
      if (notOperator) return notOperator;
      if (input.kind === 'ADM' && levelOf(input.region) !== 'city')
        return refusals.OPERATOR_OF_THE_CITY({ region: input.region });
      return [{ type: 'OrganRegistered', data: { ...input, nameMn: input.nameMn ?? null } }];
    },
  }),
  renameOrgan: organ.action({
    describe: ['Rename an organ.', '机关更名。'],
    from: ['ACTIVE'],
    by: [registrar, systemWho],
    input: z.object(nameInput),
    requires: ownAffair,
    decide: ({ input, state }) => {
      const nameMn = input.nameMn ?? null;
      return input.name === state.name && nameMn === state.nameMn
        ? []
        : [{ type: 'OrganRenamed', data: { name: input.name, nameMn } }];
    },
  }),
  mergeOrgan: organ.action({
    describe: ['Merge an organ into another, which takes over its open work.', '机关合并，未结事项由承接单位办理。'],
    from: ['ACTIVE'],
    by: [registrar, systemWho],
    input: z.object({ into: successor }),
    needs: (input) => ({ other: organ.at(input.into) }),
    requires: ownAffair,
    decide: ({ input, ctx, id, facts: { other } }) => {
      if (input.into === id) return refusals.SAME_ORGAN();
      if (other?.status !== 'ACTIVE') return refusals.UNKNOWN_ORGAN();
      return refusalOfOperator(ctx.actor, other.kind) ?? [{ type: 'OrganMerged', data: input }];
    },
  }),
  abolishOrgan: organ.action({
    describe: ['Abolish an organ; its open work moves to the successor.', '撤销机关，未结事项移交承接单位。'],
    from: ['ACTIVE'],
    by: [registrar, systemWho],
    input: z.object({ successor }),
    needs: (input) => ({ other: organ.at(input.successor) }),
    requires: ownAffair,
    decide: ({ input, ctx, id, facts: { other } }) => {
      if (input.successor === id) return refusals.SAME_ORGAN();
      if (other?.status !== 'ACTIVE') return refusals.UNKNOWN_ORGAN();
      return refusalOfOperator(ctx.actor, other.kind) ?? [{ type: 'OrganAbolished', data: input }];
    },
  }),
};
