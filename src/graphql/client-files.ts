import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const types = { js: 'text/javascript; charset=utf-8', html: 'text/html; charset=utf-8' } as const;
const policy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The feed client and its example for browsers, under `/client`: a fixed list of files, read once. Modules are named by
 * address here, because a bare name means nothing to a browser. Run from the sources no page is served.
 */
export function serveClient(app: FastifyInstance): void {
  const folders = clientFolders();
  if (!folders) return;
  const { compiled, examples, library } = folders;
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

/** The compiled client stands beside the compiled `src`; the examples are not compiled, and lie in the program's folder. */
function clientFolders() {
  const compiled = join(import.meta.dirname, '../../client');
  if (!existsSync(join(compiled, 'feed.js'))) return undefined;
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'client/examples/browser.html')) && root !== dirname(root)) root = dirname(root);
  /** graphql-ws as ES modules. */
  const library = dirname(fileURLToPath(import.meta.resolve('graphql-ws')));
  return { compiled, examples: join(root, 'client/examples'), library };
}
