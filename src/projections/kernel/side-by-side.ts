/** Cases whose commands are under way at a time. */
const lanes = 64;

/**
 * Commands on one case in their order; those on different cases, or that begin one, side by side: so they share the
 * flushes of the log. Of a case where one fails the rest is left, for it may build on it. Returns what has failed.
 */
export async function sideBySide<C extends { readonly id?: string | undefined }>(
  commands: readonly C[],
  work: (command: C) => Promise<void>,
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const queues = new Map<string | C, C[]>();
  for (const command of commands) {
    const key = command.id ?? command;
    const queue = queues.get(key);
    if (queue) queue.push(command);
    else queues.set(key, [command]);
  }
  const waiting = queues.values();
  const lane = async () => {
    for (const queue of waiting)
      try {
        for (const command of queue) await work(command);
      } catch (cause) {
        failures.push(cause);
      }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, queues.size) }, lane));
  return failures;
}
