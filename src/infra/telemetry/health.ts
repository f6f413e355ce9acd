import { within } from './lag.js';
import type { Watched } from './parts.js';
import { leaderState, leads } from './parts.js';

/** Lag from which on the read models are not fit to answer. */
const lagMs = 30_000;
const tickMs = 5 * 60_000;
/** A connection that comes back within it is no reason to send people away: what they asked for waits that long. */
const blipMs = 2_000;
/** For what has to be read from a server to answer. */
const askMs = 1_000;

/**
 * A node should get new traffic unless one of these holds:
 * - the log is not connected: who somebody is, and what that is worth, stands in the log, so nobody could be let in;
 * - Redis is not ready: queries are answered from it;
 * - the log in its folder has stopped after a failed write: it takes nothing before a restart;
 * - the projector has stopped, is still filling tables, or lags 30 seconds: answers would be old.
 * What another node would do no better is told, and is no reason: a full disk or too few descriptors under the only log,
 * where people can still read and writing goes on by itself, policies that retry, a calendar that fails, no leader
 * for the moment, a projector that tries again or a Redis that takes no writes (when that lasts, the lag tells).
 */
export async function ready(watched: Watched) {
  const now = watched.clock.now().getTime();
  const log = logOf(watched);
  const redis = watched.redis && connection(watched.redis(), ['ready']);
  const projector = await projectorOf(watched);
  const retrying = watched.reactors().flatMap(({ name, state }) => (state === 'running' ? [] : [name]));
  return {
    ok: (log?.fit ?? true) && (redis?.fit ?? true) && projector.fit,
    ...(log && { log: log.told }),
    ...(redis && { redis: redis.told }),
    ...(watched.leader && { leader: { state: leaderState(watched.leader) } }),
    projector: projector.told,
    reactors: { retrying },
    scheduler: schedulerOf(watched, now),
  };
}

/** The process answers, and no loop has given up. */
export function live({ projector, log }: Watched) {
  const { state } = projector.status();
  return { ok: state !== 'stopped' && log?.fault?.() !== stopped, projector: state };
}

/** Of a log in a folder: what only a restart mends. */
const stopped = 'write_failed';

function logOf({ log }: Watched) {
  if (log?.status) return connection(log.status(), ['live', 'catching up']);
  if (!log?.fault) return undefined;
  const fault = log.fault();
  return { fit: fault !== stopped, told: { state: fault === undefined ? 'live' : 'refusing', fault: fault ?? null } };
}

/** `fault` is a code such as `unreachable`; what the server said is for the log. */
function connection(
  { state, fault, since }: { state: string; fault: string | undefined; since: Date | string },
  fitStates: readonly string[],
) {
  // The connection stamps it with the machine's own time, whatever clock the house goes by.
  const blip = state === 'reconnecting' && Date.now() - new Date(since).getTime() < blipMs;
  return { fit: fitStates.includes(state) || blip, told: { state, fault: fault ?? null } };
}

async function projectorOf({ projector, log }: Watched) {
  const { state, position } = projector.status();
  const lag = await within(askMs, () => projector.lag());
  // A follower that has heard of no leader yet says `starting`, and may serve what is folded.
  const folds = state === 'live' || state === 'retrying' || (state === 'starting' && position !== undefined);
  // Where the log is on a server, its own state tells why the lag is not known.
  const near = lag === undefined ? log?.status !== undefined : lag < lagMs;
  return { fit: folds && near, told: { state, lagMs: lag ?? null } };
}

function schedulerOf(watched: Watched, now: number) {
  const { tickedAt, error } = watched.scheduler();
  const secondsSinceTick = tickedAt === undefined ? null : Math.round((now - tickedAt) / 1000);
  const late = tickedAt !== undefined && now - tickedAt > tickMs;
  const state = !leads(watched) ? 'elsewhere' : error ? 'failed' : late ? 'late' : 'running';
  return { state, secondsSinceTick };
}
