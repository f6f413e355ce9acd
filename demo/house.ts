import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRefusals } from '../src/cli/failure.js';
import type { Refusal } from '../src/domain/kernel/refusal.js';
import { isRefusal } from '../src/domain/kernel/refusal.js';
import { readSettings } from '../src/infra/config.js';
import { createLog } from '../src/infra/log.js';
import type { Wuji } from '../src/main.js';
import { startWuji } from '../src/main.js';
import type { DemoClock } from './clock.js';

export type House = { readonly wuji: Wuji; readonly folder: string; readonly end: () => Promise<void> };

/** A server over a folder of its own, which goes when the server ends. On another port when the usual one is taken. */
export async function openHouse(clock: DemoClock): Promise<House | readonly Refusal[]> {
  const { PORT, HOST, ...env } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'wuji-demo-'));
  const empty = () => rm(folder, { recursive: true });
  const given = { ...env, PORT, HOST, WUJI_DATA: folder, WUJI_MODE: 'development' };
  const read = readSettings(given);
  if (!read.ok) {
    await empty();
    return read.problems;
  }
  const { host, port } = read.settings;
  const settings = PORT || (await isFree(host, port)) ? read.settings : { ...read.settings, port: 0 };
  try {
    const wuji = await startWuji(settings, { log: createLog('warn'), clock });
    if (!isRefusal(wuji)) return { wuji, folder, end: () => wuji.close().then(empty) };
    await empty();
    return [wuji];
  } catch (error) {
    await empty();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return [taken(`${host}:${port}`)];
    throw error;
  }
}

const taken = (address: string): Refusal => cliRefusals.ADDRESS_IN_USE({ address });

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, host, () => server.close(() => resolve(true)));
  });
