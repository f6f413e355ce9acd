/** How to end what has been opened: the last opened is the first to be closed. */
export type Closing = (() => unknown)[];

/**
 * Ends each, whatever happens to the others: a socket that does not close must not keep the log from being released.
 * Rejects with an `AggregateError` of all that failed.
 */
export async function closeAll(closing: Closing): Promise<void> {
  const failures: unknown[] = [];
  for (let end = closing.pop(); end; end = closing.pop())
    try {
      await end();
    } catch (cause) {
      failures.push(cause);
    }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}
