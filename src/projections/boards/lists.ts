import type { SuggestionState } from '../../domain/collaboration/suggestion/state.js';
import { classIn } from '../../domain/kernel/actor.js';
import { isOverdue, openClocks } from '../cases/clocks.js';
import { jointMeetingModel } from '../cases/joint-meeting.js';
import { suggestionModel } from '../cases/suggestion.js';
import { regionAt } from '../cases/suggestion-facts.js';
import { inspectionModel, issueModel } from '../cases/supervision.js';
import type { CaseModel, CaseRow } from '../kernel/case-model.js';
import type { IndexTuple } from '../kernel/index-key.js';
import type { ReadView } from '../kernel/ports.js';
import { query } from '../kernel/query.js';
import { cut } from '../redaction/cut.js';
import { invitations } from './invitations.js';
import type { Parts } from './shapes.js';
import type { Place } from './watch.js';

/** A board shows the first few cases of a list; the lists themselves are queries. */
const shown = 20;
/** How many rows are looked at to find those that the viewer may see; most see all of the first few. */
const looked = 200;

/** What the viewer may see of a case: a field of a narrower circle is not there. */
type Seen<State> = { readonly id: string; readonly state: Partial<State> };
/** A row of a list, as far as the viewer may see what it is made of. */
type Shown<Row> = { readonly [K in keyof Row]?: Row[K] | undefined };

/** Default deny, also for the title: `undefined` when the case's own audience does not name the viewer. */
function seenBy<State>(
  model: CaseModel<State>,
  { viewer, redactions }: Place,
  { id, state, audience }: CaseRow<State>,
): Seen<State> | undefined {
  const shown = classIn(audience, viewer.tags);
  if (!shown) return undefined;
  return { id, state: cut(redactions, model.aggregate.state, state, { caseId: id, shown }) as Partial<State> };
}

async function seen<State>(
  view: ReadView,
  model: CaseModel<State>,
  place: Place,
  page: { readonly index: string; readonly prefix: IndexTuple; readonly reverse?: boolean },
): Promise<readonly Seen<State>[]> {
  const found: Seen<State>[] = [];
  let after: string | undefined;
  for (let left = looked; left > 0; left -= shown) {
    const { rows, more, end } = await query(view, model).page(page.index, { ...page, after, limit: shown });
    found.push(...rows.flatMap(({ row }) => seenBy(model, place, row) ?? []));
    after = end;
    if (found.length >= shown || !more) break;
  }
  return found.slice(0, shown);
}

type Row = Shown<Parts['keySuggestions'][number]>;
const suggestionRow = ({ id, state }: Seen<SuggestionState>): Row => {
  const { title, status, category, clocks } = state;
  const open = clocks && openClocks({ clocks }).filter(({ owner }) => !owner.startsWith('mandate:'));
  const dueOn = open && (open.map((clock) => clock.dueOn).sort()[0] ?? null);
  return { id, title, status, category, dueOn, overdue: open?.some(isOverdue) };
};

const suggestions =
  (index: string, reverse = false) =>
  async (view: ReadView, place: Place): Promise<Row[]> =>
    (await seen(view, suggestionModel, place, { index, prefix: [place.region], reverse })).map(suggestionRow);

export const listsOf = {
  keySuggestions: suggestions('key', true),
  openSuggestions: suggestions('open'),
  toRaise: suggestions('toRaise'),

  async openIssues(view: ReadView, place: Place): Promise<Shown<Parts['openIssues'][number]>[]> {
    const rows = await seen(view, issueModel, place, { index: 'open', prefix: [place.region] });
    return rows.map(({ id, state }) => {
      const { title, region: where, status, severity, dueOn, clocks } = state;
      return {
        id,
        title,
        region: where,
        status,
        severity,
        dueOn,
        overdue: clocks && openClocks({ clocks }).some(isOverdue),
      };
    });
  },

  async offered(view: ReadView, place: Place): Promise<Shown<Parts['offered'][number]>[]> {
    const { region } = place;
    const rows = await seen(view, suggestionModel, place, { index: 'offered', prefix: [region], reverse: true });
    const { actor } = place.viewer;
    return rows.flatMap(({ id, state: { title, region: from, escalations = [] } }) =>
      escalations.flatMap(({ mandate, level, answer, higherStatus, externalNumber }) => {
        // A deputy is shown what he or she was asked; what others were asked is theirs.
        const own = actor?.kind !== 'deputy' || actor.mandate === mandate;
        if (!own || answer === 'DECLINED' || !from || regionAt(from, level) !== region) return [];
        return [{ id, title, region: from, answer, higherStatus, externalNumber }];
      }),
    );
  },

  async invitations(view: ReadView, place: Place): Promise<Shown<Parts['invitations'][number]>[]> {
    const { actor } = place.viewer;
    if (!actor || actor.kind === 'system') return [];
    const party = actor.kind === 'deputy' ? actor.mandate : actor.post;
    const { rows } = await query(view, invitations).page('byParty', { prefix: [party, 'PENDING'], limit: shown });
    const found = await Promise.all(
      rows.map(async ({ row: { category, case: id } }) => {
        const title = category === 'inspection' ? titleOf(inspectionModel) : titleOf(jointMeetingModel);
        const told = await title(view, place, id);
        return told && { id, category, title: told.title };
      }),
    );
    return found.filter((one) => one !== undefined);
  },
};

const titleOf =
  <State extends { readonly title: string }>(model: CaseModel<State>) =>
  async (view: ReadView, place: Place, id: string): Promise<{ readonly title: string | undefined } | undefined> => {
    const row = await query(view, model).row(id);
    const told = row && seenBy(model, place, row);
    return told && { title: told.state.title };
  };
