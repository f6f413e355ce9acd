import { describe, expect, it } from 'vitest';
import type { LogStatus, RedisPart } from '../../../src/infra/telemetry/parts.js';
import { createTelemetry, type Watched } from '../../../src/infra/telemetry.js';

const clock = { now: () => new Date('2026-03-02T02:00:00.000Z') };
const now = clock.now().getTime();

/** A node of several, and all is well; `changed` says what is not. */
const node = (changed: Partial<Watched> = {}): Watched => ({
  log: { store: nothing, status: () => log('live') },
  redis: () => redis('ready'),
  leader: { lease: () => ({ holder: true }), leader: () => 'a' },
  projector: projector('live'),
  reactors: () => [reactor('running')],
  scheduler: () => ({ tickedAt: now - 5_000, error: undefined }),
  live: {
    sockets: 0,
    streams: 0,
    subscriptions: 0,
    lagging: 0,
    counts: { lagged: 0, redelivered: { ring: 0, store: 0 } },
  },
  clock,
  ...changed,
});
const nothing = {
  async *readAll() {},
};
const unreadable = {
  // biome-ignore lint/correctness/useYield: it fails before
  async *readAll(): AsyncGenerator<never> {
    throw new Error('张三 10.0.0.1 is away');
  },
};
const longAgo = new Date(0);
const log = (state: LogStatus['state'], fault?: string, since = longAgo): LogStatus => ({
  ...{ state, fault, since },
  heardAt: longAgo,
  reconnects: 2,
});
const redis = (state: RedisPart['state'], fault?: string, since = longAgo): RedisPart => ({
  ...{ state, fault },
  since: since.toISOString(),
});
type State = ReturnType<Watched['projector']['status']>['state'];
const projector = (state: State, lag: () => Promise<number> = async () => 0, position: string | undefined = '5') => ({
  status: () => ({ state, position, error: new Error('张三') }),
  lag,
});
const reactor = (state: 'running' | 'retrying') => ({
  ...{ name: 'merging', state, position: '5' },
  ...{ taken: 3, refused: 1, retries: 2 },
});
const readyOf = (changed: Partial<Watched>) => createTelemetry(node(changed)).ready();
const unheard = { lease: () => ({ holder: false }), leader: () => undefined };

describe('/health/ready tells each failure as what it is (issue 3: done when)', () => {
  it('all is well', async () => {
    expect(await readyOf({})).toEqual({
      ok: true,
      log: { state: 'live', fault: null },
      redis: { state: 'ready', fault: null },
      leader: { state: 'holder' },
      projector: { state: 'live', lagMs: 0 },
      reactors: { retrying: [] },
      scheduler: { state: 'running', secondsSinceTick: 5 },
    });
  });

  it('who works alone on one machine has neither Redis nor a leader, and no server of the log', async () => {
    const told = await readyOf({ log: { store: nothing }, redis: undefined, leader: undefined });
    expect(Object.keys(told)).toEqual(['ok', 'projector', 'reactors', 'scheduler']);
    expect(told.ok).toBe(true);
  });

  const away = async (): Promise<number> => {
    throw new Error('away');
  };
  it.each<[string, Partial<Watched>, boolean, object]>([
    [
      'the log is away: nobody can be let in',
      {
        log: { store: unreadable, status: () => log('reconnecting', 'unreachable') },
        projector: projector('retrying', away),
      },
      false,
      { log: { state: 'reconnecting', fault: 'unreachable' }, projector: { state: 'retrying', lagMs: null } },
    ],
    [
      'the log was lost a moment ago: what is asked waits so long',
      { log: { store: unreadable, status: () => log('reconnecting', 'unreachable', new Date()) } },
      true,
      { log: { state: 'reconnecting', fault: 'unreachable' } },
    ],
    [
      'the log is read from behind',
      { log: { store: nothing, status: () => log('catching up') } },
      true,
      { log: { state: 'catching up', fault: null } },
    ],
    [
      'Redis is away: queries are answered from it',
      { redis: () => redis('reconnecting', 'unreachable') },
      false,
      { redis: { state: 'reconnecting', fault: 'unreachable' } },
    ],
    [
      'Redis loads its data',
      { redis: () => redis('connecting', 'loading') },
      false,
      { redis: { state: 'connecting', fault: 'loading' } },
    ],
    [
      'Redis takes no writes: it can be read, and the lag tells when that lasts',
      { redis: () => redis('ready', 'readonly') },
      true,
      { redis: { state: 'ready', fault: 'readonly' } },
    ],
    [
      'another node leads: its policies and its calendar are not this one’s',
      {
        leader: { lease: () => ({ holder: false }), leader: () => 'b' },
        scheduler: () => ({ tickedAt: undefined, error: undefined }),
      },
      true,
      { leader: { state: 'follower' }, scheduler: { state: 'elsewhere', secondsSinceTick: null } },
    ],
    [
      'no leader for the moment: what is folded is served',
      { leader: unheard, projector: projector('starting') },
      true,
      { leader: { state: 'none seen' }, projector: { state: 'starting', lagMs: 0 } },
    ],
    [
      'no leader for long',
      { leader: unheard, projector: projector('starting', async () => 31_000) },
      false,
      { leader: { state: 'none seen' }, projector: { state: 'starting', lagMs: 31_000 } },
    ],
    [
      'tables are being filled',
      { projector: projector('catching up') },
      false,
      { projector: { state: 'catching up', lagMs: 0 } },
    ],
    ['a fold has failed', { projector: projector('stopped') }, false, { projector: { state: 'stopped', lagMs: 0 } }],
    [
      'a policy tries again: another node would do no better',
      { reactors: () => [reactor('retrying')] },
      true,
      { reactors: { retrying: ['merging'] } },
    ],
    [
      'the calendar fails',
      { scheduler: () => ({ tickedAt: now - 5_000, error: new Error('张三') }) },
      true,
      { scheduler: { state: 'failed', secondsSinceTick: 5 } },
    ],
    [
      'the calendar has stopped',
      { scheduler: () => ({ tickedAt: now - 600_000, error: undefined }) },
      true,
      { scheduler: { state: 'late', secondsSinceTick: 600 } },
    ],
  ])('%s', async (_, changed, ok, part) => {
    const told = await readyOf(changed);
    expect(told).toMatchObject({ ok, ...part });
    expect(JSON.stringify(told)).not.toContain('张三');
  });

  it('is alive unless a loop has given up', async () => {
    expect(await createTelemetry(node({ projector: projector('retrying') })).live()).toEqual({
      ok: true,
      projector: 'retrying',
    });
    expect((await createTelemetry(node({ projector: projector('stopped') })).live()).ok).toBe(false);
  });
});

