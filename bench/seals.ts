import { isRefusal } from '../src/domain/kernel/refusal.js';
import { closeAll } from '../src/infra/closing.js';
import { openKeys } from '../src/infra/seals/open.js';

/** The keys of a data folder, as a server that is started on it in development will find them. */
export async function sealsIn(dataDir: string) {
  const closing: (() => unknown)[] = [];
  const onProblem = (problem: unknown) => {
    throw problem;
  };
  const keys = await openKeys(
    { mode: 'development', name: 'wuji', dataDir },
    { closing, onProblem, onDevelopmentKey: () => {} },
  );
  if (isRefusal(keys)) throw new Error(keys.message[0]);
  return { seals: keys.seals, close: () => closeAll(closing) };
}
