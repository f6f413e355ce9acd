import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Doors open one way: graphql → projections → domain; infra implements ports and sees kernel types only. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

type Import = { readonly file: string; readonly target: string };

function importsUnder(folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'utf8');
      const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
      return [...found].map(([, target = '']) => ({
        file: relative(root, path),
        target: target.startsWith('.') ? normalize(relative(root, join(dirname(path), target))) : target,
      }));
    });
}

const isLibrary = (target: string): boolean => !/^(src|client|demo|test)\//.test(target);
const outside = (folder: string, allowed: (target: string, file: string) => boolean): string[] =>
  importsUnder(folder)
    .filter(({ target, file }) => !allowed(target, file))
    .map(({ file, target }) => `${file} imports ${target}`);

describe('doors (architecture §2)', () => {
  it('src/domain imports nothing but itself and zod: no clock, no random, no node', () => {
    expect(outside('src/domain', (target) => target.startsWith('src/domain/') || target === 'zod')).toEqual([]);
    for (const { file } of importsUnder('src/domain')) {
      const text = readFileSync(join(root, file), 'utf8');
      expect(text, file).not.toMatch(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\./);
    }
  });

  it('src/domain/kernel does not know the chapters that are written with it', () => {
    expect(
      outside('src/domain/kernel', (target) => isLibrary(target) || target.startsWith('src/domain/kernel/')),
    ).toEqual([]);
  });

  it('src/projections sees the domain only', () => {
    const allowed = (target: string) => isLibrary(target) || /^src\/(domain|projections)\//.test(target);
    expect(outside('src/projections', allowed)).toEqual([]);
  });

  it('src/graphql sees projections and domain, and no infrastructure', () => {
    const allowed = (target: string) => isLibrary(target) || /^src\/(domain|projections|graphql)\//.test(target);
    expect(outside('src/graphql', allowed)).toEqual([]);
  });

  it('src/infra sees kernels and ports only', () => {
    const allowed = (target: string) =>
      isLibrary(target) ||
      /^src\/(infra|domain\/kernel|projections\/kernel)\//.test(target) ||
      /^src\/.+\/ports\.js$/.test(target);
    expect(outside('src/infra', allowed)).toEqual([]);
  });

  it('infrastructure is imported by the composition root, the command line, demo and tests only', () => {
    const users = [...importsUnder('src'), ...importsUnder('client')]
      .filter(({ target, file }) => target.startsWith('src/infra/') && !file.startsWith('src/infra/'))
      .map(({ file }) => file)
      .filter((file) => !/^src\/(main|profile|cli)\.ts$/.test(file) && !/^src\/(composition|cli)\//.test(file));
    expect(users).toEqual([]);
  });

  it('nobody knows the composition but its root', () => {
    const users = importsUnder('src')
      .filter(({ target }) => /^src\/(composition\/|main\.js|profile\.js)/.test(target))
      .map(({ file }) => file)
      .filter((file) => !/^src\/(main\.ts|composition\/.+)$/.test(file) && file !== 'src/cli/commands/serve.ts');
    expect(users).toEqual([]);
  });

  it('the client stands alone', () => {
    expect(outside('client', (target) => isLibrary(target) || target.startsWith('client/'))).toEqual([]);
  });
});
