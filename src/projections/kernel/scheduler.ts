import { shanghaiDate } from '../../domain/kernel/clock.js';
import type { Handle } from '../../domain/kernel/handle.js';
import type { Clock } from '../../domain/kernel/ports.js';
import { isRefusal } from '../../domain/kernel/refusal.js';
import type { LocalDate } from '../../domain/kernel/working-days.js';
import type { ReadStore, ReadView } from './ports.js';
import type { Projector } from './projector.js';
import type { PolicyCommand, PolicyRefused } from './reactor.js';
import { isBusy } from './reactor.js';
import { sideBySide } from './side-by-side.js';
import type { Pause } from './waiting.js';
import { createTurns, pause } from './waiting.js';

/** What is due. The id follows from what is due, not from when it is asked: `(case, clock, due date)`. */
export type DueCommand = PolicyCommand & { readonly commandId: string };
export type Ticked = { readonly taken: number; readonly refused: number };

export type SchedulerDeps = {
  /** The policy that its events are recorded under. */
  readonly name: string;
  readonly readStore: ReadStore;
  readonly projector: Pick<Projector, 'caughtUp'>;
  readonly handle: Handle;
  readonly clock: Clock;
  /**
   * What is due on `today` or before, from the read models at one moment. `tried` are the ids of what this tick has asked
   * for already: what fails or is refused stays due, and must not hide what comes after it.
   */
  readonly due: (today: LocalDate, view: ReadView, tried: ReadonlySet<string>) => Promise<readonly DueCommand[]>;
  readonly onRefused?: ((refused: PolicyRefused) => void) | undefined;
};

/** Rounds of one tick: what became due by what was just done is done in the next round. */
const rounds = 100;

/** Does what the calendar asks for, exactly once whatever happens: the same due date always makes the same command. */
export function createScheduler(deps: SchedulerDeps) {
  const { readStore, projector, handle, clock, name } = deps;
  const actor = { kind: 'system', policy: name } as const;
  const inTurn = createTurns();

  /** Rejects when something could not be tried; the next tick tries it again. */
  async function tickOnce(signal: AbortSignal | undefined): Promise<Ticked> {
    const tried = new Set<string>();
    const failures: unknown[] = [];
    const ticked = { taken: 0, refused: 0 };
    for (let round = 0; round < rounds; round++) {
      if ((await projector.caughtUp(60_000, signal)) === 'timeout')
        throw new Error(`${name}: the read models lag behind`);
      const today = shanghaiDate(clock.now().toISOString());
      const due = await readStore.snapshot((view) => deps.due(today, view, tried));
      const open = due.filter(({ commandId }) => !tried.has(commandId));
      for (const { commandId } of open) tried.add(commandId);
      const failed = await sideBySide(open, async (command) => {
        if (!signal?.aborted) ticked[await settle(command)]++;
      });
      failures.push(...failed);
      if (signal?.aborted) throw new Error(`${name}: the process ends`);
      if (open.length > 0) continue;
      if (failures.length > 0) throw new AggregateError(failures, `${name}: ${failures.length} commands failed`);
      return ticked;
    }
    throw new Error(`${name}: more falls due in each of ${rounds} rounds; does a command put off its own due date?`);
  }

  async function settle(command: DueCommand): Promise<'taken' | 'refused'> {
    const result = await handle({ ...command, actor });
    if (!isRefusal(result)) return 'taken';
    if (isBusy(result)) throw new Error(result.message[0]);
    deps.onRefused?.({ policy: name, command, commandId: command.commandId, event: undefined, refusal: result });
    return 'refused';
  }

  return {
    /** Issues everything that is due now. Rejects when `signal` ends it before that. */
    tick: (signal?: AbortSignal): Promise<Ticked> => inTurn(() => tickOnce(signal)),
  };
}
export type Scheduler = ReturnType<typeof createScheduler>;

/** Asks again and again until the signal ends it; what fails is told and tried again the next time. */
export async function repeatEvery(
  everyMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  options: { readonly signal: AbortSignal; readonly onProblem: (problem: Error) => void; readonly wait?: Pause },
): Promise<void> {
  const { signal, onProblem, wait = pause } = options;
  while (!signal.aborted) {
    try {
      await work(signal);
    } catch (cause) {
      if (signal.aborted) return;
      onProblem(new Error(`the calendar is asked again in ${everyMs} ms`, { cause }));
    }
    await wait(everyMs, signal);
  }
}
