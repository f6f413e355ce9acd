import { ID, Int } from 'type-graphql';
import type { Ref } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import type { Until } from '../../domain/kernel/load.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { remembered } from '../../projections/kernel/findable.js';
import type { CaseDifference, Point } from '../../projections/replay/case-difference.js';
import { caseDifference, mostBetween } from '../../projections/replay/case-difference.js';
import { touches, valueAt } from '../../projections/replay/difference.js';
import type { Context } from '../context.js';
import type { Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Derived } from '../derive/derive.js';
import { inClear } from '../derive/personal.js';
import { Instant, Position } from '../derive/scalars.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import type { Present } from '../present.js';
import { presentOf } from '../present.js';
import type { Services } from '../services.js';
import { classForPast } from '../visible.js';
import { replayRefusals } from './refusals.js';

/** What has changed in a case between two points, and by which events. */
export function caseDifferences(derived: Derived, registry: Registry, services: () => Services): Operations {
  const { kit, cases, caseAt, events } = derived;
  const { names } = kit;
  const Kind = kit.words('ChangeKind', ['ADDED', 'CHANGED', 'REMOVED'], 'What became of it. 变化方式');
  const Moment = objectType(names.claim('CaseMoment'), 'A case after one of its events. 事项时点', {
    revision: { type: () => Int, description: 'Of the event. 版本' },
    position: { type: () => Position, description: 'Of the event. 日志位置' },
    recordedAt: { type: () => Instant, description: 'When the log took it. 记录时间' },
  });
  const FieldChange = objectType(
    names.claim('FieldChange'),
    'A field that is not the same any more. Carried out in order, the changes lead from one state to the other. 字段变化',
    {
      path: { type: () => String, description: 'JSON pointer (RFC 6901), by the domain’s own field names. 字段路径' },
      about: { type: () => String, nullable: true, description: 'What the field is. 字段说明' },
      kind: { type: () => Kind },
      before: { type: () => kit.Json, nullable: true, description: 'Null when it was not there. 原值' },
      after: { type: () => kit.Json, nullable: true, description: 'Null when it is gone. 现值' },
      events: { type: () => [events.CaseEvent], description: 'Those that changed it, oldest first. 引起变化的事件' },
    },
  );
  const Difference = objectType(names.claim('CaseDifference'), 'Two points of a case side by side. 事项差异', {
    caseId: { type: () => ID },
    category: { type: () => kit.Category },
    from: {
      type: () => Moment,
      nullable: true,
      description: 'Null: there was none yet, or you could not see it. 起点',
    },
    to: { type: () => Moment, nullable: true, description: 'Null: there was none yet, or you could not see it. 终点' },
    changes: { type: () => [FieldChange] },
  });
  const momentView = (point: Point | undefined) => (point ? instance(Moment, point.event) : null);

  const shownEvents = (all: readonly RecordedEvent[], classOf: Present['classOf']) =>
    all.flatMap((event) => {
      const then = classOf(event);
      return then ? [events.view(event, then)] : [];
    });

  /**
   * The changes with what is personal in them as the history shows it. Text that was only sealed anew has not changed. What
   * has not changed is not opened, and nobody has read it.
   */
  async function changesInClear({ from, to, changes }: CaseDifference, { category, id }: Ref, context: Context) {
    const { state } = registry.aggregate(category);
    const hasChanged = (personal: string) =>
      changes.some(({ path }) => touches(path, `/${personal.replaceAll('.', '/')}`));
    const shownAt = (point: Point | undefined) =>
      point && inClear(services(), state, point.state, { caseId: id, shown: point.shown }, context, hasChanged);
    const [then, now] = [await shownAt(from), await shownAt(to)];
    return changes
      .map((change) => ({ ...change, before: valueAt(then, change.path), after: valueAt(now, change.path) }))
      .filter(({ before, after }) => typeof before !== 'string' || before !== after);
  }

  return {
    caseDifference: {
      type: () => Difference,
      description: `What of a case changed between two points, and the events that changed it, at most ${mostBetween}. What you see of either point follows your present rights. 事项差异`,
      args: {
        caseId: { type: () => ID },
        from: { type: () => caseAt.type },
        to: { type: () => caseAt.type, nullable: true, description: 'Absent: as it is now. 终点' },
        waitFor: waitForArgument,
      },
      async resolve(args, context) {
        const { store, redactions } = services();
        await waitFor(services(), context, args.waitFor);
        const point = async (given: unknown): Promise<Until> => orThrow(await caseAt.untilOf(store, given));
        const from = await point(args.from);
        const to = args.to ? await point(args.to) : undefined;
        const { ref, aggregate, shown, classOf } = await presentOf(derived, services(), context, args.caseId);
        const finds = remembered((one) => cases.finds(context, one));
        const found = await caseDifference({ store, registry, redactions, finds }, ref, { from, to }, (then) =>
          classForPast(context, then, shown),
        );
        if (found === 'reversed') throw refused(replayRefusals.POINTS_REVERSED());
        if (found === 'too long') throw refused(replayRefusals.TOO_FAR_APART({ most: mostBetween }));
        return instance(Difference, {
          caseId: ref.id,
          category: ref.category,
          from: momentView(found.from),
          to: momentView(found.to),
          changes: (await changesInClear(found, ref, context)).map((change) => {
            const [, field = ''] = change.path.split('/');
            return instance(FieldChange, {
              ...{ path: change.path, kind: change.kind },
              ...{ before: change.before ?? null, after: change.after ?? null },
              about: (aggregate.state.shape[field] as { description?: string } | undefined)?.description ?? null,
              events: shownEvents(change.events, classOf),
            });
          }),
        });
      },
    },
  };
}
