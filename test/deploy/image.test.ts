import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { copiesOf, every, stagesOf } from './support/dockerfile.js';
import { composeWith, filledExample, root, textOf } from './support/files.js';

const stages = stagesOf('Dockerfile');
const [build, dependencies, image] = stages;
const { engines, scripts } = z
  .object({ engines: z.object({ node: z.string() }), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(textOf('package.json')));
const ignore = textOf('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const allowed = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));

describe('Dockerfile', () => {
  it('builds with everything, and runs with the dependencies of production only', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'dependencies', 'node']);
    const [install, run = ''] = every(build, 'RUN');
    expect(install).toBe('npm ci');
    expect(run).toBe('npm run build');
    expect(scripts).toHaveProperty(run.replace('npm run ', ''));
    expect(every(dependencies, 'RUN')).toEqual(['npm ci --omit=dev']);
    expect(image?.instructions.filter(({ rest }) => rest.includes('npm'))).toEqual([]);
  });

  it("has package.json's major version of Node in every stage", () => {
    const [major] = /\d+/.exec(engines.node) ?? [];
    for (const stage of stages) expect(stage.image).toBe(`node:${major}-bookworm-slim`);
    expect(every(image, 'LABEL')[0]).toContain(`base.name="docker.io/library/${image?.image}"`);
  });

  it('runs as a user without rights, in a data folder that is his', () => {
    const instructions = image?.instructions ?? [];
    const user = instructions.findIndex(({ name }) => name === 'USER');
    expect(instructions[user]?.rest).toBe('node');
    // Nothing is installed or copied as this user, and nothing changes it back.
    expect(instructions.slice(user + 1).filter(({ name }) => ['USER', 'RUN', 'COPY'].includes(name))).toEqual([]);
    expect(every(image, 'RUN')).toEqual(['install -d -o node -g node -m 700 /data /audit']);
    expect(every(image, 'ENV')[0]).toContain('WUJI_DATA=/data');
  });

  it('is watched with node itself, stops with SIGTERM, and says what it is', () => {
    expect(every(image, 'HEALTHCHECK')[0]).toContain('CMD ["node", "-e"');
    expect(every(image, 'STOPSIGNAL')).toEqual(['SIGTERM']);
    for (const label of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(every(image, 'LABEL')[0]).toContain(`org.opencontainers.image.${label}=`);
  });

  it('copies what exists and is let in by .dockerignore', () => {
    for (const stage of stages)
      for (const { from, sources } of copiesOf(stage)) {
        if (from !== undefined) {
          expect(stages.map(({ name }) => name)).toContain(from);
          continue;
        }
        for (const source of sources) {
          expect(existsSync(join(root, source)), source).toBe(true);
          const top = source.replace(/^\.\//, '').split('/')[0];
          expect(allowed, source).toContain(top);
        }
      }
  });

  it('copies all that the compiler is told to read', () => {
    const { include } = z.object({ include: z.array(z.string()) }).parse(JSON.parse(textOf('tsconfig.build.json')));
    const copied = stages.flatMap((stage) => copiesOf(stage).flatMap(({ sources }) => sources));
    // The demo is no part of the image.
    for (const folder of include.filter((name) => name !== 'demo')) expect(copied).toContain(folder);
  });
});

describe('.dockerignore', () => {
  it('lets in what the image is made of, and nothing else: no secret, no data, no history', () => {
    expect(ignore[0]).toBe('*');
    expect(ignore.slice(1).every((line) => line.startsWith('!'))).toBe(true);
    const copied = stages.flatMap((stage) =>
      copiesOf(stage).flatMap(({ from, sources }) => (from ? [] : sources.map((source) => source.split('/')[0]))),
    );
    expect(new Set(allowed)).toEqual(new Set(copied));
  });
});

describe('the certificates of EventStoreDB', () => {
  it('are made for each node of the compose file, under the path where the node looks', () => {
    const { services } = composeWith(filledExample);
    const nodes = Object.entries(services).filter(([name]) => /^eventstore\d?$/.test(name));
    expect(services.certificates?.command).toEqual(nodes.map(([name]) => name));
    for (const [name, { environment }] of nodes) {
      expect(environment.EVENTSTORE_CERTIFICATE_FILE).toBe(`/certificates/${name}/node.crt`);
      expect(environment.EVENTSTORE_CERTIFICATE_PRIVATE_KEY_FILE).toBe(`/certificates/${name}/node.key`);
    }
  });

  it('are made by a script that a shell can read', () => {
    execFileSync('bash', ['-n', join(root, 'deploy/eventstore/certificates.sh')]);
  });
});
