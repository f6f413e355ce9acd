import { refOfStream } from '../../domain/kernel/aggregate.js';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Clock, EventStore } from '../../domain/kernel/ports.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import type { CaseModel, CaseRow } from './case-model.js';
import type { Announcement, LiveBus, Told } from './node-ports.js';
import type { Checkpoint, ReadStore } from './ports.js';
import type { Committed, ReadModels, Step } from './projector-types.js';
import type { ReadModel } from './read-model.js';
import { createTurns, createWaiters, type Pause, pause } from './waiting.js';

export type FollowerDeps = {
  readonly bus: LiveBus;
  readonly readStore: ReadStore;
  readonly events: EventStore;
  readonly registry: Registry;
  readonly models: readonly ReadModel[];
  /** Of these a missed step can be worked out from the log. */
  readonly caseModels: readonly CaseModel[];
  readonly clock: Clock;
  readonly onProblem: (problem: Error) => void;
  /** How often the checkpoints are looked at, in ms: what the bus lost is found so. */
  readonly lookMs?: number;
  readonly pause?: Pause;
};

export type Follower = ReadModels & {
  start(): void;
  stop(): Promise<void>;
  /** Who leads, as it says of itself; `undefined`: nobody has spoken lately. */
  readonly leader: () => string | undefined;
};

/** Events of one missed stretch that are told at a time. */
const CHUNK = 200;

/**
 * Follows what the leader folds: its commits come over the bus, and where the bus has lost one, from the log. Every event
 * is told to the listeners once and in log order, on every node.
 */
