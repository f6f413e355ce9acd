import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** npm runs the benchmarks from the root of the repository. */
const folder = join(process.cwd(), 'bench');

/** Whether the packages of `bench/package.json` are there: `npm ci --prefix bench`. */
export const peersInstalled = (): boolean => existsSync(join(folder, 'node_modules'));

/**
 * A package of `bench/package.json`, or of one in a folder of it; what it does not have comes from the root. The caller
 * says what it uses of it: its types are not there when only the program's own packages are installed.
 */
export async function loadPeer<T>(name: string, within = '.'): Promise<T> {
  const { resolve } = createRequire(join(folder, within, 'package.json'));
  return (await import(pathToFileURL(resolve(name)).href)) as T;
}
