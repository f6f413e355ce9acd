import { ID } from 'type-graphql';
import { refOfStream } from '../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../domain/kernel/event.js';
import type { CaseRow } from '../projections/kernel/case-model.js';
import type { Context } from './context.js';
import type { Fields, Operations } from './derive/classes.js';
import { instance, objectType } from './derive/classes.js';
import type { Derived } from './derive/derive.js';
import { refused } from './errors.js';
import { liveRefusals } from './live/cursor.js';
import { classInMessage } from './visible.js';

/** What the hub gives to a subscription as its root value, under the field's name. */
type Message = {
  readonly cursor: string;
  readonly caughtUp: boolean;
  readonly event: RecordedEvent | null;
  readonly case: CaseRow | null | undefined;
};

/** The subscriptions to events. Each message is worked out once for all who see it in the same class. */
export function feedSubscriptions({ kit, cases, events }: Derived): Operations {
  const message: Fields = {
    cursor: { type: () => String, description: 'Subscribe with it as `after` to go on behind this message. 游标' },
    caughtUp: { type: () => Boolean, description: 'All until here has been sent; what follows is live. 是否已追平' },
    event: {
      type: () => events.CaseEvent,
      nullable: true,
      description: 'Null in a message that only says that you have caught up. 事件',
    },
  };
  const FeedMessage = objectType(kit.names.claim('FeedMessage'), 'A message of your feed. 履职动态消息', message);
  const CaseMessage = objectType(kit.names.claim('CaseMessage'), 'A message about a case. 事项消息', {
    ...message,
    case: { type: () => cases.Case, nullable: true, description: 'The case as the event left it. 事项' },
  });

  const given = (root: Record<string, unknown> | undefined, field: string): Message => {
    const found = root?.[field];
    if (!found) throw refused(liveRefusals.SUBSCRIBE_BY_STREAM());
    return found as Message;
  };

  /** Default deny: what the class does not reach is not there. */
  const eventIn = ({ event }: Message, context: Context): object | null => {
    const shown = event && classInMessage(context, event.meta.audience);
    return event && shown ? events.view(event, shown) : null;
  };
  /** `row` may be undefined: not every kind of case has a read model. */
  const caseIn = async ({ event, case: row }: Message, context: Context): Promise<object | null> => {
    const shown = row && classInMessage(context, row.audience);
    if (!row || !shown) return null;
    const category = event ? refOfStream(event.stream).category : (await cases.find(context, row.id))?.category;
    return category === undefined ? null : cases.view(category, row, shown);
  };
  const after = {
    type: () => String,
    nullable: true,
    description: 'A cursor: nothing after it is left out. Without one, from now on. 游标',
  };

  return {
    dutyFeed: {
      type: () => FeedMessage,
      description: 'All that concerns you, in the order of the log. 履职动态',
      args: { after },
      resolve: (_, context, root) => {
        const found = given(root, 'dutyFeed');
        const { cursor, caughtUp } = found;
        return instance(FeedMessage, { cursor, caughtUp, event: eventIn(found, context) });
      },
    },
    caseChanged: {
      type: () => CaseMessage,
      description: 'What happens in one case. 事项变更',
      args: { caseId: { type: () => ID }, after },
      resolve: (_, context, root) => {
        const found = given(root, 'caseChanged');
        const { cursor, caughtUp } = found;
        const event = eventIn(found, context);
        return instance(CaseMessage, { cursor, caughtUp, event, case: caseIn(found, context) });
      },
    },
  };
}
