import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { refusalOfBallotKey } from '../../src/infra/ballot-box/ballot-key.js';
import { readSettings } from '../../src/infra/config.js';
import { startWuji } from '../../src/main.js';
import { masterKey } from '../support/seals.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ballotKey = randomBytes(32).toString('hex');
const redisUrl = 'redis://localhost';

describe('the key that seals ballots (domain.md §6: ballots cannot be linked to voters)', () => {
  it('given production with Redis, whose append-only file joins marks and ballots, it is required', () => {
    expect(refusalOfBallotKey({ mode: 'production', redisUrl })?.refused).toBe('BALLOT_KEY_MISSING');
    expect(refusalOfBallotKey({ mode: 'production', redisUrl, ballotKey })).toBeUndefined();
  });

  it('given a folder, or development, it is not', () => {
    expect(refusalOfBallotKey({ mode: 'production' })).toBeUndefined();
    expect(refusalOfBallotKey({ mode: 'development', redisUrl })).toBeUndefined();
  });

  it('given a key that anybody could guess, it is refused wherever boxes lie', () => {
    for (const weak of ['0'.repeat(64), '0123456789abcdef'.repeat(4)]) {
      expect(refusalOfBallotKey({ mode: 'production', redisUrl, ballotKey: weak })?.refused).toBe('BALLOT_KEY_WEAK');
      expect(refusalOfBallotKey({ mode: 'production', ballotKey: weak })?.refused).toBe('BALLOT_KEY_WEAK');
    }
  });

  it('when it is missing the program does not start, and asks no server for anything before it says so', async () => {
    const folder = await temporaryFolder();
    const read = readSettings({
      ...{ WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://127.0.0.1:9/jwks', PORT: '0' },
      ...{ WUJI_DATA: join(folder, 'data'), WUJI_MASTER_KEY: masterKey(1).toString('base64') },
      ...{ EVENTSTORE_URL: 'esdb://127.0.0.1:9?tls=false', REDIS_URL: 'redis://127.0.0.1:9' },
      WUJI_KEY_VAULT_URL: 'redis://127.0.0.1:10',
    });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const started = await startWuji(read.settings, { log: pino({ level: 'silent' }) });
    expect(isRefusal(started) ? started : 'started').toMatchObject({ refused: 'BALLOT_KEY_MISSING' });
  });
});
