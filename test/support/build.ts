import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where npm runs what package.json names: also for what is itself compiled to somewhere else. */
const root = process.cwd();
const cache = join(root, 'node_modules/.cache/wuji-build');
const inputs = ['src', 'client', 'demo'];

let building: Promise<string> | undefined;

/**
 * The folder of a fresh build, for tests that run the program in a process of its own: `<folder>/src/main.js`.
 * Types are not checked here. Any number of test files may ask at once: the build is named by what went into it, and
 * comes into being by one rename.
 */
export function buildProgram(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  const folder = join(cache, await fingerprint());
  if (await exists(folder)) return folder;
  const making = join(cache, `making-${randomUUID()}`);
  await mkdir(making, { recursive: true });
  // The program's own package.json is beyond `node_modules`, where Node stops looking for the module format.
  await writeFile(join(making, 'package.json'), '{ "type": "module" }\n');
  await compile(making);
  try {
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

async function compile(outDir: string): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--outDir', outDir, '--noCheck', '--incremental', 'false', '--tsBuildInfoFile', 'null'];
  await promisify(execFile)(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), ...options], {
    cwd: root,
  });
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const folders = await Promise.all(inputs.map((input) => filesUnder(join(root, input))));
  const files = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name));
  for (const file of [...files, ...folders.flat().sort()]) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex').slice(0, 20);
}

async function filesUnder(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
