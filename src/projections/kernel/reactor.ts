import type { EventTable } from '../../domain/kernel/aggregate.js';
import type { Position, RecordedEvent } from '../../domain/kernel/event.js';
import type { Handle } from '../../domain/kernel/handle.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Checkpoint, ReadView } from './ports.js';
import { tableOf } from './ports.js';
import type { Projector } from './projector.js';
import type { EventOf, EventsOf } from './read-model.js';
import type { FoldDeps } from './rebuild.js';
import { decodeAll } from './rebuild.js';
import { sideBySide } from './side-by-side.js';
import type { Pause, Reached } from './waiting.js';
import { backoffMs, createWaiters, pause } from './waiting.js';

/** What a policy wants done. Its id, its cause and its actor are given by the engine. */
export type PolicyCommand = { readonly action: string; readonly id?: string | undefined; readonly input: unknown };
/** The read models at one moment, at or after the event. */
export type ReactorTools = { readonly view: ReadView };
type React<Event> = (event: Event, tools: ReactorTools) => readonly PolicyCommand[] | Promise<readonly PolicyCommand[]>;

/**
 * A process manager: what follows by itself from an event. The same event must give the same commands in the same
 * order, or commands that the domain refuses: after a crash the events since the last checkpoint come again.
 */
export type Reactor = { readonly name: string; readonly on: ReadonlyMap<string, React<RecordedEvent>> };

/** `name` is the policy that the events which come of it are recorded under. */
export function defineReactor<
  const A extends readonly { readonly events: EventTable }[],
  const Types extends keyof EventsOf<A> & string,
>(definition: {
  readonly name: string;
  /** The aggregates whose events it reacts to. */
  readonly from: A;
  readonly on: { readonly [T in Types]: React<EventOf<EventsOf<A>, T>> };
}): Reactor {
  const known = new Set(definition.from.flatMap((aggregate) => Object.keys(aggregate.events)));
  const on = new Map<string, React<RecordedEvent>>(Object.entries(definition.on));
  for (const type of on.keys())
    if (!known.has(type)) throw new Error(`reactor ${definition.name}: no event ${type} in its aggregates`);
  return { name: definition.name, on };
}

export type ReactorStatus = {
  readonly name: string;
  readonly state: 'running' | 'retrying';
  /** All events up to here are settled. */
  readonly position: Position | undefined;
  readonly error: Error | undefined;
  /** Since the start of this process: commands taken, and refused because the case had moved on. */
  readonly taken: number;
  readonly refused: number;
  /** How often it had to try again since then. */
  readonly retries: number;
};

/** A policy's command that the domain did not take: it is settled, and told for the record. */
export type PolicyRefused = {
  readonly policy: string;
  readonly command: PolicyCommand;
  readonly commandId: string;
  /** `undefined`: the calendar asked for it. */
  readonly event: RecordedEvent | undefined;
  readonly refusal: Refusal;
};

export type ReactorDeps = Omit<FoldDeps, 'events'> & {
  readonly events: Pick<FoldDeps['events'], 'subscribe'>;
  readonly projector: Pick<Projector, 'waitFor'>;
  readonly handle: Handle;
  readonly onProblem: (problem: Error) => void;
  readonly onRefused?: ((refused: PolicyRefused) => void) | undefined;
  readonly batchSize?: number | undefined;
  readonly pause?: Pause | undefined;
};

export type RunningReactor = {
  start(): void;
  stop(): Promise<void>;
  readonly status: () => ReactorStatus;
  /** Waits until all events up to the position are settled. */
  waitFor(position: Position, timeoutMs: number): Promise<Reached>;
};

/** How many events without a concern for a policy it may have to read again after a restart. */
const unkept = 1_000;

