import { buildSchema } from 'graphql';
import { everybody, openOurs } from '../fanout/ours.js';
import { openApollo } from '../fanout/peers.js';
import { schemaText } from '../fanout/sample.js';
import type { Publisher } from '../fanout/serve.js';
import { serve } from '../fanout/serve.js';

const ours = (direct: boolean) => openOurs({ schema: buildSchema(schemaText), direct, audienceOf: () => everybody });
const servers: Readonly<Record<string, () => Promise<Publisher>>> = {
  ours: () => ours(true),
  plain: () => ours(false),
  apollo: () => openApollo(),
};
const open = servers[process.argv[2] ?? ''];
if (!open) throw new Error(`there is no server ${process.argv[2]}`);
await serve(await open());
