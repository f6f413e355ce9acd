import { pino } from 'pino';
import { afterAll } from 'vitest';
import { isRefusal } from '../../../src/domain/kernel/refusal.js';
import { readSettings } from '../../../src/infra/config.js';
import type { Wuji } from '../../../src/main.js';
import { startWuji } from '../../../src/main.js';

/** A whole server on a free port. */
export async function serving(folder: string): Promise<Wuji> {
  const read = readSettings({ PORT: '0', WUJI_DATA: folder, WUJI_LOG_LEVEL: 'error' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const server = await startWuji(read.settings, { log: pino({ level: read.settings.logLevel }) });
  if (isRefusal(server)) throw new Error(server.refused);
  afterAll(() => server.close());
  return server;
}
