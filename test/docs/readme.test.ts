import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { wuji } from '../../src/domain/wuji.js';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const schema = buildSchema(read('docs/schema.graphql'));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/operations.md',
  'docs/replay.md',
  'docs/scale.md',
  'bench/README.md',
];

const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

describe('the pages that a newcomer reads', () => {
  it.each(blocks('README.md', 'graphql'))('a document of the README fits the schema: %s', (document) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm (?:run (?:-s )?)([\w:]+)/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });

  it('point to files that exist', () => {
    for (const page of pages) {
      const links = [...read(page).matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, to = '']) => to);
      const paths = [...read(page).matchAll(/`((?:src|test|client|demo|docs)\/[\w./-]+)`/g)].map(([, to = '']) => to);
      const from = dirname(page);
      expect(
        links.filter((to) => !existsSync(join(root, from, to))),
        page,
      ).toEqual([]);
      expect(
        paths.filter((to) => !existsSync(join(root, to))),
        page,
      ).toEqual([]);
    }
  });

  it('the walk from mutation to subscriber takes fewer than ten files (docs/architecture.md)', () => {
    const steps = [...read('docs/architecture.md').matchAll(/^\d+\. `(src\/[^`]+)`/gm)];
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.length).toBeLessThan(10);
  });

  it('the action that CONTRIBUTING shows is written as actions are', () => {
    const shown = blocks('CONTRIBUTING.md', 'ts')[0] ?? '';
    for (const key of ['describe', 'from', 'by', 'input', 'decide']) expect(shown).toContain(`${key}:`);
    expect(wuji.actions.has('urgeOrgan')).toBe(false); // it is an example; when it comes true, show another
  });
});
