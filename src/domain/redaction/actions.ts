import { z } from 'zod';
import { officialWho } from '../kernel/actor.js';
import type { AnyAggregate, CaseState, Ref } from '../kernel/aggregate.js';
import { count, text } from '../kernel/fields.js';
import { isSealed } from '../kernel/personal.js';
import { kernelRefusals } from '../kernel/refusals.js';
import { seesPath, textsAt } from '../kernel/texts.js';
import { anyOffice, officeOf } from '../organization/who.js';
import type { Redaction, RedactionAggregate } from './redaction.js';
import { ground, passage } from './redaction.js';
import { redactionRefusals as refusals } from './refusals.js';
import { mayRedact, publishingOrgan, redactingOffices } from './who.js';

const basis = text(1000, ['Decision or document it rests on, without what is hidden.', '依据文书（不得含被屏蔽内容）']);
const organThatDid = officialWho<Pick<Redaction, 'organ'>>(
  ['the organ that decided it', '作出决定的机关'],
  (official, { organ }) => official.organ === organ,
);

export function redactionActions(redaction: RedactionAggregate, aggregates: readonly AnyAggregate[]) {
  const byCategory = new Map(aggregates.map((each) => [each.category, each]));
  return {
    redactText: redaction.create({
      describe: [
        'Hide a text of a case, or a passage of it, wherever the case says it, under a ground of the law.',
        '依法屏蔽事项中的文本或段落。',
      ],
      by: [anyOffice(...redactingOffices), publishingOrgan],
      input: z.object({
        kind: redaction.state.shape.kind,
        target: z.uuid().describe('The case. 事项'),
        seen: count(1_000_000, ['The revision that you see.', '所见版本']),
        field: text(200, [
          'Where the text stands, by the names of the domain: publication.text, replies.0.text. All texts below it are hidden too.',
          '文本所在字段',
        ]),
        passage: passage.nullish().describe('Only this part of it; absent: all of it. 段落'),
        ground,
        basis,
      }),
      needs: (input): { now: Ref<CaseState>; target: Ref<CaseState> } => ({
        now: { category: input.kind, id: input.target },
        target: { category: input.kind, id: input.target, revision: input.seen },
      }),
      continues: (input) => ({ category: input.kind, id: input.target }),
      decide: ({ input, ctx, facts: { now, target } }) => {
        const aggregate = byCategory.get(input.kind);
        if (!now || !aggregate) return kernelRefusals.NOT_FOUND();
        const { field, passage: part = null } = input;
        if (!mayRedact(ctx.actor, input.kind, target ?? now, field)) return refusals.REDACTION_NOT_YOURS();
        // What nobody is ever shown need not be hidden.
        const found =
          target && seesPath(aggregate.state, field, 'office') ? textsAt(aggregate.state, target, field) : [];
        const [only] = found;
        if (!only) return refusals.NO_TEXT_TO_REDACT({ field, revision: input.seen });
        if (part) {
          const plain = found.length === 1 && only.path === field && !isSealed(only.text) ? [...only.text] : [];
          if (part.from >= part.to || part.to > plain.length) return refusals.PASSAGE_NOT_IN_TEXT({ ...part, field });
        }
        const told = Object.entries(aggregate.audience(now as never, input.target)).filter(([, viewer]) =>
          seesPath(aggregate.state, field, viewer),
        );
        return [
          {
            type: 'TextRedacted',
            data: {
              ...{ kind: input.kind, target: input.target, seen: input.seen, field, passage: part },
              ...{ ground: input.ground, basis: input.basis, region: now.region, organ: ctx.actor.organ },
              told: Object.fromEntries(told),
            },
          },
        ];
      },
    }),
    liftRedaction: redaction.action({
      describe: ['Show the text again.', '解除屏蔽。'],
      from: ['IN_FORCE'],
      by: [officeOf(...redactingOffices), organThatDid],
      input: z.object({ basis }),
      decide: ({ input }) => [{ type: 'TextRedactionLifted', data: { basis: input.basis } }],
    }),
  };
}
