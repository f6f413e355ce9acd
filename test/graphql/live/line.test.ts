import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import * as ws from 'ws';
import { Encoded } from '../../../src/graphql/live/encoded.js';
import { Line } from '../../../src/graphql/live/line.js';
import { Post } from '../../../src/graphql/live/post.js';
import { SocketSink } from '../../../src/graphql/live/socket-sink.js';
import { writesDirectly } from '../../../src/graphql/live/ws-parts.js';

/** A socket whose reader takes what is written when it wants to; what it took is read by the library's own reader. */
class Wire extends Duplex {
  writes: Buffer[] = [];
  private stopped: (() => void) | undefined;
  private open = true;
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // As the kernel does: what is taken is copied, what is not is looked at again when the reader takes it.
    if (this.open) {
      this.writes.push(Buffer.from(chunk));
      done();
    } else {
      this.stopped = () => {
        this.writes.push(Buffer.from(chunk));
        done();
      };
    }
  }
  stop(): void {
    this.open = false;
  }
  go(): void {
    this.open = true;
    const { stopped } = this;
    this.stopped = undefined;
    stopped?.();
  }
}

const upgrade = {
  method: 'GET',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  },
};
const acceptor = new ws.WebSocketServer({ noServer: true, perMessageDeflate: false });

function connection(post: Post) {
  const wire = new Wire();
  onTestFinished(() => void wire.destroy());
  let socket: WebSocket | undefined;
  acceptor.handleUpgrade(upgrade as never, wire, Buffer.alloc(0), (accepted) => {
    socket = accepted;
  });
  if (!socket) throw new Error('the handshake was refused');
  wire.writes = [];
  const line = new Line(socket, post);
  return { wire, socket, line };
}

type Reader = NodeJS.WritableStream & { on(event: 'message', take: (data: Buffer) => void): void };
async function read({ writes }: Wire): Promise<readonly string[]> {
  const { Receiver } = ws as unknown as { readonly Receiver: new (options: object) => Reader };
  const reader = new Receiver({ isServer: false, allowSynchronousEvents: true });
  const texts: string[] = [];
  reader.on('message', (data) => void texts.push(String(data)));
  await new Promise<void>((resolve) => reader.end(Buffer.concat(writes), resolve));
  return texts;
}
const never = () => {
  throw new Error('it has not failed');
};
const sinkOf = (line: Line, id: string) => {
  const sink = new SocketSink(line, id, never);
  return (text: Encoded) => sink.next(text.json, '', text);
};
const direct = (budget?: number) => Object.assign(new Post(budget), { direct: true });
const messageOf = (id: string, { json }: Encoded) => ({ id, type: 'next', payload: JSON.parse(json) });
const parsed = (texts: readonly string[]) => texts.map((text) => JSON.parse(text));

describe('frames past the library (libraries.md §3, 3)', () => {
  it('the self-test finds that they can be read, with the ws that is installed', async () => {
    expect(await writesDirectly(acceptor)).toBe(true);
  });

  it('the self-test finds a ws whose parts are not as known, or that cuts or packs messages', async () => {
    const changed = (change: (socket: WebSocket) => void) => ({
      handleUpgrade: (...[request, wire, head, take]: Parameters<typeof acceptor.handleUpgrade>) =>
        acceptor.handleUpgrade(request, wire, head, (socket, by) => {
          change(socket);
          take(socket, by);
        }),
    });
    const set = (name: string, value: unknown) => changed((socket) => Object.assign(socket, { [name]: value }));
    expect(await writesDirectly(set('_socket', undefined))).toBe(false);
    expect(await writesDirectly(set('_sender', { _state: 1, _firstFragment: true }))).toBe(false);
    expect(await writesDirectly(set('send', () => {}))).toBe(false);
  });

  it.each([true, false])(
    'are the messages of the protocol, whatever ids, lengths and characters (direct: %s)',
    async (on) => {
      const id = fc.oneof(
        fc.uuid(),
        fc.constantFrom('1', '', '"\\', '事项', '\u{1f600}'),
        fc.string({ unit: 'binary' }),
      );
      const length = fc.constantFrom(1, 40, 60, 90, 200, 65_400, 70_000);
      const message = fc.record({ id, length, char: fc.constantFrom('x', 'é', '字', '\u{1f600}') });
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 6 }), fc.boolean(), async (messages, together) => {
          const { wire, line } = connection(Object.assign(new Post(), { direct: on }));
          const due: unknown[] = [];
          for (const { id, length, char } of messages) {
            const text = new Encoded(JSON.stringify({ data: char.repeat(length) }));
            sinkOf(line, id)(text);
            due.push(messageOf(id, text));
            if (!together) await nextTurn();
          }
          await nextTurn();
          expect(parsed(await read(wire))).toEqual(due);
        }),
        { numRuns: 60, seed: 4 },
      );
    },
  );

  it.each([1, 3])(
    '%s at a time go to all under their ids, also when some take them later than others',
    async (count) => {
      const post = direct();
      const texts = Array.from({ length: count }, (_, i) => new Encoded(`{"data":${i}}`));
      const ids = ['a', 'b', 'c', 'd', 'b'];
      const connections = ids.map(() => connection(post));
      const slow = connections.filter((_, i) => i % 2 === 1);
      for (let round = 1; round <= 2; round++) {
        for (const { wire } of slow) wire.stop();
        for (const [i, { line }] of connections.entries()) for (const text of texts) sinkOf(line, ids[i] ?? '')(text);
        await nextTurn();
        await nextTurn();
        for (const { wire } of slow) wire.go();
        const due = Array.from({ length: round }, () => texts).flat();
        for (const [i, { wire }] of connections.entries())
          expect(parsed(await read(wire))).toEqual(due.map((text) => messageOf(ids[i] ?? '', text)));
      }
    },
  );
});

