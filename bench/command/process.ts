import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { profileFlags } from '../harness/profile.js';

/** What a server says of itself when it is ready. */
export type Ready = { readonly url: string; readonly tokens: readonly string[] };
export type Server = Ready & { stop(): Promise<void> };

/** A server in a process of its own; it ends when it is told to, or when this process does. */
export async function startServer(file: string, args: readonly string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [...profileFlags(), file, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [ready] = (await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error(`${file} ended before it was ready`))),
  ])) as [Ready];
  return {
    ...ready,
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}

/** In the server's process: tells that it is ready, and waits until it is to end. */
export async function serving(ready: Ready): Promise<void> {
  process.send?.(ready);
  await once(process, 'disconnect');
}
