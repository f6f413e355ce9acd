import type { Reporter, TestModule } from 'vitest/node';

/** The last line of a run, in a form that any machine reads: `12 passed, 0 failed`. */
export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let [passed, failed, skipped] = [0, errors.length, 0];
    for (const module of modules) {
      if (module.errors().length > 0) failed++;
      for (const { state } of [...module.children.allTests()].map((test) => test.result()))
        if (state === 'passed') passed++;
        else if (state === 'skipped') skipped++;
        else failed++;
    }
    // After the default reporter's own summary.
    setImmediate(() => console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`));
  }
}
