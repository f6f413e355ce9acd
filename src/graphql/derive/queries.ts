import { ID, Int } from 'type-graphql';
import type { z } from 'zod';
import { streamOf } from '../../domain/kernel/aggregate.js';
import { kindFieldOf, targetOf } from '../../domain/kernel/fields.js';
import type { Until } from '../../domain/kernel/load.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseModel, CaseRow } from '../../projections/kernel/case-model.js';
import { canHide } from '../../projections/kernel/findable.js';
import type { IndexValue } from '../../projections/kernel/index-key.js';
import { cutFields } from '../../projections/redaction/cut.js';
import type { Context } from '../context.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { apiRefusals } from '../refusals.js';
import type { Services } from '../services.js';
import { isId } from '../services.js';
import { classFor, classForPast } from '../visible.js';
import type { Cases } from './cases.js';
import type { Class, Operation, Operations } from './classes.js';
import { inputType } from './classes.js';
import type { inputsWith } from './input.js';
import type { Kit } from './kit.js';
import { pascal, plural, singular } from './names.js';
import { cursorOfPlace, listCases, pageSize, placeOfCursor } from './pages.js';
import type { CaseAt } from './points.js';
import { bare } from './schemas.js';

/** For each kind of case: one by its id, also as it was; and the list of those that the viewer may see. */
export function deriveQueries(
  kit: Kit,
  registry: Registry,
  models: readonly CaseModel[],
  cases: Cases,
  caseAt: CaseAt,
  inputs: ReturnType<typeof inputsWith>,
  services: () => Services,
): Operations {
  const { names } = kit;
  function one({ aggregate }: CaseModel): Operation {
    const { category, term } = aggregate;
    return {
      type: () => cases.typeOf(category),
      nullable: true,
      description: `One ${term[0]}; null when there is none, or it is not yours to see. ${term[1]}`,
      args: {
        id: { type: () => ID },
        at: {
          type: () => caseAt.type,
          nullable: true,
          description: 'As it was; what you see of it follows your present rights. 过去的状态',
        },
        waitFor: waitForArgument,
      },
      async resolve(args, context) {
        await waitFor(services(), context, args.waitFor);
        if (!args.at) return cases.load(context, category, args.id);
        return past(category, args.id, orThrow(await caseAt.untilOf(services().store, args.at)), context);
      },
    };
  }

  async function past(category: string, id: unknown, until: Until, context: Context) {
    if (!isId(id)) return null;
    const { loader, store } = services();
    const ref = { category, id };
    const { audience } = registry.aggregate(category);
    const now = await loader.load(ref);
    const present = now.state === undefined ? undefined : classFor(context, audience(now.state as never, id));
    if (!present) return null; // before the past is read: a hidden case is no more work than one that is not there
    const then = await loader.loadAt(ref, until);
    if (then.state === undefined || then.position === undefined) return null;
    const shown = classForPast(context, audience(then.state as never, id), present);
    if (!shown) return null;
    const times = { openedAt: '', changedAt: '' };
    for await (const event of store.readStream(streamOf(ref), { from: 0, limit: 1 }))
      times.openedAt = event.effectiveAt;
    for await (const event of store.readStream(streamOf(ref), { from: then.revision, limit: 1 }))
      times.changedAt = event.effectiveAt;
    const { state, position, correlationId = id } = then;
    return cases.view(category, { id, state, position, correlationId, revision: then.revision, ...times }, shown);
  }

  function list(model: CaseModel): Operation {
    const { category, term, state } = model.aggregate;
    const name = pascal(category);
    const { type, view } = kit.connection(
      name,
      () => cases.typeOf(category),
      `A page of ${plural(category)}. ${term[1]}列表`,
    );
    const fields = model.filters.map((field) => {
      const schema = state.shape[field] as z.ZodType;
      const argument = filterName(cases.shownAs(category, field), schema);
      const { schema: item } = bare(schema, 'out');
      const value = inputs.typeOf(itemOf(item), `${name}${pascal(field)}`);
      return { field, argument, item: itemOf(item), type: () => [value()] as readonly [object] };
    });
    const Filter =
      fields.length > 0
        ? inputType(
            names.claim(`${name}Filter`),
            'All that is given must fit; of each list, one value. 筛选条件',
            Object.fromEntries(fields.map(({ argument, type: of }) => [argument, { type: of, nullable: true }])),
          )
        : undefined;
    return {
      type: () => type,
      description: `Those ${plural(category)} that you may see, newest first. ${term[1]}列表`,
      args: {
        ...(Filter && { filter: { type: () => Filter as Class, nullable: true } }),
        first: { type: () => Int, defaultValue: 20, description: 'Rows of the page, 1 to 100. 每页行数' },
        after: { type: () => String, nullable: true, description: '`endCursor` of the page before. 游标' },
        waitFor: waitForArgument,
      },
      async resolve(args, context) {
        const limit = pageSize(args.first);
        const after = placeOfCursor(args.after);
        await waitFor(services(), context, args.waitFor);
        const given = (args.filter ?? {}) as Record<string, readonly IndexValue[] | null>;
        const asked = fields.flatMap(({ field, argument, item }) => {
          const values = given[argument];
          if (values && values.length > mostValues) throw refused(tooManyValues(argument, values.length));
          return values ? [{ field, item, values: [...new Set(values)] }] : [];
        });
        const wanted = await Promise.all(
          asked.map(async ({ field, item, values }) => ({ field, values: await findable(context, item, values) })),
        );
        const accepts = (row: CaseRow): boolean => {
          const shown = classFor(context, row.audience);
          if (!shown) return false;
          // What the viewer may not see is not there to be found by.
          const seen = cutFields(services().redactions, state, row.state, { caseId: row.id, shown });
          return wanted.every(({ field, values }) =>
            [seen(field)].flat().some((one) => values.includes(one as IndexValue)),
          );
        };
        const { tags } = context.viewer;
        const page = await services().reads.snapshot((read) =>
          listCases(read, model, { tags, narrowed: wanted[0], after, limit, accepts }),
        );
        const edges = page.rows.flatMap(({ place, row }) => {
          const shown = classFor(context, row.audience);
          return shown ? [{ cursor: cursorOfPlace(place), node: cases.view(category, row, shown) }] : [];
        });
        return view({
          edges,
          more: page.more,
          after: args.after,
          end: page.more && page.end ? cursorOfPlace(page.end) : undefined,
        });
      },
    };
  }

  /** What is found by the id of a case, only those find who can find that case. */
  async function findable(context: Context, item: z.ZodType, values: readonly IndexValue[]) {
    const target = targetOf(item);
    const finds = async (id: string): Promise<boolean> => {
      if (target !== undefined) return cases.finds(context, { category: target, id });
      const found = await cases.find(context, id);
      return found !== undefined && classFor(context, found.row.audience) !== undefined;
    };
    if (kindFieldOf(item) === undefined && (target === undefined || !canHide(registry, target))) return values;
    const found = await Promise.all(values.map((value) => finds(String(value))));
    return values.filter((_, n) => found[n]);
  }

  return Object.fromEntries(
    models.flatMap((model): [string, Operation][] => [
      [model.aggregate.category, one(model)],
      [plural(model.aggregate.category), list(model)],
    ]),
  );
}

/** Each value is a place of its own in the index, and all of them are read side by side. */
const mostValues = 50;
const tooManyValues = (argument: string, given: number) =>
  apiRefusals.BAD_USER_INPUT({ problem: `filter.${argument} takes at most ${mostValues} values, not ${given}` });

/** A list is found by one of its items. */
const itemOf = (schema: z.ZodType): z.ZodType => ('element' in schema ? (schema.element as z.ZodType) : schema);

/** As the field is called where it is shown: `lead` is filtered by `leadId`. */
function filterName(shownAs: string, schema: z.ZodType): string {
  const target = targetOf(itemOf(bare(schema, 'out').schema));
  if (target === undefined || target === 'region' || shownAs.endsWith('Id')) return shownAs;
  return `${singular(shownAs)}Id`;
}
