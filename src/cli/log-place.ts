import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSettings } from '../infra/config.js';
import type { CopyTarget } from '../infra/event-store/copy.js';
import { exitCodes, Failure, failure, toldOf } from './failure.js';
import { logRefusals } from './log-refusals.js';
import type { Terminal } from './terminal.js';

/** Stands for the value of the variable, so that a password need not be typed where every process can read it. */
export const fromEnvironment = 'EVENTSTORE_URL';

/** A log, opened. */
export type Place = CopyTarget & { readonly name: string };

/** Of a data folder as in WUJI_DATA, an address, or the word EVENTSTORE_URL. */
export async function openPlace(place: string, { env }: Terminal, as: 'source' | 'target'): Promise<Place> {
  if (place === fromEnvironment) return openServer(env);
  // Arguments stand in the list of processes and in the shell's history.
  if (/^[a-z+]+:\/\/[^@/]*:[^@/]*@/.test(place)) throw failure(logRefusals.PASSWORD_IN_ARGUMENT(), exitCodes.wrongUse);
  if (place.includes('://')) return openServer({ EVENTSTORE_URL: place });
  const folder = resolve(place);
  if (existsSync(join(folder, 'owner')))
    throw failure(logRefusals.NOT_A_DATA_FOLDER({ folder, parent: dirname(folder) }), exitCodes.wrongUse);
  if (as === 'source' && !holdsLog(join(folder, 'log/log')))
    throw failure(logRefusals.NO_LOG_THERE({ folder }), exitCodes.wrongUse);
  const { openEmbeddedEventStore } = await import('../infra/event-store/embedded.js');
  let recordedAt = new Date();
  return {
    name: folder,
    store: await openEmbeddedEventStore({ folder: join(folder, 'log'), clock: () => recordedAt }),
    recordAs: (instant) => {
      recordedAt = new Date(instant);
    },
  };
}

/** Segments alone, as a backup has them, are a log; so is the one file of the first format. */
const holdsLog = (path: string): boolean =>
  existsSync(path) && readdirSync(path).some((name) => name === 'data.mdb' || name.endsWith('.segment'));

async function openServer({ EVENTSTORE_URL, EVENTSTORE_URL_FILE }: Terminal['env']): Promise<Place> {
  // One blank stands for a variable that is not set: it is no connection string either.
  const isSet = Boolean(EVENTSTORE_URL || EVENTSTORE_URL_FILE);
  const read = readSettings(isSet ? { EVENTSTORE_URL, EVENTSTORE_URL_FILE } : { EVENTSTORE_URL: ' ' });
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  const url = read.settings.eventStoreUrl ?? '';
  const { openEventStoreDB } = await import('../infra/event-store/eventstoredb/index.js');
  const store = await openEventStoreDB({ url, tail: 1 }); // nobody reads along
  return { name: `EventStoreDB ${store.status().server}`, store };
}
