import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { Wuji } from '../../src/main.js';
import { isReceipt, openHall } from '../ballots/support/hall.js';
import { buildProgram } from '../support/build.js';
import { serving } from './support/server.js';
import { wuji } from './support/terminal.js';

/** domain.md §6: ballots are unlinkable; invariant 11: one ballot for each voter. */
describe('`wuji do castBallot`', () => {
  let folder: string;
  let server: Wuji;
  let hall: Awaited<ReturnType<typeof openHall>>;
  let id: string;
  const issue = async (person: string, post: string) => {
    const token = await server.auth.issueToken({ person, post, ttlSeconds: 3_600 });
    if (isRefusal(token)) throw new Error(token.refused);
    return token;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wuji-cast-'));
    server = await serving(join(folder, 'data'));
    const { person, post } = server.operator;
    hall = await openHall(server.url, await issue(person, post), issue);
    id = await hall.call();
    return async () => {
      await server.close();
      await rm(folder, { recursive: true });
    };
  });
  type How = NonNullable<Parameters<typeof wuji>[1]>;
  const cast = (voter: number, how: How, ...more: string[]) =>
    wuji(['do', 'castBallot', '--id', id, '--lang', 'en', ...more], {
      env: { WUJI_URL: server.url, WUJI_TOKEN: hall.voters[voter]?.token },
      ...how,
    });

  it('stands in the list beside the actions that are recorded, and says that it is not', async () => {
    const { out } = await wuji(['do', '--list', 'ballot', '--lang', 'en']);
    expect(out).toMatch(/^castBallot --id <caseId>\n(.*\n)*? {4}Leaves no event\./m);
    expect(out).toContain('openBallot');
  });

  it('given a voter at a terminal, then the choice is asked for twice, unshown, and no output repeats it', async () => {
    const { code, out, err } = await cast(0, { hidden: ['1', ' 1 '] });
    expect({ code, err }).toEqual({ code: 0, err: '是否满意\n  0  满意\n  1  基本满意\n  2  不满意\n' });
    expect(out).toMatch(/^Your ballot is in the box\.\nreceipt {2}[0-9a-f]{32}\n$/);
    expect(await cast(0, { hidden: ['2', '2'] })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^ALREADY_VOTED/),
    });
  });

  it('given a real terminal, then nothing that is typed is shown on it', async () => {
    const program = join(await buildProgram(), 'src/cli.js');
    // util-linux makes the terminal; what it shows comes out here.
    const command = `${process.execPath} ${program} do castBallot --id ${id} --lang en`;
    const env = { ...process.env, WUJI_URL: server.url, WUJI_TOKEN: hall.voters[5]?.token, TERM: 'xterm' };
    const terminal = spawn('script', ['-qefc', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(terminal, 'exit');
    let [shown, typedSoFar] = ['', 0];
    for await (const chunk of terminal.stdout) {
      shown += chunk;
      const typed = (shown.match(/not shown: |Once more: /g) ?? []).length;
      if (typed > typedSoFar) terminal.stdin.write('2\r');
      typedSoFar = typed;
    }
    expect(await ended).toEqual([0, null]);
    const [, afterwards = ''] = shown.split('not shown: ');
    expect(stripVTControlCharacters(afterwards).replaceAll('\r', '')).toMatch(
      /^\nOnce more: \nYour ballot is in the box\.\nreceipt {2}[0-9a-f]{32}\n$/,
    );
  });

  it('given a program, then the standard input is read', async () => {
    const { code, out } = await cast(1, { stdin: '{"picks":[]}' }, '--json');
    expect([code, isReceipt(JSON.parse(out).receipt)]).toEqual([0, true]);
    expect(await cast(2, { stdin: '{"picks":[2]}' }, '-')).toMatchObject({ code: 0 });
  });

  it('when two answers differ, or cannot be read, then nothing is cast and nothing of them is repeated', async () => {
    const silent = (code: string) => ({
      code: 2,
      out: '',
      err: expect.stringMatching(new RegExp(`${code}  [^789]*$`)),
    });
    expect(await cast(3, { hidden: ['0', '1'] })).toMatchObject(silent('BALLOT_NOT_REPEATED'));
    for (const hidden of [['', ''], [], ['7x', '7x'], ['99', '99']])
      expect(await cast(3, { hidden })).toMatchObject(silent('BALLOT_UNREADABLE'));
    for (const stdin of ['', '[7', '{"picks":["7"]}', '{"picks":[77]}', '{"pick":7}'])
      expect(await cast(3, { stdin })).toMatchObject(silent('BALLOT_UNREADABLE'));
    expect(await cast(3, { hidden: ['blank', '空白'] })).toMatchObject({ code: 0 });
  });

  it('given a choice where it would be kept, in the history of the shell, a file or a command id, then it is refused unread', async () => {
    const file = join(folder, 'ballot.json');
    await writeFile(file, '{"picks":[0]}');
    const told = { code: 2, out: '', err: expect.stringMatching(/^BALLOT_IN_ARGUMENTS/) };
    expect(await cast(4, {}, '{"picks":[0]}')).toMatchObject(told);
    expect(await cast(4, {}, `@${file}`)).toMatchObject(told);
    expect(await cast(4, { stdin: '{"picks":[0]}' }, '--command-id', 'x')).toMatchObject(told);
    expect(await cast(4, { stdin: '{"picks":[0]}' }, '--expected-revision', '1')).toMatchObject(told);
    // Nothing went in: the voter still can.
    expect(await cast(4, { hidden: ['0', '0'] })).toMatchObject({ code: 0 });
  });

  it('whoever may not vote is told so before any choice is asked for', async () => {
    const { person, post } = server.operator;
    const stranger = { WUJI_URL: server.url, WUJI_TOKEN: await issue(person, post) };
    const { code, err } = await cast(0, { env: stranger, hidden: [] });
    expect([code, err]).toEqual([1, expect.stringMatching(/^NOT_/)]);
  });
});
