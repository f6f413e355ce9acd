/** Cases whose commands are under way at a time. */
const lanes = 64;

/**
 * Commands on one case in their order; those on different cases, or that begin one, side by side: so they share the
 * flushes of the log. `work` must not reject.
 */
export async function sideBySide<C extends { readonly id?: string | undefined }>(
  commands: readonly C[],
  work: (command: C) => Promise<void>,
): Promise<void> {
  const queues = new Map<string | C, C[]>();
  for (const command of commands) {
    const key = command.id ?? command;
    const queue = queues.get(key);
    if (queue) queue.push(command);
    else queues.set(key, [command]);
  }
  const waiting = queues.values();
  const lane = async () => {
    for (const queue of waiting) for (const command of queue) await work(command);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, queues.size) }, lane));
}
