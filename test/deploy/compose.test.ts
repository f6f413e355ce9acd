import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Service } from './support/files.js';
import { composeWith, exampleVariables, filledExample, rawCompose, root, textOf, variables } from './support/files.js';

const { services, volumes } = composeWith(filledExample);
const named = Object.entries(services);
const waits = named.flatMap(([service, { depends_on }]) =>
  Object.entries(depends_on).map(([on, how]) => ({ service, on, ...how })),
);
/** Services that others wait on to end. */
const oneShots = new Set(
  waits.filter(({ condition }) => condition === 'service_completed_successfully').map(({ on }) => on),
);

/** What operators run by hand. */
const isTool = ({ profiles }: Service): boolean => profiles.join() === 'tools';

/** The Compose Specification's JSON schema, as the linter `dclint` ships it. */
function composeSchema(): object {
  const package_ = createRequire(import.meta.url).resolve('dclint/package.json');
  const text = readFileSync(join(dirname(package_), 'schemas/compose.schema.json'), 'utf8');
  const { $schema: _, ...schema } = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  return schema;
}

describe('docker-compose.yml', () => {
  it('is a file of the Compose Specification (issue 3, part 5)', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    ajvFormats.default(ajv);
    const valid = ajv.compile(composeSchema());
    valid(rawCompose());
    expect(valid.errors ?? []).toEqual([]);
    expect(valid({ services: { redis: { image: 'redis:7', restarts: 'always' } } })).toBe(false);
  });

  it('has an image with a fixed tag for each service (libraries.md §2)', () => {
    for (const [name, { image }] of named) {
      const [, tag] = /:([\w.-]+)$/.exec(image) ?? [];
      expect(tag, `${name}: ${image}`).toMatch(/^\d/);
    }
    expect(services.eventstore1?.image).toBe('docker.eventstore.com/eventstore/eventstoredb-ee:24.10');
  });

  it.each(named)('%s is watched, limited, brought back, and has no rights it does not need', (name, service) => {
    expect(service.deploy?.resources.limits).toBeDefined();
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.stop_grace_period).toBe('30s');
    if (oneShots.has(name) || isTool(service)) {
      expect(service.restart).toBe(isTool(service) ? 'no' : 'on-failure');
      expect(service.healthcheck?.disable).toBe(true);
    } else {
      expect(service.restart).toBe('unless-stopped');
      expect(service.healthcheck?.test?.[0]).toMatch(/^CMD/);
    }
  });

  it('has three EventStoreDB nodes that know each other, or a single one; the rest is in both profiles', () => {
    const inProfile = (profile: string) =>
      named.filter(([, { profiles }]) => profiles.includes(profile)).map(([name]) => name);
    const common = ['certificates', 'redis', 'vault', 'wuji1', 'wuji2', 'proxy'];
    expect(new Set(inProfile('single'))).toEqual(new Set([...common, 'eventstore']));
    const members = ['eventstore1', 'eventstore2', 'eventstore3'];
    expect(new Set(inProfile('cluster'))).toEqual(new Set([...common, ...members]));
    for (const member of members) {
      const { environment = {}, networks } = services[member] ?? {};
      expect(environment.EVENTSTORE_CLUSTER_SIZE).toBe('3');
      expect(environment.EVENTSTORE_NODE_HOST_ADVERTISE_AS).toBe(member);
      expect(environment.EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS).toBe(member);
      const others = members.filter((other) => other !== member).map((other) => `${other}:2113`);
      expect(environment.EVENTSTORE_GOSSIP_SEED?.split(',')).toEqual(others);
      expect(networks).toEqual({ log: { aliases: ['eventstore'] } });
    }
  });

  it('waits only for services of the same profile, unless it says that they may be missing', () => {
    for (const { service, on, required } of waits) {
      const missing = services[service]?.profiles.filter((profile) => !services[on]?.profiles.includes(profile));
      if (required) expect(missing, `${service} → ${on}`).toEqual([]);
    }
    expect(waits.filter(({ condition }) => condition === 'service_started')).toEqual([]);
  });

  it('opens only the proxy to the outside, and no port twice in one profile', () => {
    for (const [name, { ports }] of named)
      for (const port of ports) if (name !== 'proxy') expect(port, name).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    for (const profile of ['single', 'cluster']) {
      const ports = named.flatMap(([, service]) =>
        service.profiles.includes(profile) ? service.ports.map((port) => port.replace(/:\d+$/, '')) : [],
      );
      expect(new Set(ports).size).toBe(ports.length);
    }
  });

  it('mounts volumes that are declared and files that exist; the key of the authority reaches one service only', () => {
    const mounts = named.flatMap(([service, { volumes: list }]) =>
      list.map((mount) => ({ service, source: mount.split(':')[0] ?? '' })),
    );
    const files = mounts.filter(({ source }) => source.startsWith('./'));
    expect(files.filter(({ source }) => !existsSync(join(root, source)))).toEqual([]);
    const used = mounts.filter(({ source }) => !source.startsWith('./')).map(({ source }) => source);
    expect(new Set(used)).toEqual(new Set(Object.keys(volumes)));
    const writers = named
      .filter(([, { volumes: list }]) => list.includes('audit-key:/audit'))
      .map(([service]) => service);
    expect(writers).toEqual(['audit-key']);
    expect(mounts.filter(({ source }) => source === 'authority').map(({ service }) => service)).toEqual([
      'certificates',
    ]);
  });
});

