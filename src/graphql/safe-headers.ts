import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';

/** helmet's headers are the same for every answer; it would put them together anew for each. */
export async function addSafeHeaders(app: FastifyInstance): Promise<void> {
  const headers = Object.entries(await helmetHeaders());
  app.addHook('onRequest', (_request, reply, done) => {
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    done();
  });
}

/** What helmet adds to an answer that has none of its own. */
async function helmetHeaders(): Promise<Readonly<Record<string, string>>> {
  const [plain, helmeted] = [Fastify(), Fastify()];
  await helmeted.register(helmet);
  const answers = [plain, helmeted].map(async (app) => {
    app.get('/', async () => '');
    const { headers } = await app.inject('/');
    await app.close();
    return headers;
  });
  const [without = {}, having = {}] = await Promise.all(answers);
  return Object.fromEntries(
    Object.entries(having).flatMap(([name, value]) => (name in without ? [] : [[name, String(value)]])),
  );
}
