import { ID } from 'type-graphql';
import type { Official } from '../../domain/kernel/actor.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Kit } from '../derive/kit.js';
import { commandIdArgument } from '../derive/mutations.js';
import { Instant } from '../derive/scalars.js';
import { refused } from '../errors.js';
import type { Revocation, Revocations } from '../guard/ports.js';
import type { Services } from '../services.js';
import { isId } from '../services.js';
import type { Remember } from './commands.js';
import { operatorOf } from './operator.js';
import { adminRefusals } from './refusals.js';

export type RevocationServices = Pick<Services, 'loader' | 'clock'> & {
  readonly revocations: Revocations;
  readonly onProblem: (problem: Error) => void;
};

/** As long as `wuji token` makes one at most. */
const longestTokenMs = 366 * 24 * 3_600_000;
const mostKept = 1_000;

/** Sends away who holds a token that must no longer hold: stolen, lost, or of somebody who left in anger. */
export function revocationOperations({ names }: Kit, services: () => RevocationServices, remember: Remember) {
  const Shown = objectType(names.claim('Revocation'), 'Tokens that no longer hold. 令牌撤销', {
    jti: { type: () => String, nullable: true, description: 'This one token. 令牌编号' },
    holder: { type: () => String, nullable: true, description: 'All of `mandate:…` or `post:…`. 持有者' },
    issuedUpTo: {
      type: () => Instant,
      nullable: true,
      description: 'Of the holder’s: those issued at this time or before; later ones hold. 签发截止时刻',
    },
    until: { type: () => Instant, description: 'When it is forgotten: by then they have all expired. 保留至' },
  });
  const untilArgument = {
    type: () => Instant,
    nullable: true,
    description: 'When all that is revoked has expired by itself; a year and a day if absent. 保留至',
  };

  /** When a command came first: sent again, it does not reach the tokens that were issued since. */
  const cameAt = new Map<string, number>();
  function momentOf({ person }: Official, commandId: unknown): number {
    const now = services().clock.now().getTime();
    if (typeof commandId !== 'string') return now;
    const key = `${person} ${commandId}`;
    const moment = cameAt.get(key) ?? now;
    cameAt.set(key, moment);
    const [oldest] = cameAt.keys();
    if (cameAt.size > mostKept && oldest !== undefined) cameAt.delete(oldest);
    return moment;
  }

  async function revoke(revocation: Revocation): Promise<object> {
    const { revocations, clock, onProblem } = services();
    if (!revocations) throw new Error('this server keeps no revocations');
    if (revocation.until <= clock.now().getTime()) throw refused(adminRefusals.REVOCATION_OVER());
    try {
      await revocations.revoke(revocation);
    } catch (cause) {
      onProblem(new Error('a revocation could not be kept', { cause }));
      throw refused(adminRefusals.REVOCATION_NOT_KEPT());
    }
    const until = isoOf(revocation.until);
    if ('token' in revocation) return instance(Shown, { jti: revocation.token, holder: null, issuedUpTo: null, until });
    return instance(Shown, { jti: null, ...revocation, issuedUpTo: isoOf(revocation.issuedUpTo), until });
  }

  /** The one whom the arguments name, if there is one: a slip of the pen must not look like a success. */
  async function holderOf(mandate: unknown, post: unknown): Promise<string> {
    if ((mandate == null) === (post == null)) throw refused(adminRefusals.ONE_HOLDER());
    const [category, id] = mandate == null ? ['post', post] : ['mandate', mandate];
    const found = isId(id) && (await services().loader.load({ category: String(category), id })).state !== undefined;
    if (!found) throw refused(kernelRefusals.NOT_FOUND());
    return `${category}:${id}`;
  }

  const mutations: Operations = {
    revokeToken: {
      type: () => Shown,
      description:
        'End one token before its time: what it has open is closed at once, on every node. For the platform’s operator. 撤销令牌（限平台运维）',
      args: {
        jti: { type: () => String, description: 'Its claim `jti`. 令牌编号' },
        until: untilArgument,
        commandId: commandIdArgument,
      },
      resolve({ jti, until, commandId }, context) {
        const operator = operatorOf(context);
        remember(operator, commandId, { revokeToken: jti, until });
        const moment = momentOf(operator, commandId);
        return revoke({ token: String(jti), until: timeOf(until) ?? moment + longestTokenMs });
      },
    },
    revokeHolder: {
      type: () => Shown,
      description:
        'End all tokens of one mandate or one post that were issued until now, or until `issuedBefore`; those issued later hold. For the platform’s operator. 撤销某代表职务或岗位的全部令牌（限平台运维）',
      args: {
        mandate: { type: () => ID, nullable: true, description: 'Give either this or `post`. 代表职务' },
        post: { type: () => ID, nullable: true, description: 'Give either this or `mandate`. 岗位' },
        issuedBefore: { type: () => Instant, nullable: true, description: 'Absent: now. 签发截止时刻' },
        until: untilArgument,
        commandId: commandIdArgument,
      },
      async resolve({ mandate, post, issuedBefore, until, commandId }, context) {
        const operator = operatorOf(context);
        const holder = await holderOf(mandate, post);
        remember(operator, commandId, { revokeHolder: holder, issuedBefore, until });
        const moment = momentOf(operator, commandId);
        const issuedUpTo = timeOf(issuedBefore) ?? moment;
        if (issuedUpTo > moment) throw refused(adminRefusals.NOT_ISSUED_YET());
        return revoke({ holder, issuedUpTo, until: timeOf(until) ?? issuedUpTo + longestTokenMs });
      },
    },
  };
  return { mutations };
}

const isoOf = (time: number): string => new Date(time).toISOString();
const timeOf = (instant: unknown): number | undefined =>
  typeof instant === 'string' ? Date.parse(instant) : undefined;