describe('when it is written (libraries.md §3, 4)', () => {
  const text = new Encoded('{"data":1}');

  it('a single message leaves in the turn in which it came; those of one turn leave in one write', async () => {
    const { wire, line } = connection(direct());
    const send = sinkOf(line, 'a');
    const written = new Promise((resolve) => wire.once('pipe', resolve));
    wire.emit('pipe', wire);
    await written;
    send(text);
    expect(wire.writes).toHaveLength(0);
    await new Promise<void>((resolve) => queueMicrotask(() => process.nextTick(() => resolve())));
    expect(wire.writes).toHaveLength(1);
    send(text); // the same turn of the loop: it waits for the next, and is not alone
    send(text);
    await nextTurn();
    await nextTurn();
    expect(wire.writes).toHaveLength(2);
    expect(parsed(await read(wire))).toHaveLength(3);
  });

  it('sockets that are sent the same have each their own ids, also of other lengths', async () => {
    const ids = ['a', 'b', 'long', 'c'];
    const post = direct();
    const connections = ids.map(() => connection(post));
    const texts = [text, new Encoded('{"data":2}')];
    for (const one of texts) ids.forEach((id, i) => void sinkOf(connections[i]?.line ?? never(), id)(one));
    await nextTurn();
    for (const [i, { wire }] of connections.entries()) {
      expect(wire.writes).toHaveLength(1);
      expect(parsed(await read(wire))).toEqual(texts.map((one) => messageOf(ids[i] ?? '', one)));
    }
  });

  it('sockets of one turn that are sent different messages get each their own, in order', async () => {
    const [one, two, three] = [text, new Encoded('{"data":2}'), new Encoded('{"data":3}')];
    const rows = [[one, two], [two], [one, three], [one, two, three], [three, one]];
    const post = direct();
    const connections = rows.map(() => connection(post));
    for (const [i, row] of rows.entries()) for (const each of row) sinkOf(connections[i]?.line ?? never(), 'a')(each);
    await nextTurn();
    for (const [i, row] of rows.entries())
      expect(parsed(await read(connections[i]?.wire ?? never()))).toEqual(row.map((each) => messageOf('a', each)));
  });

  it('a long round is cut into turns, and what comes meanwhile leaves with what waits', async () => {
    const post = direct(-1); // every look at the clock says that it is late
    const connections = Array.from({ length: 100 }, () => connection(post));
    const sinks = connections.map(({ line }) => sinkOf(line, 'a'));
    for (const send of sinks) send(text);
    await nextTurn();
    const before = connections.filter(({ wire }) => wire.writes.length > 0).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(100);
    for (const send of sinks) send(text);
    for (let i = 0; i < 20; i++) await nextTurn();
    const writes = connections.map(({ wire }) => wire.writes.length);
    expect(writes.at(-1)).toBe(1);
    expect(writes[0]).toBe(2);
    for (const { wire } of connections) expect(await read(wire)).toHaveLength(2);
  });

  it('what the protocol says comes behind what waits', async () => {
    const { wire, line } = connection(direct());
    sinkOf(line, 'a')(text);
    line.send('{"id":"a","type":"complete"}');
    sinkOf(line, 'b')(text);
    line.close(1012, 'RESTARTING');
    await nextTurn();
    expect(parsed(await read(wire))).toEqual([
      messageOf('a', text),
      { id: 'a', type: 'complete' },
      messageOf('b', text),
    ]);
  });

  it('nothing is written to a socket that is closed, or gone', async () => {
    const [closed, gone] = [connection(direct()), connection(direct())];
    closed.line.close(1012, '');
    const before = closed.wire.writes.length;
    expect(sinkOf(closed.line, 'a')(text)).toBe(true);
    sinkOf(gone.line, 'a')(text);
    gone.wire.destroy();
    await nextTurn();
    expect([closed.wire.writes.length, gone.wire.writes.length]).toEqual([before, 0]);
  });

  it('never between the fragments of a message that the library sends', async () => {
    const { wire, line, socket } = connection(direct());
    socket.send('frag', { fin: false });
    sinkOf(line, 'a')(text);
    await nextTurn();
    await nextTurn();
    expect(await read(wire)).toEqual([]);
    socket.send('ment', { fin: true });
    await nextTurn();
    await nextTurn();
    const [before, message] = await read(wire);
    expect([before, JSON.parse(message ?? '')]).toEqual(['fragment', messageOf('a', text)]);
  });
});

describe('a slow reader (invariant 6 of the hub)', () => {
  it('is told apart when 256 KiB wait, keeps no more than that, and goes on when it has taken them', async () => {
    const { wire, line, socket } = connection(direct());
    const send = sinkOf(line, 'a');
    const text = new Encoded(JSON.stringify({ data: 'x'.repeat(10_000) }));
    wire.stop();
    let taken = 0;
    while (send(text)) {
      taken++;
      await nextTurn();
    }
    expect(taken).toBe(Math.floor((256 * 1024) / 10_060));
    expect(socket.bufferedAmount).toBeLessThan(300 * 1024);
    let free = false;
    const drained = line.drained().then(() => {
      free = true;
    });
    await nextTurn();
    expect(free).toBe(false);
    wire.go();
    await drained;
    expect(send(text)).toBe(true);
    await nextTurn();
    expect(await read(wire)).toHaveLength(taken + 2);
  });
});
