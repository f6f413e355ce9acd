import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { wuji } from '../../src/domain/wuji.js';
import { printedApi } from '../../src/graphql/api.js';
import { caseModels } from '../../src/projections/cases/index.js';

const file = resolve(import.meta.dirname, '../../docs/schema.graphql');

test('docs/schema.graphql is the schema that is served (architecture.md §3)', () => {
  const printed = printedApi({ registry: wuji, models: caseModels });
  if (process.env.WUJI_WRITE) writeFileSync(file, printed);
  expect(printed, 'write it with WUJI_WRITE=1 npx vitest run test/graphql/schema.test.ts').toBe(
    readFileSync(file, 'utf8'),
  );
});
