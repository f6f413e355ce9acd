import { buildSchema } from 'graphql';
import { openLimit } from './limit.js';
import { everybody, openOurs } from './ours.js';
import { openApollo, openMercurius, openYoga } from './peers.js';
import { messageOf, schemaText } from './sample.js';
import type { Publisher } from './serve.js';
import { serve } from './serve.js';

const ours = (direct: boolean) => openOurs({ schema: buildSchema(schemaText), direct, audienceOf: () => everybody });

const servers: Readonly<Record<string, () => Promise<Publisher>>> = {
  ours: () => ours(true),
  plain: () => ours(false),
  limit: () => openLimit({ bodyOf: (n) => JSON.stringify({ data: { dutyFeed: messageOf(n) } }) }),
  apollo: () => openApollo(),
  yoga: openYoga,
  mercurius: openMercurius,
};

const open = servers[process.argv[2] ?? ''];
if (!open) throw new Error(`there is no server ${process.argv[2]}`);
await serve(await open());