describe('/metrics (issue 3, part 6)', () => {
  const linesOf = async (changed: Partial<Watched>): Promise<string[]> => {
    const { body } = await createTelemetry(node(changed)).metrics();
    return body.split('\n').filter((line) => line.startsWith('wuji_'));
  };

  it('shows each state as 1 of those that there are, and each fault by its code', async () => {
    const lines = await linesOf({
      log: { store: unreadable, status: () => log('reconnecting', 'unreachable') },
      redis: () => redis('ready', 'out_of_memory'),
      leader: unheard,
      reactors: () => [reactor('retrying')],
      documents: { size: 4, counts: { hits: 7, misses: 5 } },
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        'wuji_log_state{state="catching_up"} 0',
        'wuji_log_state{state="reconnecting"} 1',
        'wuji_log_fault{fault="unreachable"} 1',
        'wuji_log_reconnects_total 2',
        'wuji_documents 4',
        'wuji_document_lookups_total{outcome="hit"} 7',
        'wuji_document_lookups_total{outcome="miss"} 5',
        'wuji_redis_state{state="ready"} 1',
        'wuji_redis_fault{fault="out_of_memory"} 1',
        'wuji_leader 0',
        'wuji_leader_state{state="none_seen"} 1',
        'wuji_projector_state{state="live"} 1',
        'wuji_reactor_retrying{reactor="merging"} 1',
        'wuji_reactor_commands_total{outcome="taken",reactor="merging"} 3',
        'wuji_reactor_retries_total{reactor="merging"} 2',
        `wuji_scheduler_last_tick_timestamp_seconds ${(now - 5_000) / 1000}`,
      ]),
    );
    expect(lines.filter((line) => /_lag_(events|seconds)/.test(line))).toEqual(['wuji_projector_lag_seconds 0']);
  });

  it('is answered while the log is away: what cannot be read has no sample, and does not keep an old one', async () => {
    let store = nothing as Pick<typeof unreadable, 'readAll'>;
    const telemetry = createTelemetry(node({ log: { store: { readAll: () => store.readAll() } } }));
    expect((await telemetry.metrics()).body).toContain('\nwuji_projector_lag_events 0\n');
    store = unreadable;
    const { body } = await telemetry.metrics();
    expect(body).toContain('\nwuji_sockets 0\n');
    expect(body).not.toContain('\nwuji_projector_lag_events ');
    expect(body).not.toContain('\nwuji_reactor_lag_seconds{');
  });

  it('tells the delay of the event loop by its usual name', async () => {
    const { body } = await createTelemetry(node()).metrics();
    expect(body).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
  });
});
