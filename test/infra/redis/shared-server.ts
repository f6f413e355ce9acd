import { afterAll, beforeAll } from 'vitest';
import { connectRedis, type RedisConnection } from '../../../src/infra/redis/connection.js';
import { type RedisServer, startRedisServer } from '../../support/redis-server.js';

/** For what must not happen in a test. */
export const refuse = (reason: string | Error): never => {
  throw new Error(String(reason));
};

/** One server and one connection for all tests of a file. */
export function sharedServer(): { readonly server: RedisServer; readonly connection: RedisConnection } {
  let server: RedisServer | undefined;
  let connection: RedisConnection | undefined;
  beforeAll(async () => {
    server = await startRedisServer();
    connection = connectRedis(server.url, { onProblem: refuse, answerMs: 30_000 });
  });
  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });
  return {
    get server() {
      return server ?? refuse('no server yet');
    },
    get connection() {
      return connection ?? refuse('no connection yet');
    },
  };
}
