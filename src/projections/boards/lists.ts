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
import { invitations } from './invitations.js';
import type { Parts } from './shapes.js';
import type { Place, Watcher } from './watch.js';

/** A board shows the first few cases of a list; the lists themselves are queries. */
const shown = 20;
/** How many rows are looked at to find those that the viewer may see. */
const looked = 200;

/** Single cases: only those whose own audience names the viewer (default deny, also for the title). */
async function seen<State>(
  view: ReadView,
  model: CaseModel<State>,
  viewer: Watcher,
  page: { readonly index: string; readonly prefix: IndexTuple; readonly reverse?: boolean },
): Promise<readonly CaseRow<State>[]> {
  const { rows } = await query(view, model).page(page.index, { ...page, limit: looked });
  return rows
    .map(({ row }) => row)
    .filter(({ audience }) => classIn(audience, viewer.tags))
    .slice(0, shown);
}

type Row = Parts['keySuggestions'][number];
const suggestionRow = ({ id, state }: CaseRow<SuggestionState>): Row => {
  const clocks = openClocks(state).filter(({ owner }) => !owner.startsWith('mandate:'));
  const { title, status, category } = state;
  const dueOn = clocks.map((clock) => clock.dueOn).sort()[0] ?? null;
  return { id, title, status, category, dueOn, overdue: clocks.some(isOverdue) };
};

const suggestions =
  (index: string, reverse = false) =>
  async (view: ReadView, { region, viewer }: Place): Promise<Row[]> =>
    (await seen(view, suggestionModel, viewer, { index, prefix: [region], reverse })).map(suggestionRow);

export const listsOf = {
  keySuggestions: suggestions('key', true),
  openSuggestions: suggestions('open'),
  toRaise: suggestions('toRaise'),

  async openIssues(view: ReadView, { region, viewer }: Place): Promise<Parts['openIssues']> {
    const rows = await seen(view, issueModel, viewer, { index: 'open', prefix: [region] });
    return rows.map(({ id, state }) => {
      const { title, status, severity, dueOn } = state;
      return { id, title, region: state.region, status, severity, dueOn, overdue: openClocks(state).some(isOverdue) };
    });
  },

  async offered(view: ReadView, { region, viewer }: Place): Promise<Parts['offered']> {
    const rows = await seen(view, suggestionModel, viewer, { index: 'offered', prefix: [region], reverse: true });
    const { actor } = viewer;
    return rows.flatMap(({ id, state }) =>
      state.escalations.flatMap(({ mandate, level, answer, higherStatus, externalNumber }) => {
        // A deputy is shown what he or she was asked; what others were asked is theirs.
        const own = actor?.kind !== 'deputy' || actor.mandate === mandate;
        if (!own || answer === 'DECLINED' || regionAt(state.region, level) !== region) return [];
        return [{ id, title: state.title, region: state.region, answer, higherStatus, externalNumber }];
      }),
    );
  },

  async invitations(view: ReadView, { viewer: { actor } }: Place): Promise<Parts['invitations']> {
    if (!actor || actor.kind === 'system') return [];
    const party = actor.kind === 'deputy' ? actor.mandate : actor.post;
    const { rows } = await query(view, invitations).page('byParty', { prefix: [party, 'PENDING'], limit: shown });
    const found = await Promise.all(
      rows.map(async ({ row: { category, case: id } }) => {
        const model = category === 'inspection' ? inspectionModel : jointMeetingModel;
        const title = (await query<CaseRow<{ title: string }>>(view, model).row(id))?.state.title;
        return title === undefined ? [] : [{ id, category, title }];
      }),
    );
    return found.flat();
  },
};
