import { createHash, createPublicKey, verify } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import { serving } from '../cli/support/server.js';
import { wuji } from '../cli/support/terminal.js';

/** `docs/audit.md`: its commands are run as they stand, and its table is enough to verify a file without Wuji. */
let folder: string;
let env: Record<string, string>;
let caseId: string;
let page: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wuji-audit-docs-'));
  page = await readFile('docs/audit.md', 'utf8');
  const server = await serving(join(folder, 'data'));
  const tokenOf = async (holder: { person: string; post: string }) => {
    const token = await server.auth.issueToken({ ...holder, ttlSeconds: 3_600 });
    if (isRefusal(token)) throw new Error(token.refused);
    return { WUJI_URL: server.url, WUJI_TOKEN: token };
  };
  const operator = await tokenOf(server.operator);
  const act = async (action: string, input: unknown, ...more: string[]): Promise<string> => {
    const ran = await wuji(['do', action, JSON.stringify(input), '--json', ...more], { env: operator });
    if (ran.code !== 0) throw new Error(ran.err);
    return JSON.parse(ran.out).caseId;
  };
  const organ = await act('registerOrgan', { code: 'AUD-1', region: '150802', kind: 'AUD', name: '审计局' });
  const person = await act('registerPerson', { code: 'auditor', region: '150800', name: '审计员' });
  env = await tokenOf({ person, post: await act('assignPost', { person, organ, role: 'clerk' }) });
  caseId = await act('registerOrgan', { code: 'ORG-1', region: '150802', kind: 'ORG', name: '水利局' });
  for (const name of ['水务局', '水利和湖泊局', '水利局']) await act('renameOrgan', { name }, '--id', caseId);
  await wuji(['audit', 'export', caseId, '--out', join(folder, 'case.html')], { env });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('every command of docs/audit.md works as it stands (issue 5)', async () => {
  const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trimEnd().split('\n'),
  );
  expect(commands).toHaveLength(7);
  // The backup of docs/operations.md.
  const [log, backup] = ['data', 'backup'].map((name) => join(folder, name, 'log/log'));
  await cp(log ?? '', backup ?? '', { recursive: true, filter: (path) => !/\.mdb$|closed$/.test(path) });
  const head = JSON.parse((await wuji(['audit', 'head'], { env })).out);
  for (const command of commands) {
    const [program, ...args] = command
      .replace('"$FINGERPRINT"', head.key)
      .replace('"$CASE"', caseId)
      .replace(/\b(case\.html|heads\.jsonl)\b/, (name) => join(folder, name))
      .replace('/backup/wuji', join(folder, 'backup'))
      .split(' ');
    expect(program).toBe('wuji');
    const ran = await wuji(args, { env });
    expect(ran, command).toMatchObject({ code: 0 });
    expect(ran.err.replace(/^核对 checking 100%.*\n/, ''), command).toBe('');
  }
});

it('a file can be verified from the table alone, with nothing of Wuji (issue 5)', async () => {
  const html = await readFile(join(folder, 'case.html'), 'utf8');
  const [, json = ''] = /<script [^>]*id="wuji">(.*)<\/script>/.exec(html) ?? [];
  const file = JSON.parse(json);
  const { head } = file;
  const hashOf = (...parts: (string | Buffer)[]) => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  // Keys in order, no spaces: enough where keys are plain ASCII and no number is odd.
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_, item) =>
      item && typeof item === 'object' && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    );
  const isSigned = (text: string, signature: string) => {
    const der = Buffer.from(`302a300506032b6570032100${head.publicKey}`, 'hex');
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'hex'));
  };
  let prevHash: string | null = null;
  for (const { event, hash, recordedAt, index, path } of file.events) {
    const { id, stream, revision, type, version, data, effectiveAt, meta } = event;
    const content = plain({ id, stream, revision, type, version, data, effectiveAt, meta });
    expect(hashOf(content).toString('hex')).toBe(hash);
    expect(meta.prevHash).toBe(prevHash);
    prevHash = hash;
    let node = hashOf(Buffer.of(0), plain({ hash, recordedAt }));
    let [place, last] = [index, head.size - 1];
    for (const other of path.map((text: string) => Buffer.from(text, 'hex'))) {
      const isRight = place % 2 === 1;
      node = isRight || place === last ? hashOf(Buffer.of(1), other, node) : hashOf(Buffer.of(1), node, other);
      if (!isRight && place === last)
        while (place % 2 === 0 && place > 0) [place, last] = [place / 2, Math.floor(last / 2)];
      [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
    }
    expect(node.toString('hex')).toBe(head.root);
  }
  const { log, size, root, time, key } = head;
  expect(hashOf(head.publicKey).toString('hex')).toBe(key);
  expect(isSigned(`wuji tree head 1\n${plain({ log, size, root, time, key })}`, head.signature)).toBe(true);
  const { seal, ...rest } = file;
  expect(isSigned(`wuji case file 1\n${plain(rest)}`, seal)).toBe(true);
});
