import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { document, operationIdOf } from './sample.js';

/**
 * Many clients of graphql-transport-ws with as little work as can be: bare sockets, a reader that counts frames and looks
 * into them only when it is asked to. The load must not take the server's processor.
 */
export class Fleet {
  readonly members: Member[] = [];
  /** Text frames of all. */
  frames = 0;
  private readonly waiting: {
    readonly frames: number;
    readonly go: () => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  /** Who was closed although nobody had told it to leave. */
  private lost: Error | undefined;

  /** One buffer for all sockets: what is read is looked at before the next read. */
  private readonly buffer = Buffer.allocUnsafe(256 * 1024);

  constructor(
    private readonly port: number,
    /** Keep the texts. */
    private readonly collect: boolean,
  ) {}

  /** `after`: the cursor from which each begins. Resolves when all have been acknowledged. */
  async join(count: number, after?: string, abreast = 100): Promise<void> {
    const first = this.members.length;
    const one = async (from: number) => {
      for (let n = from; n < first + count; n += abreast) await this.open(n, after);
    };
    await Promise.all(Array.from({ length: Math.min(abreast, count) }, (_, i) => one(first + i)));
  }

  /** Resolves when so many frames have come; rejects when a client was closed, or when nothing has come for a minute. */
  async reach(frames: number): Promise<void> {
    if (this.lost) throw this.lost;
    if (this.frames >= frames) return;
    let before = this.frames;
    const watch = setInterval(() => {
      if (this.frames === before) this.fail(new Error(`${frames - this.frames} of the messages due have not come`));
      before = this.frames;
    }, 60_000);
    try {
      await new Promise<void>((go, fail) => this.waiting.push({ frames, go, fail }));
    } finally {
      clearInterval(watch);
    }
  }

  leave(): void {
    this.lost = undefined;
    for (const { socket } of this.members.splice(0)) socket.destroy();
  }

  private open(n: number, after: string | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let open = false;
      const member = new Member(n, this.collect, () => {
        this.frames++;
        if (!open) {
          open = true; // the acknowledgement
          this.frames--;
          member.texts.length = 0;
          member.frames = 0;
          member.send({
            id: operationIdOf(n),
            type: 'subscribe',
            payload: { query: document, variables: after === undefined ? {} : { after } },
          });
          resolve();
        }
        this.wake();
      });
      const socket = connect({
        ...{ port: this.port, host: '127.0.0.1', noDelay: true },
        onread: {
          buffer: this.buffer,
          callback: (length: number) => {
            member.read(this.buffer, length);
            return true;
          },
        },
      });
      member.socket = socket;
      socket.once('connect', () => member.greet(this.port));
      socket.on('error', reject);
      socket.once('close', () => {
        const error = new Error(`client ${n} was closed; it had ${member.frames} messages`);
        reject(error);
        if (this.members[n] === member) this.fail(error);
      });
      this.members[n] = member;
    });
  }

  private fail(error: Error): void {
    this.lost = error;
    for (const { fail } of this.waiting.splice(0)) fail(error);
  }

  private wake(): void {
    for (let due = this.waiting[0]; due && this.frames >= due.frames; due = this.waiting[0]) {
      this.waiting.shift();
      due.go();
    }
  }
}

/** Masked, and empty as the pings of all contenders are. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

export class Member {
  socket!: Socket;
  frames = 0;
  /** When each message came, in ms of the machine's clock; as long as somebody wants to know. */
  times: number[] | undefined;
  readonly texts: string[] = [];
  private head = '';
  private upgraded = false;
  /** Bytes of the present frame that are still to come. */
  private left = 0;
  private kept: Buffer[] = [];
  private readonly header: number[] = [];

  constructor(
    readonly n: number,
    private readonly collect: boolean,
    private readonly onFrame: () => void,
  ) {}

  greet(port: number): void {
    this.socket.write(
      `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
    this.send({ type: 'connection_init', payload: { authorization: `Bearer ${this.n}` } });
  }

  /** Masked with zeros: allowed, and free. */
  send(message: unknown): void {
    const body = Buffer.from(JSON.stringify(message));
    const head = body.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
    head[0] = 0x81;
    if (body.length < 126) head[1] = 0x80 | body.length;
    else {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(body.length, 2);
    }
    this.socket.write(Buffer.concat([head, body]));
  }

  read(bytes: Buffer, length: number): void {
    let at = this.upgraded ? 0 : this.readHead(bytes, length);
    while (at < length) {
      if (this.left === 0) {
        at = this.readHeader(bytes, at);
        if (this.left > 0) continue;
      } else {
        const taken = Math.min(this.left, length - at);
        if (this.opcode === 8)
          throw new Error(`client ${this.n} was sent away: ${bytes.toString('utf8', at + 2, at + taken)}`);
        if (this.collect) this.kept.push(Buffer.from(bytes.subarray(at, at + taken)));
        this.left -= taken;
        at += taken;
      }
      if (this.left === 0 && this.header.length === 0) this.done();
    }
  }

  /** Where the frames begin. */
  private readHead(bytes: Buffer, length: number): number {
    const before = this.head.length;
    this.head += bytes.toString('latin1', 0, length);
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return length;
    if (!this.head.startsWith('HTTP/1.1 101')) throw new Error(this.head);
    this.upgraded = true;
    this.head = '';
    return end + 4 - before;
  }

  private readHeader(bytes: Buffer, at: number): number {
    const { header } = this;
    header.push(bytes[at] ?? 0);
    const [, short = 0] = header;
    const size = header.length < 2 || short < 126 ? 2 : short === 126 ? 4 : 10;
    if (header.length < size) return at + 1;
    let length = short;
    if (size > 2) length = header.slice(2).reduce((sum, byte) => sum * 256 + byte, 0);
    this.left = length;
    this.opcode = (header[0] ?? 0) & 0x0f;
    header.length = 0;
    return at + 1;
  }

  private opcode = 0;

  private done(): void {
    if (this.opcode === 9) this.socket.write(pong);
    if (this.opcode !== 1) return;
    this.frames++;
    if (this.collect) this.texts.push(Buffer.concat(this.kept).toString());
    this.kept = [];
    this.times?.push(now());
    this.onFrame();
  }
}

/** Milliseconds of a clock that all processes of the machine share. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