/** Carries out what a reactor wants: each event's commands, in log order, until each is taken or refused. */
export function createReactor(reactor: Reactor, deps: ReactorDeps): RunningReactor {
  const { events, registry, readStore, projector, handle, onProblem, batchSize = 200, pause: wait = pause } = deps;
  const table = tableOf(`reactor:${reactor.name}`, '1.0');
  const actor = { kind: 'system', policy: reactor.name } as const;
  const { signal, abort } = controlOf();
  const waiters = createWaiters();
  let at: Checkpoint | null = null;
  /** What the store knows of `at`: events that are no concern of this policy are written down only now and then. */
  let kept: Checkpoint | null = null;
  let error: Error | undefined;
  let taken = 0;
  let refused = 0;
  let retries = 0;
  let running: Promise<void> | undefined;

  /** Again and again until it succeeds: nothing is ever skipped. `false`: the process ends. */
  async function insist(work: () => Promise<unknown>): Promise<boolean> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await work();
        error = undefined;
        return true;
      } catch (cause) {
        if (signal.aborted) return false;
        error = new Error(`reactor ${reactor.name} is retrying`, { cause });
        retries++;
        onProblem(error);
        await wait(backoffMs(failures), signal);
      }
    }
    return false;
  }

  async function follow() {
    kept = await readStore.checkpoint(table);
    at = kept;
    waiters.moved(at?.position);
    const after = at?.position;
    for await (const batch of events.subscribe({ ...(after && { after }), signal, batchSize })) {
      const last = batch.events.at(-1);
      error = undefined; // the log could be read, and what stood in the way is over
      if (!last) continue;
      let acted = false;
      for (const event of decodeAll(registry, batch.events)) {
        if (!reactor.on.has(event.type)) continue;
        if (!(await insist(() => settle(event)))) return;
        acted = true;
      }
      const to = { position: last.position, events: (at?.events ?? 0) + batch.events.length };
      if ((acted || to.events - (kept?.events ?? 0) >= unkept) && !(await keep(to))) return;
      at = to;
      waiters.moved(to.position);
    }
  }

  /** `false`: another process was faster. */
  async function keep(to: Checkpoint): Promise<boolean> {
    const nothing = { rows: new Map(), indexes: new Map(), counters: new Map() };
    const done = await readStore.commit([{ table, from: kept?.position ?? null, to, ...nothing }]);
    if (done === 'committed') kept = to;
    return done === 'committed';
  }

  async function settle(event: RecordedEvent) {
    const react = reactor.on.get(event.type);
    if (!react) return;
    while ((await projector.waitFor(event.position, 1_000, signal)) === 'timeout') {
      if (signal.aborted) throw new Error('the process ends');
      await breath(); // a projector that has stopped says so at once, again and again
    }
    const commands = await readStore.snapshot(async (view) => react(event, { view }));
    const times = new Map<string, number>();
    const named = commands.map((command) => {
      // Named by what it does, not by its place in the list: after a crash the list may be shorter.
      const what = `${reactor.name}:${event.id}:${command.action}:${command.id ?? ''}`;
      const time = times.get(what) ?? 0;
      times.set(what, time + 1);
      return { ...command, commandId: `${what}:${time}` };
    });
    const failures = await sideBySide(named, (command) => carryOut(command, event));
    if (failures.length > 0) throw failures[0];
  }

  async function carryOut(command: PolicyCommand & { readonly commandId: string }, event: RecordedEvent) {
    const { commandId } = command;
    const result = await handle({ ...command, causationId: event.id, actor });
    if (!isRefusal(result)) taken++;
    else {
      if (isBusy(result)) throw new Error(result.message[0]);
      refused++;
      deps.onRefused?.({ policy: reactor.name, command, commandId, event, refusal: result });
    }
  }

  return {
    start() {
      running ??= (async () => {
        while (await insist(follow));
      })();
    },
    async stop() {
      abort();
      waiters.end();
      await running;
      // What was no concern of this policy need not be read again at the next start; if it is not noted, it is.
      if (at && at.events > (kept?.events ?? 0)) await keep(at).catch(() => false);
    },
    status: () => ({
      name: reactor.name,
      state: error ? 'retrying' : 'running',
      position: at?.position,
      error,
      taken,
      refused,
      retries,
    }),
    waitFor: waiters.wait,
  };
}

/** Others must come to their turn; how long it is does not matter. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 100));

const controlOf = () => {
  const control = new AbortController();
  return { signal: control.signal, abort: () => control.abort() };
};

const busy = kernelRefusals.BUSY().refused;
/** The one refusal that says nothing about the case: the same command is to be sent again. */
export const isBusy = (refusal: Refusal): boolean => refusal.refused === busy;
