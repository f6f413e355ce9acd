import { z } from 'zod';
import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import { classIn, congressOffices, organKinds } from '../../domain/kernel/actor.js';
import { count, day, flag, listOf, oneOf, ref, storedText } from '../../domain/kernel/fields.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { facts, redact } from '../../domain/kernel/visibility.js';
import type { LocalDate } from '../../domain/kernel/working-days.js';
import { daysBetween } from '../../domain/kernel/working-days.js';
import { wuji } from '../../domain/wuji.js';
import type { Watcher } from '../boards/watch.js';
import { isOverdue } from '../cases/clocks.js';
import { jointMeetingWaits } from '../cases/joint-meeting.js';
import { organModel } from '../cases/registry.js';
import { ratingOf } from '../cases/suggestion-facts.js';
import { suggestionWaits } from '../cases/suggestion-waits.js';
import { supervisionWaits } from '../cases/supervision.js';
import type { Duty, Waiting } from '../cases/waiting.js';
import { duties } from '../cases/waiting.js';
import type { CaseRow } from '../kernel/case-model.js';
import { decodeTuple, rangeOf, rowKeyOf } from '../kernel/index-key.js';
import type { ReadStore, ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import type { Hiding } from '../redaction/cut.js';
import { withoutHidden } from '../redaction/cut.js';

/** The inbox of an organ or office (domain.md §4): what waits for it, the most pressing first. */
const dutyNames = Object.keys(duties) as [Duty, ...Duty[]];
const duty = oneOf(dutyNames, ['What is to be done.', '待办类型']);
const item = facts({
  public: {
    id: z.uuid().describe('The case. 事项'),
    category: storedText(['Kind of the case.', '事项类别']),
    title: storedText(['Title.', '标题']).nullable(),
    status: storedText(['Status.', '状态']),
    duty,
    actions: listOf(storedText(['Action.', '操作']), 10, ['Actions that do it; none: another has to act.', '可用操作']),
    dueOn: day(['Due.', '到期日']).nullable(),
    daysLeft: z.int().nullable().describe('Calendar days left; negative when past. 剩余天数'),
    overdue: flag(['The time limit’s own event has said so.', '是否逾期']),
  },
  participant: {
    role: oneOf(['LEAD', 'CO', 'SEPARATE'], ['Part of the organ in it.', '承办角色']).nullable(),
    contacts: count(10_000, ['Contacts with the deputies that the organ has made.', '已沟通次数']),
    opinionsOutstanding: listOf(ref('organ', ['Co-handler.', '会办单位']), 20, [
      'Co-handlers whose opinion is still to come.',
      '会办意见未交单位',
    ]),
    promise: storedText(['What was promised.', '承诺事项']).nullable(),
    dissatisfied: flag(['A signer is dissatisfied in this round.', '代表不满意']),
    about: z.uuid().nullable().describe('The organ, deputy or promise it is about. 所涉单位、代表或承诺'),
  },
});
export const inboxShape = facts({
  public: {
    organ: ref('organ', ['Organ.', '机关']),
    kind: oneOf(organKinds, ['Its kind.', '机关类别']),
    counts: listOf(facts({ public: { duty, count: count(1_000_000, ['How many.', '数量']) } }), dutyNames.length, [
      'All that waits, by what is to be done.',
      '待办统计',
    ]),
    items: listOf(item, 1000, ['The most pressing first.', '待办事项']),
    more: flag(['There is more than is shown.', '是否还有更多']),
  },
});
export type Inbox = z.infer<typeof inboxShape>;
type Item = Inbox['items'][number];

/** `null`: hidden by a redaction. */
type Titled = {
  readonly title?: string | null;
  readonly text?: string | null;
  readonly year?: number;
  readonly status: string;
};
const waitsOf: Readonly<Record<string, (state: never) => readonly Waiting[]>> = {
  suggestion: suggestionWaits,
  ...supervisionWaits,
  ...jointMeetingWaits,
};

/** The inbox of `organ` for somebody who holds a post there now; for anybody else there is none. */
export const inboxOf =
  ({ reads, redactions }: { readonly reads: Pick<ReadStore, 'snapshot'>; readonly redactions: Hiding }) =>
  async (organ: string, viewer: Watcher, today: LocalDate, limit = 100): Promise<Inbox | Refusal> => {
    const { actor } = viewer;
    const works = actor?.kind === 'official' && actor.organ === organ && actor.role !== 'expert';
    if (!works || actor.standing !== 'active') return kernelRefusals.NOT_FOUND();
    return reads.snapshot(async (view) => {
      const known = await query(view, organModel).row(organ);
      if (!known) return kernelRefusals.NOT_FOUND();
      const { kind, region } = known.state;
      const tags = [
        `organ:${organ}`,
        ...(congressOffices.includes(kind) ? [`office:${region}`] : []),
        ...(kind === 'GOVO' ? [`government:${region}`] : []),
      ];
      const entries = await pressing(view, tags, limit + 1);
      const items = await Promise.all(
        entries.slice(0, limit).map((entry) => itemOf(view, entry, { organ, viewer, today, redactions })),
      );
      return {
        organ,
        kind,
        counts: await countsFor(view, tags),
        items: items.filter((one) => one !== undefined),
        more: entries.length > limit,
      };
    });
  };

type Entry = { readonly category: string; readonly id: string; readonly order: string; readonly tag: string } & {
  readonly duty: string;
  readonly about: string | null;
};

/** The first entries over all kinds of case and all tags, by due date. */
async function pressing(view: ReadView, tags: readonly string[], limit: number): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (const category of Object.keys(waitsOf))
    for (const tag of tags)
      for (const entry of await view.scan(category, 'inbox', { ...rangeOf({ prefix: [tag] }), limit })) {
        const [, dueOn, what, about] = decodeTuple(entry);
        const id = rowKeyOf(entry);
        const order = `${dueOn} ${what} ${id} ${about}`;
        found.push({ category, id, tag, order, duty: String(what), about: about === null ? null : String(about) });
      }
  return found.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0)).slice(0, limit);
}

