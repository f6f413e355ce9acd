/** npm passes on a Ctrl-C that the terminal has sent here too: an echo, not a second wish. */
const echoMs = 250;

/** Ends in order at the first Ctrl-C (or SIGTERM), and at once at the second. `code` is asked when it comes. */
export function leaveOnInterrupt(end: () => Promise<void>, code: () => number): { readonly leaving: boolean } {
  let first: number | undefined;
  const onSignal = () => {
    if (first !== undefined) {
      if (performance.now() - first > echoMs) process.exit(130);
      return;
    }
    first = performance.now();
    console.error('\n正在停止；再按一次将强制停止。Stopping; once more to force it.');
    void end().then(() => process.exit(code()));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    get leaving() {
      return first !== undefined;
    },
  };
}
