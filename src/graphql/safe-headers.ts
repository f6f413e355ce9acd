import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';
import Fastify from 'fastify';

/** helmet's headers are the same for every answer; it would put them together anew for each. */
export async function addSafeHeaders(app: FastifyInstance): Promise<(reply: FastifyReply) => void> {
  const headers = Object.entries(await safeHeaders());
  const add = (reply: FastifyReply) => {
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
  };
  app.addHook('onRequest', (_request, reply, done) => {
    add(reply);
    done();
  });
  return add;
}

let known: Promise<Readonly<Record<string, string>>> | undefined;

/** What a browser is told with every answer, whoever writes it. */
export function safeHeaders(): Promise<Readonly<Record<string, string>>> {
  known ??= helmetHeaders();
  return known;
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