async function countsFor(view: ReadView, tags: readonly string[]): Promise<Inbox['counts']> {
  const counts = new Map<string, number>();
  for (const category of Object.keys(waitsOf))
    for (const tag of tags)
      for (const { key, count: n } of await view.countersIn(category, 'inbox', rangeOf({ prefix: [tag] }))) {
        const what = String(decodeTuple(key)[1]);
        counts.set(what, (counts.get(what) ?? 0) + n);
      }
  return dutyNames.flatMap((name) => (counts.has(name) ? [{ duty: name, count: counts.get(name) ?? 0 }] : []));
}

type For = { readonly organ: string; readonly viewer: Watcher; readonly today: LocalDate; readonly redactions: Hiding };

async function itemOf(
  view: ReadView,
  entry: Entry,
  { organ, viewer, today, redactions }: For,
): Promise<Item | undefined> {
  const row = (await view.row(entry.category, entry.id)) as CaseRow<Titled> | undefined;
  const viewerClass = row && classIn(row.audience, viewer.tags);
  const waiting = row && waitsOf[entry.category]?.(row.state as never).find((one) => isSame(one, entry));
  if (!row || !viewerClass || !waiting) return undefined;
  const { id } = row;
  const seen = { caseId: id, shown: viewerClass };
  const state = withoutHidden(redactions, wuji.aggregate(entry.category).state, row.state, seen) as Titled;
  const { clocks = [] } = state as { readonly clocks?: SuggestionState['clocks'] };
  const clock = clocks.find((one) => one.clock === waiting.clock);
  const full: Item = {
    id,
    category: entry.category,
    title: [state.title, state.text, String(state.year ?? '')].find((one) => one !== undefined) ?? null,
    status: state.status,
    duty: waiting.duty,
    actions: [...duties[waiting.duty].actions],
    dueOn: waiting.dueOn,
    daysLeft: waiting.dueOn === null ? null : daysBetween(today, waiting.dueOn),
    overdue: clock !== undefined && isOverdue(clock),
    ...(entry.category === 'suggestion' ? handlingOf(state as unknown as SuggestionState, organ, waiting) : nothing),
    about: waiting.about,
  };
  return redact(item, full, viewerClass) as Item;
}

const isSame = (one: Waiting, entry: Entry): boolean =>
  one.tag === entry.tag && one.duty === entry.duty && one.about === entry.about;

const nothing = { role: null, contacts: 0, opinionsOutstanding: [], promise: null, dissatisfied: false };

/** What the organ has done and what it still waits for. */
const handlingOf = (s: SuggestionState, organ: string, waiting: Waiting) => ({
  role: s.organs.find((one) => one.organ === organ)?.role ?? null,
  contacts: s.contacts.filter((one) => one.organ === organ).length,
  opinionsOutstanding: s.organs
    .filter((one) => one.role === 'CO' && !s.opinions.some((opinion) => opinion.organ === one.organ))
    .map((one) => one.organ),
  promise: s.promises.find((one) => one.id === waiting.about)?.text ?? null,
  dissatisfied: ratingOf(s) === 'DISSATISFIED',
});
