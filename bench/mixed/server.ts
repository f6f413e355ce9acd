import { buildSchema } from 'graphql';
import type { Context } from '../../src/graphql/context.js';
import { openLimit } from '../fanout/limit.js';
import { openOurs } from '../fanout/ours.js';
import { openApollo } from '../fanout/peers.js';
import type { Sample } from '../fanout/sample.js';
import { schemaText } from '../fanout/sample.js';
import type { Publisher } from '../fanout/serve.js';
import { serve } from '../fanout/serve.js';
import { audiencesOf, bodyFor, casesOf, holderOf } from './cases.js';

const [, , which = '', cases, deputies] = process.argv;
const entitled = casesOf(Number(cases), Number(deputies));
const audiences = audiencesOf(entitled);
const holders = Array.from({ length: Number(deputies) }, (_, n) => holderOf(n));
/** The first events are for everybody: whoever has received one is there. */
const rehearsals = 1_000;
const all = new Map(holders.map((_, n) => [n, 'public' as const]));
const toAll = Object.fromEntries(holders.map((holder) => [holder, 'public' as const]));
const audienceOf = (n: number) => (n < rehearsals ? toAll : (audiences[n % audiences.length] ?? {}));
const of = (n: number) => (n < rehearsals ? all : (entitled[n % entitled.length] ?? all));

function schemaByClass() {
  const schema = buildSchema(schemaText);
  const fields = { advice: ['participant', 'office'], note: ['office'] };
  const event = schema.getType('Event');
  if (event && 'getFields' in event)
    for (const [name, allowed] of Object.entries(fields)) {
      const field = event.getFields()[name];
      if (field && 'resolve' in field)
        field.resolve = (source: Sample, _: unknown, { sharedClass }: Context) =>
          allowed.includes(sharedClass ?? 'public') ? source[name as keyof Sample] : null;
    }
  return schema;
}

const ours = (direct: boolean) => openOurs({ schema: schemaByClass(), direct, audienceOf });
const servers: Readonly<Record<string, () => Promise<Publisher>>> = {
  ours: () => ours(true),
  plain: () => ours(false),
  limit: () =>
    openLimit({
      bodyOf: (n, client) => bodyFor(n, of(n).get(client) ?? 'public'),
      receiversOf: (n) => [...of(n).keys()],
    }),
  apollo: () => openApollo({ audienceOf, holderOf: (client) => holders[client] ?? '' }),
};
const open = servers[which];
if (!open) throw new Error(`there is no server ${which}`);
await serve(await open());
