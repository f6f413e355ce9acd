import { ID, Int } from 'type-graphql';
import type { z } from 'zod';
import type { Ref } from '../../domain/kernel/aggregate.js';
import { seesPath } from '../../domain/kernel/texts.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { groundNames, groundOf } from '../../domain/redaction/grounds.js';
import type { Seen } from '../../projections/redaction/cut.js';
import { tracesIn } from '../../projections/redaction/cut.js';
import type { Trace } from '../../projections/redaction/redactions.js';
import type { Context } from '../context.js';
import type { Services } from '../services.js';
import type { Fields } from './classes.js';
import { instance, objectType } from './classes.js';
import type { Kit } from './kit.js';
import { kept } from './output.js';
import { Instant } from './scalars.js';

/**
 * The public trace of a redaction: whoever may see the field is told that something in it is hidden, by which rule, when
 * and by which organ; never what.
 */
export function deriveTraces(
  kit: Kit,
  organ: Fields,
  finds: (context: Context, ref: Ref) => Promise<boolean>,
  services: () => Services,
) {
  const { names, textOf } = kit;
  const Rule = kit.words('RedactionGround', groundNames, 'Why a text is hidden. 屏蔽事由');
  const type = objectType(names.claim('RedactionTrace'), 'That something is hidden, and why. 屏蔽痕迹', {
    id: {
      type: () => ID,
      nullable: true,
      description: 'The redaction itself, if it is yours to see. 屏蔽记录编号',
      resolve: async (self, context) => {
        const id = String(self[kept('id')]);
        return (await finds(context, { category: 'redaction', id })) ? id : null;
      },
    },
    field: { type: () => String, description: 'Where the text stood, by the names of the domain. 字段' },
    revision: { type: () => Int, description: 'In which revision it stood there. 版本' },
    passage: { type: () => Boolean, description: 'A part of the text, masked as ███; else all of it. 是否仅屏蔽段落' },
    rule: { type: () => Rule },
    label: { type: () => kit.Text, description: 'What the rule is called. 事由' },
    source: { type: () => kit.Text, description: 'The law that it rests on. 法律依据' },
    ...organ,
    at: { type: () => Instant, description: 'Since when. 起始时间' },
  });
  const view = ({ id, field, seen, passage, ground, organ: organId, since }: Trace): object => {
    const { term, source } = groundOf(ground);
    const rule = { rule: ground, label: textOf(term), source: textOf(source) };
    return instance(type, { [kept('id')]: id, field, revision: seen, passage, ...rule, organId, at: since });
  };

  return {
    type,
    /** Of a case: all in force whose field the viewer could see, also when the original still shows. */
    ofCase: (state: z.ZodType, caseId: string, shown: ViewerClass): readonly object[] =>
      services()
        .redactions.of(caseId, shown)
        .flatMap(({ trace }) => (seesPath(state, trace.field, shown) ? [view(trace)] : [])),
    /** Of an event: those that hide something in it from the viewer. `data` is cut by class. */
    ofEvent: (schema: z.ZodType, data: unknown, seen: Seen): readonly object[] =>
      tracesIn(services().redactions, schema, data, seen).map(view),
  };
}
export type Traces = ReturnType<typeof deriveTraces>;
