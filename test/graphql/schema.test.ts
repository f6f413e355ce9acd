import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { getIntrospectionQuery, graphqlSync, validateSchema } from 'graphql';
import { expect, test } from 'vitest';
import { wuji } from '../../src/domain/wuji.js';
import { createApi, printedApi } from '../../src/graphql/api.js';
import { caseModels } from '../../src/projections/cases/index.js';

const file = resolve(import.meta.dirname, '../../docs/schema.graphql');

test('docs/schema.graphql is the schema that is served (architecture.md §3)', () => {
  const printed = printedApi({ registry: wuji, models: caseModels });
  if (process.env.WUJI_WRITE) writeFileSync(file, printed);
  expect(printed, 'write it with WUJI_WRITE=1 npx vitest run test/graphql/schema.test.ts').toBe(
    readFileSync(file, 'utf8'),
  );
});

test('the schema is sound by GraphQL’s own rules: a start does not look at it again (issue 4, growth)', () => {
  const schema = createApi({ registry: wuji, models: caseModels }, () => {
    throw new Error('it is not run');
  });
  expect(validateSchema(schema)).toEqual([]);
  expect(graphqlSync({ schema, source: getIntrospectionQuery() }).errors).toBeUndefined();
});
