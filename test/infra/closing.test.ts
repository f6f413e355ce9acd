import { expect, it } from 'vitest';
import { closeAll } from '../../src/infra/closing.js';

it('everything is closed, the last opened first, whatever one of them meets; what failed is told together', async () => {
  const closed: string[] = [];
  const failed = closeAll([
    () => closed.push('log'),
    async () => {
      closed.push('read models');
      throw new Error('a disk');
    },
    () => {
      throw new Error('a socket');
    },
    async () => closed.push('live'),
  ]);
  const error: unknown = await failed.catch((cause: unknown) => cause);
  expect(closed).toEqual(['live', 'read models', 'log']);
  expect(error instanceof AggregateError && error.errors.map(String)).toEqual(['Error: a socket', 'Error: a disk']);
});

it('nothing is closed twice', async () => {
  const closed: string[] = [];
  const closing = [() => closed.push('log')];
  await closeAll(closing);
  await closeAll(closing);
  expect(closed).toEqual(['log']);
});
