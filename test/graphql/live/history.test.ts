import { describe, expect, it } from 'vitest';
import { wuji } from '../../../src/domain/wuji.js';
import { createHistory } from '../../../src/graphql/live/history.js';
import { caseModels } from '../../../src/projections/cases/index.js';
import type { ReadStore } from '../../../src/projections/kernel/ports.js';
import { newReadStore } from '../../projections/kernel/rig.js';
import { city, newTown, words } from '../../projections/town.js';

/** A deputy who drafts, and the history of it as read from `reads`. */
async function drafted() {
  const at = await newTown();
  await at.congress(city);
  const bat = await at.deputy('Bat', city);
  const { id } = await at.act(bat, 'draftSuggestion', { title: 'Canals', ...words });
  await at.run().settle();
  const { store } = at;
  const from = (reads: ReadStore) => createHistory({ store, reads, registry: wuji, models: caseModels });
  return { at, id, tags: [`mandate:${bat.mandate}`], head: (await store.head()) ?? '', from };
}

describe('a read store that is emptied while it is read (issue 3 part 3)', () => {
  it('takes no event out of a page of the feed: all of the page is of one moment', async () => {
    const { at, tags, from } = await drafted();
    const emptied = newReadStore();
    const reads = new Proxy(at.reads, {
      get: (full, name) => Reflect.get(name === 'snapshot' ? full : emptied, name),
    });
    const { events, upTo } = await from(reads).ofFeed(tags, '');
    expect(events.map(({ event }) => event.type)).toContain('SuggestionDrafted');
    expect(events.every(({ now }) => Object.keys(now).length > 0)).toBe(true);
    expect({ events, upTo }).toEqual(await from(at.reads).ofFeed(tags, ''));
  });

  it('does not show a case as one that is not there', async () => {
    const { at, id, tags, head, from } = await drafted();
    expect(await from(at.reads).present(id, tags, head)).toMatchObject({ class: 'participant' });
    expect(await from(at.reads).present(id, ['mandate:other'], head)).toBeUndefined();
    expect(await from(newReadStore()).present(id, tags, head)).toBe('behind');
  });
});
