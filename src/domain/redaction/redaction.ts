import { z } from 'zod';
import type { AnyAggregate } from '../kernel/aggregate.js';
import { defineAggregate } from '../kernel/aggregate.js';
import type { Audience } from '../kernel/event.js';
import { event, opening } from '../kernel/event.js';
import { count, instant, oneOf, ref, refBeside, region, storedText } from '../kernel/fields.js';
import { facts, visibilities } from '../kernel/visibility.js';
import { groundNames } from './grounds.js';
import { redactionRefusals } from './refusals.js';

/**
 * 屏蔽: a rule under which a text of a case is not shown (domain.md §1, openness; issue 5 part 5). The log keeps what it
 * has; every way out asks which rules are in force. It names where the text stands: field and revision never change, so
 * what it hides is settled for good. IN_FORCE → LIFTED.
 */
export const fieldPath = storedText([
  'Where the text stands, by the names of the domain: publication.text, replies.0.text. All texts below it are hidden too.',
  '文本所在字段',
]);
export const ground = oneOf(groundNames, [
  'State secret, personal privacy, trade secret, a minor, court order, published by mistake.',
  '国家秘密、个人隐私、商业秘密、未成年人信息、法院裁定、公开有误',
]);
export const passage = facts({
  public: {
    from: count(1_000_000, ['First character, from 0.', '起始字符（从0起）']),
    to: count(1_000_000, ['The character after the last.', '末字符之后的位置']),
  },
});
const organ = ref('organ', ['The organ that decided it.', '决定机关']);
const basis = storedText(['Decision or document it rests on.', '依据文书']);
/** Whom the case was addressed to; those whose class does not reach the field are not in it. */
const told = z.record(z.string(), z.enum(visibilities).exclude(['internal'])).describe('Who is told of it. 知悉范围');

/** `aggregates`: the kinds of case in which something can be hidden. */
export function defineRedaction(aggregates: readonly AnyAggregate[]) {
  const [first, ...rest] = aggregates.map(({ category }) => category);
  if (first === undefined) throw new Error('nothing to redact');
  const where = {
    region: region(['Of the case.', '事项所属区划']),
    kind: oneOf([first, ...rest], ['Kind of the case.', '事项类别']),
    target: refBeside('kind', ['The case.', '事项']),
    seen: count(1_000_000, ['Revision in which it stands there.', '文本所在版本']),
    field: fieldPath,
    passage: passage.nullable().describe('Only this part of it; absent: all of it. 段落'),
    ground,
    organ,
  };
  return defineAggregate({
    category: 'redaction',
    term: ['redaction', '屏蔽'],
    state: facts({
      public: {
        status: oneOf(['IN_FORCE', 'LIFTED'], ['In force, lifted.', '生效、已解除']),
        ...where,
        since: instant(['Since when.', '起始时间']),
        liftedAt: instant(['Lifted at.', '解除时间']).nullable(),
      },
      office: { basis, liftedBecause: basis.nullable() },
      internal: { told },
    }),
    events: {
      TextRedacted: opening(
        ['Text hidden', '文本已屏蔽'],
        { public: where, office: { basis }, internal: { told } },
        { politeness: 'polite' },
      ),
      TextRedactionLifted: event(['Text shown again', '屏蔽已解除'], { office: { basis } }),
    },
    evolve: {
      TextRedacted: (_, data, { at }) => ({
        ...data,
        status: 'IN_FORCE',
        since: at,
        liftedAt: null,
        liftedBecause: null,
      }),
      TextRedactionLifted: (s, e, { at }) => ({ ...s, status: 'LIFTED', liftedAt: at, liftedBecause: e.basis }),
    },
    audience: (s): Audience => ({ ...s.told, [`office:${s.region}`]: 'office', [`organ:${s.organ}`]: 'office' }),
    refusals: redactionRefusals,
    statusTerms: { IN_FORCE: '生效', LIFTED: '已解除' },
  });
}
export type RedactionAggregate = ReturnType<typeof defineRedaction>;
export type Redaction = z.infer<RedactionAggregate['state']>;
