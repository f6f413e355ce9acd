import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandle } from '../../../src/domain/kernel/handle.js';
import { createLoader } from '../../../src/domain/kernel/load.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { viewerOf } from '../../../src/graphql/context.js';
import { nameId } from '../../../src/infra/ids.js';
import { StoreUnavailable } from '../../../src/infra/store-unavailable.js';
import type { Watch } from '../../../src/infra/telemetry/watch.js';
import { createWatch } from '../../../src/infra/telemetry/watch.js';
import { client, mandateTag, settle, world } from '../../graphql/live/rig.js';
import { registry } from '../../projections/kernel/errand.js';
import { caughtUp, newReadStore, project } from '../../projections/kernel/rig.js';
import { arrayStore } from '../../support/array-store.js';
import { deputy, idOf } from '../../support/spec.js';

const clock = { now: () => new Date('2026-03-02T02:00:00.000Z') };
const actor = deputy('a', '150802');
const planted = '张三丰的电话';

let watch: Watch;
let store: EventStore;
beforeEach(() => {
  watch = createWatch(registry, clock);
  store = watch.store(arrayStore());
});

const handleOver = (events: EventStore) =>
  watch.handle(
    createHandle({
      store: events,
      registry,
      loader: createLoader(events, registry),
      clock,
      nameId,
      part: watch.part,
      rules: {} as never,
    }),
  );
const samples = async (): Promise<string[]> =>
  (await watch.metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('wuji_'));
const open = (commandId: string, owner = planted) =>
  ({ action: 'openErrand', commandId, input: { owner, dueOn: '2026-04-01' }, actor }) as const;

describe('what is counted while the work is done (issue 3, part 6)', () => {
  it('commands by action and outcome: done, repeated, refused by code, failed', async () => {
    const handle = handleOver(store);
    const opened = await handle(open('1'));
    await handle(open('1'));
    await handle({ action: 'closeErrand', commandId: '2', id: idOf('none'), input: {}, actor });
    await handle({ action: 'openErrand', commandId: '3', input: { owner: planted, dueOn: 7 }, actor });
    await expect(handle({ action: planted, commandId: '4', input: {}, actor })).rejects.toThrow('no action');
    expect(opened).toMatchObject({ repeated: false });
    expect(await samples()).toEqual(
      expect.arrayContaining([
        'wuji_commands_total{action="openErrand",outcome="done"} 1',
        'wuji_commands_total{action="openErrand",outcome="repeated"} 1',
        'wuji_commands_total{action="openErrand",outcome="INVALID_INPUT"} 1',
        'wuji_commands_total{action="closeErrand",outcome="NOT_FOUND"} 1',
        'wuji_commands_total{action="unknown",outcome="failed"} 1',
        'wuji_command_duration_seconds_count 5',
        'wuji_log_appends_total{outcome="written"} 1',
        'wuji_log_events_appended_total 1',
        'wuji_log_append_duration_seconds_count 1',
      ]),
    );
  });

  it('appends that another writer was faster with, and those that the log did not take', async () => {
    const under = arrayStore();
    store = watch.store(under);
    await handleOver(store)(open('1'));
    const [first] = under.log;
    if (!first) throw new Error('nothing was written');
    await expect(store.append(first.stream, [{ ...first, id: idOf('other') }], 'no_stream')).rejects.toThrow(
      'expected',
    );
    const full = async (): Promise<never> => {
      throw new StoreUnavailable('disk_full', '/data');
    };
    await expect(handleOver(watch.store({ ...under, append: full }))(open('2'))).rejects.toThrow('full');
    expect(await samples()).toEqual(
      expect.arrayContaining([
        'wuji_log_appends_total{outcome="written"} 1',
        'wuji_log_appends_total{outcome="conflict"} 1',
        'wuji_log_appends_total{outcome="unavailable"} 1',
        'wuji_log_events_appended_total 1',
      ]),
    );
  });

  it('batches of the projector, and those that another projector was faster with', async () => {
    await handleOver(store)(open('1'));
    await caughtUp(project(store, newReadStore(), { watch: watch.batch }));
    const reads = newReadStore();
    let faster = true;
    const commit: typeof reads.commit = async (commits) => {
      if (!faster) return reads.commit(commits);
      faster = false;
      return 'conflict';
    };
    await caughtUp(project(store, { ...reads, commit }, { watch: watch.batch }));
    const counted = [
      'wuji_projector_batch_duration_seconds_count{outcome="committed"} 2',
      'wuji_projector_batch_duration_seconds_count{outcome="conflict"} 1',
      'wuji_projector_events_folded_total 2',
    ];
    // A batch ends after those who waited for it have gone on.
    await vi.waitFor(async () => expect(await samples()).toEqual(expect.arrayContaining(counted)));
  });

  it('no label holds anything of a case or a person, nor an id', async () => {
    const handle = handleOver(store);
    await handle(open('1'));
    await handle(open('1', 'x'));
    await handle({ action: 'closeErrand', commandId: planted, id: idOf('none'), input: {}, actor });
    const text = (await samples()).join('\n');
    expect(text).not.toContain(planted);
    const labels = [...text.matchAll(/\{(.*?)\}/g)].flatMap(([, inside = '']) => inside.split(','));
    expect(labels.length).toBeGreaterThan(20);
    expect(labels.filter((label) => !/^\w+="([A-Za-z_]+|[\d.]+|\+Inf)"$/.test(label))).toEqual([]);
  });
});

