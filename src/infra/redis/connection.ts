import { Redis } from 'ioredis';
import { faultOf, type RedisFault, RedisUnavailable, withoutArguments } from './unavailable.js';

export type RedisStatus = {
  readonly state: 'connecting' | 'ready' | 'reconnecting';
  /** What is wrong; also while connected, when Redis refuses to write. */
  readonly fault: RedisFault | undefined;
  /** Since when state and fault are what they are: ISO, UTC. */
  readonly since: string;
};

export type RedisConnection = {
  readonly client: Redis;
  /** Host and port, for people: no user, no password. */
  readonly server: string;
  readonly status: () => RedisStatus;
  /**
   * Runs commands, once there is a connection. Throws `RedisUnavailable`, in bounded time: `patienceMs` without a
   * connection, `answerMs` without an answer. `kind`: a write that works shows that writing works again.
   */
  use<T>(kind: 'read' | 'write', work: (client: Redis) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type RedisOptions = {
  /** Told of each fault when it begins, not of each command that meets it. */
  readonly onProblem: (problem: RedisUnavailable) => void;
  /** How long a command waits for a connection. */
  readonly patienceMs?: number;
  /** How long it waits for the answer; a command that blocks must ask for less. */
  readonly answerMs?: number;
};

const WRITING: readonly (RedisFault | undefined)[] = ['readonly', 'out_of_memory'];

/** `redis://user:password@host:port/database`, or `rediss://` for TLS. Throws `RangeError` for anything else. */
export function connectRedis(
  url: string,
  { onProblem, patienceMs = 2_000, answerMs = 5_000 }: RedisOptions,
): RedisConnection {
  const { address, server } = parse(url);
  const client = new Redis({
    ...address,
    connectTimeout: answerMs,
    // For ever; half of each delay is by chance, so that many processes do not come back in one moment.
    retryStrategy: (times) => Math.min(50 * 2 ** (times - 1), 2_000) * (0.5 + Math.random() / 2),
    // READONLY: a failover may have moved the primary; the command fails, for the new connection may be no better.
    // LOADING: the command is sent again, for the new connection waits until all is loaded.
    reconnectOnError: ({ message }) => (message.startsWith('LOADING ') ? 2 : message.startsWith('READONLY ')),
    maxLoadingRetryTime: 500,
    // A blip is not seen: what was under way is sent again, five tries (under two seconds) long. All our scripts allow that.
    autoResendUnfulfilledCommands: true,
    maxRetriesPerRequest: 4,
    // `use` waits for the connection; the queue only holds what is sent before the loss of one is noticed.
    enableOfflineQueue: true,
    // A server that hangs, or is gone without a word: the command fails; then the socket is given up.
    commandTimeout: answerMs,
    socketTimeout: answerMs + 1_000,
  });
  const waiting = new Set<() => void>();
  let closed = false;
  let status: RedisStatus = { state: 'connecting', fault: undefined, since: new Date().toISOString() };

  function become(state: RedisStatus['state'], fault: RedisFault | undefined) {
    if (state !== status.state || fault !== status.fault) status = { state, fault, since: new Date().toISOString() };
  }
  function failed(fault: RedisFault, error?: Error): RedisUnavailable {
    const problem = new RedisUnavailable(fault, server, error && withoutArguments(error, address.password));
    if (fault === status.fault || closed) return problem;
    become(status.state, fault);
    onProblem(problem);
    return problem;
  }

  client.on('error', (error: Error) => failed(faultOf(error) ?? 'failed', error));
  client.on('connect', () => {
    // It is sent along with the handshake, which tells what goes wrong; the client itself says nothing of loading.
    client.info('persistence').then(
      (info) => /^loading:1/m.test(info) && failed('loading'),
      () => {},
    );
  });
  client.on('ready', () => {
    become('ready', WRITING.includes(status.fault) ? status.fault : undefined);
    for (const wake of waiting) wake();
  });
  client.on('close', () => {
    if (closed) return;
    become(status.state === 'connecting' ? 'connecting' : 'reconnecting', status.fault);
    if (status.fault === undefined) failed('unreachable');
  });

  async function ready(): Promise<void> {
    if (status.state === 'ready' && client.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, patienceMs);
      waiting.add(wake);
    });
    if (closed) throw new RedisUnavailable('closed', server);
    if (client.status !== 'ready') throw failed(status.fault ?? 'unreachable');
  }

  return {
    client,
    server,
    status: () => status,
    async use(kind, work) {
      if (closed) throw new RedisUnavailable('closed', server);
      await ready();
      try {
        const result = await work(client);
        if (status.state === 'ready' && (kind === 'write' || !WRITING.includes(status.fault)))
          become('ready', undefined);
        return result;
      } catch (error) {
        const fault = faultOf(error);
        if (!fault || !(error instanceof Error)) throw error;
        throw closed ? new RedisUnavailable('closed', server) : failed(fault, error);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      for (const wake of waiting) wake();
      if (client.status !== 'ready') return client.disconnect();
      // What was asked before is answered first; a server that is gone meanwhile has nothing to answer.
      await client.quit().catch(() => client.disconnect());
    },
  };
}

function parse(url: string) {
  if (!URL.canParse(url)) throw new RangeError('REDIS_URL is not a URL such as redis://localhost:6379');
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const database = pathname.replace(/^\//, '');
  if (!['redis:', 'rediss:'].includes(protocol) || !hostname || !/^\d*$/.test(database))
    throw new RangeError('REDIS_URL must be redis://[user:password@]host[:port][/database], or rediss:// for TLS');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const address = {
    host,
    port: Number(port || 6379),
    db: Number(database || 0),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
  return { address: { password: undefined, ...address }, server: `${hostname}:${address.port}` };
}
