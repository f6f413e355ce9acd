import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { readSettings, settingsHelp } from '../../src/infra/config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const settingsOf = (env: Record<string, string | undefined>) => {
  const result = readSettings(env);
  if (!result.ok) throw new Error(result.problems.map((p) => p.message[0]).join('\n'));
  return result.settings;
};
const problemsOf = (env: Record<string, string>) => {
  const result = readSettings(env);
  if (result.ok) throw new Error(`accepted: ${JSON.stringify(result.settings)}`);
  return result.problems;
};

describe('settings', () => {
  test('an empty environment gives every default, and listens on this machine only', () => {
    expect(settingsOf({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      dataDir: './data',
      name: 'wuji',
      mode: 'development',
      issuer: 'wuji',
      audience: 'wuji',
      auditHeadMinutes: 60,
      logLevel: 'info',
      queryDepth: 12,
      queryCost: 5000,
      queryAliases: 15,
      queryTokens: 1000,
      bodyBytes: 1_048_576,
      requestSeconds: 30,
      idleSeconds: 60,
      socketPayloadBytes: 65_536,
      socketMessages: 200,
      socketsPerHolder: 30,
      socketsPerAddress: 2_000,
      rateQueries: 3000,
      rateMutations: 1200,
      rateSubscriptions: 600,
      rateConnections: 300,
      socketOperations: 50,
    });
  });

  test('an empty variable counts as not set', () => {
    expect(settingsOf({ PORT: '', WUJI_JWKS_URL: '', EVENTSTORE_URL: '' })).toEqual(settingsOf({}));
  });

  test('given settings are read, and port 0 takes any free port', () => {
    const env = { PORT: '0', HOST: '::1', WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://id.example.cn/jwks.json' };
    expect(settingsOf(env)).toMatchObject({
      port: 0,
      host: '::1',
      mode: 'production',
      jwksUrl: 'https://id.example.cn/jwks.json',
    });
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '4000.5'],
    ['PORT', '0x10'],
    ['PORT', ' 80'],
    ['HOST', 'not a host'],
    ['HOST', '300.1.1.1'],
    ['WUJI_DATA', 'a\0b'],
    ['WUJI_MODE', 'prod'],
    ['WUJI_JWKS_URL', 'file:///etc/passwd'],
    ['WUJI_JWKS_URL', 'keys'],
    ['WUJI_LOG_LEVEL', 'INFO'],
    ['WUJI_QUERY_DEPTH', '0'],
    ['WUJI_BODY_BYTES', '1'],
    ['WUJI_SOCKET_PAYLOAD_BYTES', '104857600'],
  ])('%s=%j is refused by its name', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ refused: 'INVALID_SETTING', params: { name, value: JSON.stringify(value) } });
  });

  test('all bad settings are told at once, each with a next step in both languages', () => {
    const problems = problemsOf({ PORT: 'http', WUJI_MODE: 'test', WUJI_QUERY_COST: 'low', REDIS_URL: 'redis://h' });
    expect(problems.map((p) => p.params.name)).toEqual(['PORT', 'WUJI_MODE', 'WUJI_QUERY_COST', 'REDIS_URL']);
    for (const { message, next } of problems)
      for (const [en, zh] of [message, next]) {
        expect(en).not.toMatch(/[{}]/);
        expect(zh).toMatch(/\p{Script=Han}/u);
      }
  });

  test.each([
    { EVENTSTORE_URL: 'http://admin:changeit@localhost:2113' },
    { EVENTSTORE_URL: 'esdb://admin:changeit@' },
    { EVENTSTORE_URL: 'esdb://localhost:2113', REDIS_URL: 'localhost:6379/changeit' },
  ])('%j is refused, and its password is not repeated', (env) => {
    const problems = problemsOf(env);
    expect(problems).toMatchObject([{ refused: 'INVALID_SETTING', params: { name: Object.keys(env).at(-1) } }]);
    expect(JSON.stringify(problems)).not.toContain('changeit');
  });

  test.each([
    'esdb://localhost:2113?tls=false',
    'esdb://admin:p%40ss@node1:2113,node2:2113,node3:2113?tls=true&tlsCAFile=/trusted/ca.crt',
    'esdb+discover://admin:changeit@eventstore:2113?tls=true',
  ])('EVENTSTORE_URL=%s is read', (url) => {
    const redisUrl = 'redis://:changeit@redis:6379/1';
    expect(settingsOf({ EVENTSTORE_URL: url, REDIS_URL: redisUrl })).toMatchObject({ eventStoreUrl: url, redisUrl });
  });

  describe('secrets come from the environment or from files (issue 5 part 6)', () => {
    const url = 'esdb://admin:rGq7-Vw2_kLm9@node1:2113?tls=true';
    const fileOf = async (text: string) => {
      const file = join(await temporaryFolder(), 'secret');
      await writeFile(file, text);
      return file;
    };

    test('a file holds the same as the variable, and its last line end is no part of it', async () => {
      for (const end of ['', '\n', '\r\n']) {
        const EVENTSTORE_URL_FILE = await fileOf(`${url}${end}`);
        expect(readSettings({ EVENTSTORE_URL_FILE })).toMatchObject({ settings: { eventStoreUrl: url }, warnings: [] });
      }
    });

    test('both at once, a file that is not there, empty or of several lines is refused without a word of it', async () => {
      const both = { EVENTSTORE_URL: url, EVENTSTORE_URL_FILE: await fileOf(url) };
      expect(problemsOf(both)).toMatchObject([{ refused: 'SECRET_GIVEN_TWICE', params: { name: 'EVENTSTORE_URL' } }]);
      const wrong = { '/nowhere/secret': 'ENOENT', [await fileOf('')]: 'empty' };
      for (const [file, problem] of Object.entries(wrong)) {
        const problems = problemsOf({ EVENTSTORE_URL_FILE: file });
        expect(problems).toMatchObject([
          { refused: 'SECRET_FILE_UNREADABLE', params: { problem: expect.stringContaining(problem) } },
        ]);
      }
      const several = problemsOf({ EVENTSTORE_URL_FILE: await fileOf(`${url}\nx`) });
      expect(several).toMatchObject([{ refused: 'INVALID_SETTING', params: { name: 'EVENTSTORE_URL' } }]);
      expect(JSON.stringify(several)).not.toContain('rGq7');
    });

    test('production refuses a password that is well known, short or of few characters; development takes it', () => {
      const production = {
        ...{ WUJI_MODE: 'production', WUJI_JWKS_URL: 'https://id.example.cn/jwks' },
        WUJI_KEY_VAULT_URL: 'redis://:rGq7-Vw2_kLm9@vault',
      };
      const weak = [
        'changeit',
        'Changeit123!',
        'aB3$xyz',
        'aaaaaaaaaaaaaaaaaaaa',
        'passwordpassword',
        'change%69t',
        '',
      ];
      for (const password of weak) {
        const EVENTSTORE_URL = `esdb://admin:${password}@node1:2113?tls=true`;
        const problems = problemsOf({ ...production, EVENTSTORE_URL });
        expect([password, problems]).toMatchObject([password, [{ refused: 'WEAK_SECRET' }]]);
        if (password !== '') expect(JSON.stringify(problems)).not.toContain(password);
        expect(settingsOf({ EVENTSTORE_URL }).eventStoreUrl).toBe(EVENTSTORE_URL);
      }
      expect(
        settingsOf({ ...production, EVENTSTORE_URL: url, REDIS_URL: 'redis://:rGq7-Vw2_kLm9@redis' }),
      ).toMatchObject({
        eventStoreUrl: url,
      });
      expect(problemsOf({ ...production, EVENTSTORE_URL: url, REDIS_URL: 'redis://:redis@redis' })).toMatchObject([
        { refused: 'WEAK_SECRET', params: { name: 'REDIS_URL' } },
      ]);
    });
  });

  test('read models that several nodes share need a log that they share', () => {
    expect(problemsOf({ REDIS_URL: 'redis://localhost' })).toMatchObject([{ params: { name: 'REDIS_URL' } }]);
  });

  test('production takes its keys over https only, development also over http', () => {
    const env = { WUJI_JWKS_URL: 'http://127.0.0.1:8080/jwks' };
    expect(settingsOf(env).jwksUrl).toBe(env.WUJI_JWKS_URL);
    expect(problemsOf({ ...env, WUJI_MODE: 'production' })).toMatchObject([{ params: { name: 'WUJI_JWKS_URL' } }]);
  });

  test('an unknown WUJI_ variable is a warning, with the name that was probably meant', () => {
    const { ok, warnings } = readSettings({
      WUJI_DTAA: '/srv',
      WUJI_PORT: '80',
      WUJI_COLOUR: 'red',
      WUJI_DATA: './x',
      PATH: '/bin',
    });
    expect(ok).toBe(true);
    expect(warnings.map((w) => [w.refused, w.params.name, w.params.meant])).toEqual([
      ['UNKNOWN_SETTING', 'WUJI_COLOUR', undefined],
      ['MISSPELT_SETTING', 'WUJI_DTAA', 'WUJI_DATA'],
      ['MISSPELT_SETTING', 'WUJI_PORT', 'PORT'],
    ]);
    expect(warnings.every(isRefusal)).toBe(true);
  });

  test('warnings are given also when the settings are refused', () => {
    expect(readSettings({ PORT: 'x', WUJI_PORT: '80' })).toMatchObject({ ok: false, warnings: [{}] });
  });

  test('the keys of personal data do not lie in the Redis of the read models, and several nodes in production share them', () => {
    const urls = { EVENTSTORE_URL: 'esdb://localhost:2113', REDIS_URL: 'redis://one' };
    const wrong = [{ params: { name: 'WUJI_KEY_VAULT_URL' } }];
    expect(settingsOf(urls)).toMatchObject({ keyVaultUrl: undefined });
    expect(problemsOf({ ...urls, WUJI_MODE: 'production' })).toMatchObject(wrong);
    expect(problemsOf({ ...urls, WUJI_KEY_VAULT_URL: urls.REDIS_URL })).toMatchObject(wrong);
    expect(settingsOf({ ...urls, WUJI_KEY_VAULT_URL: 'redis://two' })).toMatchObject({ keyVaultUrl: 'redis://two' });
  });

  test('the help lists every setting with its default and a text in both languages', () => {
    const help = settingsHelp();
    const names = [...help.matchAll(/^ {2}([A-Z_]+) {2}\(/gm)].map((m) => m[1]);
    expect(names).toEqual([
      'PORT',
      'HOST',
      'WUJI_DATA',
      'EVENTSTORE_URL',
      'REDIS_URL',
      'WUJI_NAME',
      'WUJI_MODE',
      'WUJI_JWKS_URL',
      'WUJI_MASTER_KEY',
      'WUJI_KEY_VAULT_URL',
      'WUJI_ISSUER',
      'WUJI_AUDIENCE',
      'WUJI_AUDIT_KEY',
      'WUJI_AUDIT_HEAD_MINUTES',
      'WUJI_BALLOT_KEY',
      'WUJI_LOG_LEVEL',
      'WUJI_QUERY_DEPTH',
      'WUJI_QUERY_COST',
      'WUJI_QUERY_ALIASES',
      'WUJI_QUERY_TOKENS',
      'WUJI_TRUSTED_DOCUMENTS',
      'WUJI_BODY_BYTES',
      'WUJI_REQUEST_SECONDS',
      'WUJI_IDLE_SECONDS',
      'WUJI_SOCKET_PAYLOAD_BYTES',
      'WUJI_SOCKET_MESSAGES',
      'WUJI_SOCKETS_PER_HOLDER',
      'WUJI_SOCKETS_PER_ADDRESS',
      'WUJI_RATE_QUERIES',
      'WUJI_RATE_MUTATIONS',
      'WUJI_RATE_SUBSCRIPTIONS',
      'WUJI_RATE_CONNECTIONS',
      'WUJI_TRUSTED_PROXIES',
      'WUJI_SOCKET_OPERATIONS',
    ]);
    expect(help).toContain(
      'PORT  (0…65535; default 默认: 4000)\n      Port of the API; 0 takes any free one\n      API端口',
    );
    expect(help).toContain('default 默认: 65536 bytes 字节');
    expect(help).toContain('default 默认: not set 未设置');
  });
});