describe('what is counted of deliveries (issue 3, part 6)', () => {
  const anna = viewerOf(deputy('anna', '150802'));
  const toAnna = { [mandateTag('anna')]: 'participant' } as const;

  it('messages, and the time since the event was recorded; an event for nobody has none', async () => {
    const here = world(10, watch.api.delivery);
    const reader = client(here, anna);
    reader.connect();
    await settle();
    here.publish('note-1', toAnna);
    here.publish('note-1', {});
    await settle();
    expect(reader.received).toHaveLength(1);
    expect(await samples()).toEqual(
      expect.arrayContaining(['wuji_events_delivered_total 1', 'wuji_delivery_latency_seconds_count 1']),
    );
    const sum = (await samples()).find((line) => line.startsWith('wuji_delivery_latency_seconds_sum'));
    expect(Number(sum?.split(' ')[1])).toBe((clock.now().getTime() - Date.parse('2026-01-01T00:00:00.000Z')) / 1000);
  });

  it('a slow reader is lagging until it has caught up; what it is sent from the ring is redelivered', async () => {
    const here = world(10);
    const reader = client(here, anna);
    reader.connect();
    await settle();
    reader.block();
    for (let n = 0; n < 3; n++) here.publish('note-1', toAnna);
    await settle();
    expect(here.hub.lagging).toBe(1);
    reader.release();
    await settle();
    expect(reader.received).toHaveLength(3);
    expect(here.hub.lagging).toBe(0);
    expect(here.hub.counts).toEqual({ lagged: 1, redelivered: { ring: 2, store: 0 } });
  });

  it('what a client that comes back is sent is redelivered, from the stores when the ring has it no more', async () => {
    const here = world(2);
    const reader = client(here, anna);
    reader.cursor = 'e1.000000';
    for (let n = 0; n < 5; n++) here.publish('note-1', toAnna);
    await settle();
    reader.connect();
    await settle();
    expect(reader.received).toHaveLength(5);
    const { ring, store: stored } = here.hub.counts.redelivered;
    expect(ring + stored).toBe(5);
    expect(stored).toBeGreaterThan(0);
  });

  it('a reader that goes while it lags is lagging no more', async () => {
    const here = world(10);
    const reader = client(here, anna);
    reader.connect();
    await settle();
    reader.block();
    here.publish('note-1', toAnna);
    await settle();
    expect(here.hub.lagging).toBe(1);
    reader.disconnect();
    expect(here.hub.lagging).toBe(0);
  });
});
