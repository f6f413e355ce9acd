import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export type Script = { readonly lua: string; readonly sha: string };

export const script = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/** By its hash; with its text when Redis does not know it (any more). */
export async function run(
  client: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  // As one list: a call with a hundred thousand arguments would exceed the stack.
  const all = [...keys, ...args];
  try {
    return await client.evalsha(sha, keys.length, all);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT '))) throw error;
    return client.eval(lua, keys.length, all);
  }
}
