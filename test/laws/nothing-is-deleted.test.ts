import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { wuji } from '../../src/domain/wuji.js';
import { createApi } from '../../src/graphql/api.js';
import { openEmbeddedEventStore } from '../../src/infra/event-store/embedded.js';
import { openEventStoreDB } from '../../src/infra/event-store/eventstoredb/index.js';
import { caseModels } from '../../src/projections/cases/index.js';
import { wuji as cli } from '../cli/support/terminal.js';
import { EventStoreDBDouble } from '../support/eventstoredb/double.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const deletes = /delete|truncate|tombstone|scavenge|purge|prune|compact|shorten|rewrite|drop/i;

describe('nobody can delete or shorten history (issue 5 part 1)', () => {
  it('the log, in a folder or in EventStoreDB, can be appended to and read, and nothing else', async () => {
    const embedded = await openEmbeddedEventStore({ folder: await temporaryFolder() });
    const double = await new EventStoreDBDouble(embedded).start();
    const eventStoreDB = await openEventStoreDB({ url: double.url });
    const methodsOf = (store: object) =>
      Object.getOwnPropertyNames(Object.getPrototypeOf(store)).filter((name) => name !== 'constructor');
    const allowed = ['append', 'readStream', 'readAll', 'subscribe', 'head', 'status', 'fault', 'close'];
    expect(methodsOf(embedded).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(methodsOf(eventStoreDB).filter((name) => !allowed.includes(name))).toEqual([]);
    await eventStoreDB.close();
    double.stop();
    await embedded.close();
  });

  it('the EventStoreDB adapter asks the server for no deletion and gives no stream an end of life', () => {
    const folder = 'src/infra/event-store/eventstoredb';
    const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(text.length).toBeGreaterThan(5);
    for (const one of text)
      expect(one).not.toMatch(/deleteStream|tombstone|setStreamMetadata|\$max|\$tb|truncateBefore|maxAge|scavenge/i);
  });

  it('no action, query or mutation and no command of the command line is one that deletes', async () => {
    const unused = (): never => {
      throw new Error('a schema that is looked at is not run');
    };
    const schema = createApi({ registry: wuji, models: caseModels }, unused);
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && ['Query', 'Mutation', 'Subscription'].includes(type.name))
      .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()) : []));
    expect(fields.length).toBeGreaterThan(100);
    expect([...fields, ...wuji.actions.keys()].filter((name) => deletes.test(name))).toEqual([]);
    const commands = async (...group: string[]) => {
      const { out } = await cli([...group, '--help']);
      return [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
    };
    const all = [...(await commands()), ...(await commands('log')), ...(await commands('audit'))];
    expect(all).toEqual(expect.arrayContaining(['serve', 'copy', 'check', 'witness']));
    expect(all.filter((name) => deletes.test(name))).toEqual([]);
  });
});
