import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = resolve(import.meta.dirname, '../../..');
export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What the rules look at; the whole form is the Compose Specification's own schema. */
const service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  restart: z.string().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
  depends_on: z
    .record(z.string(), z.object({ condition: z.string(), required: z.boolean().default(true) }))
    .default({}),
  deploy: z
    .object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string(), pids: z.int() }) }) })
    .optional(),
  networks: z.union([z.array(z.string()), z.record(z.string(), z.object({ aliases: z.array(z.string()) }))]).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
export type Service = z.infer<typeof service>;
const file = z.object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) });
export type Compose = z.infer<typeof file>;

export const composeText = textOf('docker-compose.yml');

/** The file as written: variables are not filled in. */
export const rawCompose = (): unknown => parse(composeText, { merge: true });

/** The file as compose understands it with this environment. Throws as compose does when a required variable is missing. */
export const composeWith = (environment: Environment): Compose => file.parse(filledIn(rawCompose(), environment));

type Environment = Readonly<Record<string, string>>;
const reference = /\$(?:\$|\{([A-Z_]+)(?:(:[?-])([^{}]*))?\})/g;

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; compose knows more, this file uses no more. */
function interpolated(text: string, environment: Environment): string {
  return text.replace(reference, (written, name?: string, kind?: string, rest = '') => {
    if (written === '$$') return '$';
    const value = environment[name ?? ''] ?? '';
    if (value === '' && kind === ':?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return value === '' && kind === ':-' ? rest : value;
  });
}

function filledIn(value: unknown, environment: Environment): unknown {
  if (typeof value === 'string') return interpolated(value, environment);
  if (Array.isArray(value)) return value.map((item) => filledIn(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, environment)]));
}

/** Each variable that the compose file reads, with what follows its name: `:?…`, `:-…` or nothing. */
export const variables = (): readonly { readonly name: string; readonly kind: string }[] =>
  [...composeText.replaceAll(/^\s*#.*$/gm, '').matchAll(reference)].flatMap(([, name, kind = '']) =>
    name ? [{ name, kind }] : [],
  );

/** `deploy/.env.example`: each variable with its example value and the comment above it. */
export function exampleVariables() {
  const found: { readonly name: string; readonly value: string; readonly comment: string }[] = [];
  let comment = '';
  for (const line of textOf('deploy/.env.example').split('\n')) {
    const [, name, value = ''] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (line === '') comment = '';
    else if (line.startsWith('#')) comment += `${line}\n`;
    else if (name) found.push({ name, value, comment });
    else throw new Error(`deploy/.env.example: not a variable: ${line}`);
  }
  return found;
}

/** The example, filled in as an operator would. */
export const filledExample: Environment = {
  ...Object.fromEntries(exampleVariables().map(({ name, value }) => [name, value])),
  WUJI_SITE: 'wuji.example.cn',
  WUJI_TLS: 'operator@example.cn',
  WUJI_JWKS_URL: 'https://id.example.cn/jwks.json',
  WUJI_ISSUER: 'https://id.example.cn',
  WUJI_AUDIENCE: 'wuji',
  WUJI_MASTER_KEY: 'AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=',
  WUJI_BALLOT_KEY: '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
  EVENTSTORE_ADMIN_PASSWORD: 'a-password.of_the~admin',
  EVENTSTORE_OPS_PASSWORD: 'a-password-of-ops',
  REDIS_PASSWORD: 'a-password-of-redis',
  VAULT_PASSWORD: 'a-password-of-the-vault',
};
