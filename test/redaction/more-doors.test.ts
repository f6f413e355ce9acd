import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { wuji } from '../../src/domain/wuji.js';
import { asRecorded, asSeenBy, withoutRedacted } from '../../src/graphql/admin/exported.js';
import { boardOf } from '../../src/projections/boards/index.js';
import { suggestionModel } from '../../src/projections/cases/suggestion.js';
import { createRedactions } from '../../src/projections/redaction/redactions.js';
import { underPresentRights } from '../../src/projections/replay/present-rights.js';
import { newTown, seenBy, words } from '../projections/town.js';

const township = '150823101';
const title = '密语甲乙';

/** A township's suggestion, its presidium, and an auditor of the same region. */
async function hiding() {
  const at = await newTown();
  await at.congress(township);
  const [office, bat] = [await at.official('PRES', township), await at.deputy('Bat', township)];
  const auditor = await at.official('AUD', township);
  const { id } = await at.act(bat, 'draftSuggestion', { title, ...words });
  await at.act(bat, 'submitSuggestion', {}, id);
  await at.act(office, 'returnForRevision', { ground: 'OTHER', reason: `见${title}所附材料` }, id);
  await at.act(bat, 'editSuggestion', { title, ...words, advice: '另' }, id);
  await at.act(bat, 'submitSuggestion', {}, id);
  await at.act(office, 'registerSuggestion', { field: 'water', crossRegion: false }, id);
  const { settle, projector } = at.run();
  await settle();
  const changes: number[] = [];
  const redactions = createRedactions({
    ...{ reads: at.reads, loader: at.loader, registry: wuji },
    onChanged: () => void changes.push(1),
    onProblem: (problem) => {
      throw problem;
    },
  });
  const place = { kind: 'suggestion', target: id, seen: 0, field: 'title', ground: 'COURT_ORDER', basis: '民裁1号' };
  const hide = async () => (await at.act(office, 'redactText', place)).id;
  return { at, office, bat, auditor, id, settle, projector, redactions, changes, hide };
}
type Town = Awaited<ReturnType<typeof hiding>>;
const textOf = async (events: AsyncIterable<unknown>): Promise<string> => {
  let text = '';
  for await (const event of events) text += JSON.stringify(event);
  return text;
};
async function boardText({ office, redactions }: Town, reads: Parameters<typeof boardOf>[0]['reads']) {
  const found = await boardOf({ reads, redactions })(township, 'township', seenBy(office));
  if (isRefusal(found)) throw new Error(found.refused);
  return JSON.stringify(found.openSuggestions);
}

describe('boards, of now and of the past', () => {
  it('list the case without the text that is hidden', async () => {
    const town = await hiding();
    const { at, office, redactions, settle, hide } = town;
    const past = underPresentRights(at.reads, at.reads, new Set([suggestionModel.name]), seenBy(office).tags);
    for (const reads of [at.reads, past]) expect(await boardText(town, reads)).toContain(title);
    await hide();
    await settle();
    await redactions.load();
    for (const reads of [at.reads, past]) {
      expect(await boardText(town, reads)).not.toContain(title);
      expect(JSON.parse(await boardText(town, reads))).toMatchObject([{ title: null }]);
    }
  });
});

describe('exports', () => {
  it('have the trace in the place of the text, the operator’s and the auditor’s', async () => {
    const { at, auditor, redactions, settle, hide } = await hiding();
    const deps = { registry: wuji, reads: at.reads, redactions, personal: at.personal };
    const all = async () => {
      const head = await at.store.head();
      return [
        await textOf(withoutRedacted(deps, asRecorded(at.store, head))),
        await textOf(asSeenBy(seenBy(auditor).tags, deps, asRecorded(at.store, head))),
      ];
    };
    for (const text of await all()) expect(text).toContain(title);
    await hide();
    await settle();
    await redactions.load();
    for (const text of await all()) {
      expect(text).not.toContain(title);
      expect(text).toContain('"ground":"COURT_ORDER"');
      expect(text).toContain('见███所附材料');
    }
  });
});

describe('what every node knows of the redactions in force', () => {
  it('from the commit on nothing of the case is said, until it is known what is to be hidden', async () => {
    const { id, redactions, projector, hide, settle } = await hiding();
    const seen: unknown[] = [];
    projector.onCommitted((committed) => {
      redactions.apply(committed);
      if (committed.steps.some(({ event }) => event.type === 'TextRedacted'))
        seen.push(redactions.hiddenFrom(id, 'office'));
    });
    await hide();
    await settle();
    expect(seen).toEqual(['all']);
    await redactions.load();
    expect(redactions.hiddenFrom(id, 'office')).toEqual([title]);
  });

  it('a commit that was missed is made up for from the store', async () => {
    const { at, office, id, redactions, hide, settle, changes } = await hiding();
    redactions.apply({ steps: [], from: undefined, position: (await at.store.head()) ?? '' });
    const redaction = await hide();
    await settle();
    const head = (await at.store.head()) ?? '';
    const before = changes.length;
    redactions.apply({ steps: [], from: head, position: head });
    await redactions.load();
    expect(redactions.hiddenFrom(id, 'office')).toEqual([title]);
    expect(changes.length).toBeGreaterThan(before);
    await at.act(office, 'liftRedaction', { basis: '民裁2号' }, redaction);
    await settle();
    await redactions.load();
    expect(redactions.hiddenFrom(id, 'office')).toBeUndefined();
    expect(redactions.of(id, 'office')).toEqual([]);
  });
});

describe('one way out', () => {
  it('nothing but the cut looks at visibility by itself: whatever else goes out has been through it', () => {
    const root = join(import.meta.dirname, '../../src');
    const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'domain/kernel/visibility.ts')
      .filter((file) => /\bredact\(/.test(readFileSync(join(root, file), 'utf8')))
      .sort();
    expect(found).toEqual([
      'graphql/admin/exported.ts', // what is hidden is taken out behind it
      'graphql/audit.ts', // whether all of an event is to be seen; else it is not there
      'graphql/derive/events.ts', // to know which redaction hides something
      'projections/boards/board.ts', // its rows have been cut, each as its case
      'projections/feeds/inbox.ts', // so have its items
      'projections/redaction/cut.ts',
    ]);
  });
});
