import { fork } from 'node:child_process';
import { once } from 'node:events';
import { profileFlags } from '../harness/profile.js';
import { Fleet } from './fleet.js';
import type { Order, Report } from './serve.js';

/** A contender's server in a process of its own. */
export async function startServer(file: URL, args: readonly string[]) {
  const child = fork(file, args, { execArgv: ['--expose-gc', ...profileFlags()] });
  const ended = once(child, 'exit');
  const answer = async <T>(): Promise<T> =>
    Promise.race([
      once(child, 'message').then(([message]) => message as T),
      ended.then(([code]) => Promise.reject(new Error(`the server ${args.join(' ')} ended with ${code}`))),
    ]);
  const { port } = await answer<{ port: number }>();
  return {
    port,
    ask(order: Order): Promise<Report> {
      child.send(order);
      return answer<Report>();
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** `from`: the number of the first event, instead of the one that follows. */
export type Load = { readonly events: number; readonly burst: number; readonly every: number; readonly from?: number };

/** A server and its clients, all subscribed. `warm`: what the first of them are sent before the others come. */
export async function openStand(
  file: URL,
  args: readonly string[],
  clients: number,
  { collect = false, warm }: { readonly collect?: boolean; readonly warm?: Load & { readonly clients: number } } = {},
) {
  const server = await startServer(file, args);
  const fleet = new Fleet(server.port, collect);
  let published = 1;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 100));
  /** Resolves when they have subscribed. There is no acknowledgement of it: an event that all have received is one. */
  const join = async (count: number) => {
    await fleet.join(count);
    const missing = new Set(fleet.members);
    while (missing.size > 0) {
      const before = fleet.members.map(({ frames }) => frames);
      await server.ask({ do: 'run', from: published++, events: 1, burst: 1, every: 20 });
      for (let quiet = -1; quiet !== fleet.frames; ) {
        quiet = fleet.frames;
        await settle();
      }
      fleet.members.forEach((member, i) => {
        if (member.frames > (before[i] ?? 0)) missing.delete(member);
      });
    }
  };
  if (warm) {
    await join(warm.clients);
    const until = fleet.frames + warm.events * warm.clients;
    await server.ask({ do: 'run', ...warm, from: published });
    await fleet.reach(until);
    published += warm.events;
  }
  const others = clients - fleet.members.length;
  const { rss: empty } = await server.ask({ do: 'measure' });
  await join(others);
  const { rss: full } = await server.ask({ do: 'measure' });
  return {
    fleet,
    /** Bytes of memory of the server for each connection that came after it was measured empty. */
    perConnection: (full - empty) / others,
    /** Publishes and waits until everybody has received what is due: `each` messages of an event, all of them by default. */
    async run({ events, burst, every, from = published }: Load, due = events * clients) {
      published = from + events;
      const until = fleet.frames + due;
      const { at = [] } = await server.ask({ do: 'run', from, events, burst, every });
      await fleet.reach(until);
      return { ...(await server.ask({ do: 'end' })), at, from };
    },
    async close() {
      fleet.leave();
      await server.stop();
    },
  };
}
export type Stand = Awaited<ReturnType<typeof openStand>>;
