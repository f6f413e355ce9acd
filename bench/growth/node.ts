import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readSettings } from '../../src/infra/config.js';
import { createLog } from '../../src/infra/log.js';
import { startWuji } from '../../src/main.js';
import { serving } from '../command/process.js';

/** The whole program on a data folder that has grown, for the deputies that are named; only its rates are as high as they go. */
const [folder = '', ...deputies] = process.argv.slice(2);
const read = readSettings({
  ...{ PORT: '0', WUJI_DATA: folder, WUJI_LOG_LEVEL: 'error' },
  ...{ WUJI_RATE_MUTATIONS: '1000000', WUJI_RATE_CONNECTIONS: '1000000', WUJI_RATE_QUERIES: '1000000' },
});
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const running = await startWuji(read.settings, { log: createLog('error') });
if (isRefusal(running)) throw new Error(JSON.stringify(running));
const tokens: string[] = [];
for (const deputy of deputies) {
  const [person = '', mandate = ''] = deputy.split(' ');
  const token = await running.auth.issueToken({ person, mandate, ttlSeconds: 3_600 });
  if (isRefusal(token)) throw new Error(JSON.stringify(token));
  tokens.push(token);
}
await serving({ url: running.url, tokens });
await running.close();