export function createFollower(deps: FollowerDeps): Follower {
  const { bus, readStore, events, models, clock, onProblem, lookMs = 500, pause: wait = pause } = deps;
  const waiters = createWaiters();
  const inTurn = createTurns();
  const listeners = new Set<(committed: Committed) => void>();
  const control = new AbortController();
  const { signal } = control;
  /** Up to where listeners know; it never goes back, also when the read store is lost and filled again. */
  let told: Position | undefined;
  /** Where the tables that readers see stand. */
  let reached: Position | undefined;
  let checkpoints: ReadonlyMap<string, { readonly version: string; readonly at: Checkpoint }> = new Map();
  let announced: Announcement | undefined;
  let error: Error | undefined;
  let failures = 0;
  let running: Promise<unknown> | undefined;

  function stands(position: Position | undefined) {
    reached = position;
    waiters.moved(position);
  }

  function tell(steps: readonly Step[], position: Position) {
    const from = told;
    told = position;
    for (const listener of listeners)
      try {
        listener({ steps, from, position });
      } catch (cause) {
        onProblem(new Error('a listener of the read models failed', { cause }));
      }
  }

  async function hear(message: Told) {
    if (told === undefined) await look(); // nothing has been read yet: what the message tells is found there
    if (told === undefined || message.position <= told) return;
    const { steps } = message;
    // What was told before is known; a message that begins later than that leaves a gap before it.
    if (steps && message.from !== undefined && message.from <= told) {
      const known = told;
      tell(
        steps.filter(({ event }) => event.position > known),
        message.position,
      );
    } else await readUpTo(message.position);
    if (reached !== undefined && reached < message.position) stands(message.position);
  }

  /** From the log, with the cases' rows folded again. */
  async function readUpTo(position: Position) {
    const folded = new Map<string, CaseRow | undefined>();
    let steps: Step[] = [];
    let last = told;
    for await (const recorded of events.readAll({ ...(told !== undefined && { after: told }) })) {
      if (recorded.position > position || signal.aborted) break;
      last = recorded.position;
      const event = decode(deps.registry, recorded);
      steps.push({ event, changes: await changesOf(event, folded) });
      if (steps.length < CHUNK) continue;
      tell(steps, event.position);
      steps = [];
    }
    if (signal.aborted) return;
    if (last !== position) throw new Error(`the log ends before ${position}, which the read models have reached`);
    tell(steps, position);
  }

  async function changesOf(event: RecordedEvent, folded: Map<string, CaseRow | undefined>) {
    const { category, id } = refOfStream(event.stream);
    const model = deps.caseModels.find(({ name }) => name === category);
    if (!model) return [];
    if (!folded.has(event.stream)) folded.set(event.stream, await rowBefore(model, event, id));
    const before = folded.get(event.stream);
    const after = model.fold(before, event, id);
    folded.set(event.stream, after);
    return [{ model: model.name, key: id, before, after }];
  }

  async function rowBefore(model: CaseModel, event: RecordedEvent, id: string): Promise<CaseRow | undefined> {
    let row: CaseRow | undefined;
    if (event.revision > 0)
      for await (const earlier of events.readStream(event.stream, { limit: event.revision }))
        row = model.fold(row, decode(deps.registry, earlier), id);
    return row;
  }

  /** At the read store itself: what the bus has lost, and a store that was emptied, show here. */
  async function look() {
    announced = await bus.announced();
    const found = await readStore.snapshot(async (view) =>
      Promise.all(models.map(async ({ name }) => ({ name, at: await view.checkpoint(name) }))),
    );
    const live = await Promise.all(models.map(async ({ name }) => ({ name, version: await readStore.live(name) })));
    checkpoints = new Map(
      found.flatMap(({ name, at }) => {
        const version = live.find((one) => one.name === name)?.version;
        return at && version ? [[name, { version, at }] as const] : [];
      }),
    );
    const positions = [...checkpoints.values()].map(({ at }) => at.position).sort();
    const lowest = positions.length === models.length ? positions[0] : undefined;
    stands(lowest);
    if (lowest === undefined) return;
    if (told === undefined) told = lowest;
    else if (lowest > told) await readUpTo(lowest);
  }

  async function again(work: () => Promise<unknown>) {
    while (!signal.aborted) {
      try {
        await work();
        error = undefined;
        failures = 0;
      } catch (cause) {
        if (signal.aborted) return;
        failures++;
        const problem = new Error('the read models cannot be followed', { cause });
        if (error === undefined) onProblem(problem);
        error = problem;
      }
      await wait(lookMs, signal);
    }
  }

  const state = () => {
    if (error) return 'retrying';
    if (!announced) return 'starting';
    return announced.state === 'live' && reached === undefined ? 'catching up' : announced.state;
  };

  return {
    start() {
      running ??= Promise.all([
        again(() => inTurn(look)),
        again(async () => {
          for await (const message of bus.follow(signal)) await inTurn(() => hear(message));
        }),
      ]);
    },
    async stop() {
      control.abort();
      waiters.end();
      await running;
    },
    leader: () => announced?.node,
    position: () => reached,
    status: () => ({
      state: state(),
      position: reached,
      error: error ?? (announced?.problem === undefined ? undefined : new Error(announced.problem)),
      failures,
      models: models.map(({ name }) => {
        const at = checkpoints.get(name);
        const ratio = announced?.rebuilding[name];
        return {
          name,
          version: at?.version,
          position: at?.at.position,
          events: at?.at.events ?? 0,
          rebuilding: ratio === undefined ? undefined : { position: undefined, head: undefined, events: 0, ratio },
        };
      }),
    }),
    async lag() {
      for await (const next of events.readAll({ ...(reached && { after: reached }), limit: 1 }))
        return Math.max(0, clock.now().getTime() - Date.parse(next.recordedAt));
      return 0;
    },
    waitFor: waiters.wait,
    async caughtUp(timeoutMs, until) {
      const head = await events.head();
      return head === undefined ? 'reached' : waiters.wait(head, timeoutMs, until);
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async rebuild(name) {
      if (!models.some((each) => each.name === name)) throw new Error(`no read model ${name}`);
      await bus.askRebuild(name);
    },
  };
}
