import { execFileSync } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { temporaryFolder } from '../support/temporary-folder.js';
import { composeWith, filledExample, textOf } from './support/files.js';
import { startTinyNode } from './support/node.js';
import type { RunningProxy } from './support/proxy.js';
import { caddyfile, needCaddy, startProxy } from './support/proxy.js';

/** Issue 3, part 5: a proxy that carries WebSocket and server-sent events. */
const until = { timeout: 20_000, interval: 20 };

async function openStream(
  proxy: RunningProxy,
): Promise<{ readonly response: IncomingMessage; next(): Promise<string> }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(`${proxy.url}/graphql/stream`, { rejectUnauthorized: false, agent: false }, resolve);
    asked.once('error', reject).end();
  });
  onTestFinished(() => {
    response.destroy();
  });
  const chunks = response[Symbol.asyncIterator]();
  return { response, next: async () => String((await chunks.next()).value) };
}

async function openSocket(proxy: RunningProxy): Promise<{ ask(text: string): Promise<string> }> {
  const socket = new WebSocket(`${proxy.url.replace('https', 'wss')}/graphql`, { rejectUnauthorized: false });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    ask: (text) =>
      new Promise((resolve, reject) => {
        socket.once('message', (data) => resolve(String(data))).once('close', () => reject(new Error('closed')));
        socket.send(text);
      }),
  };
}

describe('deploy/proxy/Caddyfile', () => {
  it('is valid as compose gives it to the proxy, and leads to every node of the compose file', async () => {
    needCaddy();
    const { services } = composeWith(filledExample);
    const folder = await temporaryFolder();
    const env = { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, ...services.proxy?.environment };
    for (const tls of [filledExample.WUJI_TLS ?? '', 'internal'])
      execFileSync('caddy', ['validate', '--config', caddyfile, '--adapter', 'caddyfile'], {
        env: { ...env, WUJI_TLS: tls },
        stdio: 'pipe',
      });
    const adapted = execFileSync('caddy', ['adapt', '--config', caddyfile, '--adapter', 'caddyfile'], {
      env,
    }).toString();
    const dialled = [...adapted.matchAll(/"dial":"([^"]+)"/g)].map(([, address]) => address);
    const nodes = Object.entries(services).filter(
      ([, { image, command }]) => image.startsWith('wuji:') && command === undefined,
    );
    expect(dialled).toEqual(nodes.map(([name, { environment }]) => `${name}:${environment.PORT}`));
  });

  it('ends before compose kills it', () => {
    const [, grace = ''] = /grace_period (\d+)s/.exec(textOf('deploy/proxy/Caddyfile')) ?? [];
    const { services } = composeWith(filledExample);
    expect(Number(grace)).toBeLessThan(Number.parseInt(services.proxy?.stop_grace_period ?? '0', 10));
  });
});

describe('the proxy', () => {
  it('carries a WebSocket', async () => {
    const node = await startTinyNode('one');
    const socket = await openSocket(await startProxy([node.address]));
    expect(await socket.ask('hello')).toBe('one: hello');
  });

  it('carries server-sent events one by one, without collecting them, and tells the node when the reader has gone', async () => {
    const node = await startTinyNode('one');
    const stream = await openStream(await startProxy([node.address]));
    // Each arrives while the node has sent nothing more, and the response has no end.
    expect(await stream.next()).toBe('data: first of one\n\n');
    for (const data of ['second', 'third']) {
      for (const response of node.streams) response.write(`data: ${data}\n\n`);
      expect(await stream.next()).toBe(`data: ${data}\n\n`);
    }
    stream.response.destroy();
    await vi.waitFor(() => expect(node.streams.size).toBe(0), until);
  });

  it('gives nothing new to a node whose /health/ready fails, leaves it the streams that it has, and takes it back', async () => {
    const one = await startTinyNode('one');
    const two = await startTinyNode('two');
    const proxy = await startProxy([one.address, two.address]);
    const answers = async (): Promise<Set<string>> => {
      const all = [];
      for (let asked = 0; asked < 20; asked += 1) all.push((await proxy.get('/graphql')).body);
      return new Set(all);
    };
    await vi.waitFor(async () => expect(await answers()).toEqual(new Set(['one', 'two'])), until);
    const sockets = [await openSocket(proxy), await openSocket(proxy)];
    const held = await Promise.all(
      sockets.map(async (socket) => ({ socket, by: (await socket.ask('who')).slice(0, 3) })),
    );
    expect(new Set(held.map(({ by }) => by))).toEqual(new Set(['one', 'two'])); // the fewest streams get the next

    one.ready = false;
    await vi.waitFor(async () => expect(await answers()).toEqual(new Set(['two'])), until);
    for (const { socket, by } of held) expect(await socket.ask('still')).toBe(`${by}: still`);

    one.ready = true;
    await vi.waitFor(async () => expect(await answers()).toEqual(new Set(['one', 'two'])), until);
  });

  it('asks the other node when one has just gone: nobody sees an update (issue 3, part 4)', async () => {
    const one = await startTinyNode('one');
    const two = await startTinyNode('two');
    const proxy = await startProxy([one.address, two.address]);
    await one.close();
    for (let asked = 0; asked < 10; asked += 1)
      expect(await proxy.get('/graphql')).toEqual({ status: 200, body: 'two' });
  });

  it('keeps what is for operators to itself', async () => {
    const node = await startTinyNode('one');
    const proxy = await startProxy([node.address]);
    expect((await proxy.get('/')).status).toBe(200);
    for (const path of ['/metrics', '/health/ready', '/health/live']) expect((await proxy.get(path)).status).toBe(404);
  });
});
