import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { assertKept, openFaultyHouse, until } from './support/house.js';

it('without file descriptors: who is connected goes on, others are turned away at once, nothing is lost; with some free again all come in (issue 5 part 8)', async () => {
  const data = join(await temporaryFolder(), 'data');
  const house = await openFaultyHouse(data);
  expect(await house.register('before')).toBeUndefined();
  const most = readdirSync(`/proc/${house.server.pid}/fd`).length + 20;
  execFileSync('prlimit', ['--pid', String(house.server.pid), `--nofile=${most}:${most}`]);
  const port = Number(new URL(house.server.url).port);
  const open: Socket[] = [];
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
  });
  let turnedAway = 0;
  while (turnedAway < 3 && open.length < 200) {
    const socket = connect(port, '127.0.0.1');
    open.push(socket);
    socket.on('error', () => undefined);
    const isAnswered = new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true)).once('close', () => resolve(false));
    });
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    if (!(await isAnswered)) turnedAway++;
  }
  expect(turnedAway).toBe(3);
  expect(open.length).toBeLessThan(200);
  // Who has come in before is served as ever.
  const [first] = open;
  const again = new Promise<string>((resolve) => first?.once('data', (bytes) => resolve(String(bytes))));
  first?.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await again).toMatch(/^HTTP\/1\.1 200/);
  for (const socket of open) socket.destroy();
  await until(
    () => house.health('ready').catch(() => ({ ok: false })),
    ({ ok }) => ok,
  );
  expect(await house.register('after')).toBeUndefined();
  await assertKept(house);
});