describe('the variables of docker-compose.yml', () => {
  it('are those of deploy/.env.example, each explained in Chinese and English', () => {
    const ofCompose = (name: string): boolean => name.startsWith('COMPOSE_');
    const examples = exampleVariables().filter(({ name }) => !ofCompose(name));
    expect(new Set(examples.map(({ name }) => name))).toEqual(new Set(variables().map(({ name }) => name)));
    // Variables without an empty line between them share the comment above.
    for (const { name, comment } of exampleVariables()) {
      expect(comment, name).toMatch(/[\u4e00-\u9fff]/);
      expect(comment, name).toMatch(/[A-Za-z]+[ :]+[A-Za-z]+ [a-z]+/);
    }
  });

  it('include no secret that has a value in the example', () => {
    const secrets = exampleVariables().filter(({ name }) => /PASSWORD|SECRET|TOKEN/.test(name));
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter(({ value }) => value !== '')).toEqual([]);
    expect(textOf('.gitignore').split('\n'), 'the filled-in file must not be committed').toContain('.env');
  });

  it('are required where the example leaves them empty: compose refuses to start on the bare example', () => {
    const empty = exampleVariables().filter(({ value }) => value === '');
    for (const { name } of empty)
      for (const variable of variables()) if (variable.name === name) expect(variable.kind, name).toBe(':?');
    for (const { name } of empty)
      expect(() => composeWith({ ...filledExample, [name]: '' }), name).toThrow(`required variable ${name}`);
  });

  it('carry every password: none is written into the file (issue 3, part 5: no default passwords)', () => {
    const written = z
      .object({
        services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()).default({}) })),
      })
      .parse(rawCompose());
    const required = /^\$\{[A-Z_]+:\?[^}]+\}$/;
    let seen = 0;
    for (const [service, { environment }] of Object.entries(written.services))
      for (const [name, value] of Object.entries(environment)) {
        const [, inUrl] = /:\/\/[^:/@]*:(.*)@/.exec(value) ?? [];
        // The path of a key is no key.
        const secret = !value.startsWith('/') && /PASS|AUTH$|SECRET|TOKEN|_KEY$/.test(name) ? value : inUrl;
        if (secret === undefined) continue;
        expect(secret, `${service}: ${name}`).toMatch(required);
        seen += 1;
      }
    expect(seen).toBeGreaterThan(8);
    const commands = named.flatMap(([, { command = [] }]) => command).join('\n');
    for (const [, word] of commands.matchAll(/--(?:requirepass|masterauth|pass)[ =](\S+)/g))
      expect(word).toMatch(/^"\$[A-Z_]+"$/);
  });
});
