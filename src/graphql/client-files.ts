import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

export type ClientFolders = {
  /** Where `feed.js` is, compiled. */
  readonly compiled: string;
  /** Where the examples are. */
  readonly examples: string;
  /** graphql-ws as ES modules. */
  readonly library: string;
};

const types = { js: 'text/javascript; charset=utf-8', html: 'text/html; charset=utf-8' } as const;
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The feed client and its example for browsers, under `/client`: a fixed list of files, read once. Modules are named by
 * address here, because a bare name means nothing to a browser.
 */
export function serveClient(app: FastifyInstance, { compiled, examples, library }: ClientFolders): void {
  const file = (path: string, type: keyof typeof types, text: string) =>
    app.get(`/client/${path}`, (_request, reply) =>
      reply.header('content-security-policy', policy).type(types[type]).send(text),
    );
  const feed = readFileSync(join(compiled, 'feed.js'), 'utf8');
  file('feed.js', 'js', feed.replace(/from 'graphql-ws'/, "from './graphql-ws/client.js'"));
  for (const name of readdirSync(library).filter((one) => /^(client|common-[\w-]+)\.js$/.test(one)))
    file(`graphql-ws/${name}`, 'js', readFileSync(join(library, name), 'utf8'));
  file('examples/browser.html', 'html', readFileSync(join(examples, 'browser.html'), 'utf8'));
  file('examples/browser.js', 'js', readFileSync(join(examples, 'browser.js'), 'utf8'));
}
