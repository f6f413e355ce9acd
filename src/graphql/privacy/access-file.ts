import { createHash } from 'node:crypto';
import { ID, Int } from 'type-graphql';
import { refOfStream, streamOf } from '../../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../../domain/kernel/event.js';
import { idOfKey } from '../../domain/kernel/handle.js';
import { masked } from '../../domain/kernel/hidden.js';
import { personalIn } from '../../domain/kernel/personal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { Registry } from '../../domain/kernel/registry.js';
import { decode } from '../../domain/kernel/registry.js';
import { dataSubject } from '../../domain/support/data-subject/data-subject.js';
import { dataSubjectRefusals } from '../../domain/support/data-subject/refusals.js';
import { dataOfficer } from '../../domain/support/data-subject/who.js';
import { query } from '../../projections/kernel/query.js';
import { personalRecords } from '../../projections/privacy/personal-records.js';
import { withoutHidden } from '../../projections/redaction/cut.js';
import type { Context } from '../context.js';
import { instance, objectType } from '../derive/classes.js';
import { commandIdArgument } from '../derive/mutations.js';
import { orThrow, refused } from '../errors.js';
import { waitFor } from '../fresh.js';
import type { HandMade } from '../schema.js';
import type { Services } from '../services.js';
import { isId } from '../services.js';
import { actorOf } from '../visible.js';

const system = { kind: 'system', policy: 'access-file' } as const;
const pageSize = 500;

/**
 * The answer to an access request (PIPL art. 45): every personal value of the subject in the whole log, in clear, with
 * the event that recorded it. What others have in the same events is not in it; what is erased is null. It is shown also
 * while processing is restricted: to the person whose data it is, and to the officer, who protects it.
 */
export const accessFiles =
  (registry: Registry, services: () => Services): HandMade =>
  ({ kit }) => {
    const File = objectType(kit.names.claim('AccessFile'), 'A copy of a person’s data. 个人信息副本', {
      name: { type: () => String, description: 'What to call the file. 文件名' },
      content: { type: () => String, description: 'JSON. 内容' },
      digest: { type: () => String, description: 'SHA-256 of the content, as it is recorded. 摘要' },
      values: { type: () => Int, description: 'How many personal values it has. 条数' },
    });
    return {
      mutations: {
        makeAccessFile: {
          type: () => File,
          description:
            'Answer the open access request of a person with a file of all personal data that is kept of him or her. For the person and the personal-information officer. 提供个人信息副本（本人或个人信息保护负责人）',
          args: { subject: { type: () => ID, description: 'The person. 信息主体' }, commandId: commandIdArgument },
          resolve: async ({ subject }, context) => instance(File, await make(subject, context)),
        },
      },
    };

    async function make(subject: unknown, context: Context) {
      const { handle, loader, nameId, clock, personal } = services();
      const actor = actorOf(context);
      if (actor.kind === 'system' || !isId(subject)) throw refused(kernelRefusals.NOT_FOUND());
      if (actor.person !== subject && !dataOfficer.allows(actor, undefined))
        throw refused(dataSubjectRefusals.NOT_THE_SUBJECT());
      const ref = dataSubject.at(idOfKey(nameId, dataSubject.category, subject));
      const { state } = await loader.load(ref);
      const kept = dataSubject.state.safeParse(state);
      const request = kept.data?.requests.find(({ kind, status }) => kind === 'ACCESS' && status === 'OPEN')?.id;
      if (request === undefined) throw refused(dataSubjectRefusals.REQUEST_NOT_OPEN());
      await personal.noteAccess({ subject, category: 'IDENTITY' }, context);

      const { cases, values } = await collect(subject, streamOf(ref), context);
      const content = `${JSON.stringify({ subject, madeAt: clock.now().toISOString(), cases }, null, 2)}\n`;
      const digest = createHash('sha256').update(content).digest('hex');
      orThrow(
        await handle({
          ...{ action: 'fulfilAccess', id: ref.id, input: { request, digest } },
          ...{ actor: system, commandId: `access file ${request}` },
        }),
      );
      return { name: `personal-data-${subject}.json`, content, digest, values };
    }

    async function collect(subject: string, own: string, context: Context) {
      const { store } = services();
      await waitFor(services(), context, await store.head());
      const streams = new Set([own, ...(await streamsOf(subject))]);
      const cases: { category: string; id: string; events: object[] }[] = [];
      let values = 0;
      for (const stream of streams) {
        const events: object[] = [];
        for await (const event of store.readStream(stream)) {
          const found = await valuesOf(event, subject);
          if (stream !== own && !found) continue;
          values += Object.keys(found ?? {}).length;
          const { id, type, effectiveAt, meta } = event;
          events.push({
            id,
            type,
            label: registry.events.get(type)?.label,
            at: effectiveAt,
            action: meta.action,
            ...(found && { values: found }),
          });
        }
        cases.push({ ...refOfStream(stream), events });
      }
      return { cases, values };
    }

    async function streamsOf(subject: string): Promise<readonly string[]> {
      const records = query(services().reads, personalRecords);
      const found: string[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await records.page('bySubject', { prefix: [subject], limit: pageSize, after });
        found.push(...page.rows.map(({ row }) => row.stream));
        after = page.rows.at(-1)?.cursor;
        more = page.more && after !== undefined;
      }
      return found;
    }

    /** By path. `undefined`: nothing in it is the subject's. */
    async function valuesOf(recorded: RecordedEvent, subject: string) {
      const { type, data, stream } = decode(registry, recorded);
      const schema = registry.events.get(type)?.schema;
      const { id: caseId } = refOfStream(stream);
      // A secret stays one also from the person it is about (PIPL art. 35).
      const seen = { caseId, shown: 'office' } as const;
      const hidden = services().redactions.hiddenFrom(caseId, seen.shown);
      const shown = schema && withoutHidden(services().redactions, schema, data, seen);
      const found = schema ? personalIn(schema, shown, caseId) : [];
      const own = found.filter((one) => one.subject === subject);
      if (own.length === 0) return undefined;
      const values: Record<string, string | null> = {};
      for (const one of own) {
        const text = await services().personal.textOf(one);
        values[one.path] = text === null || hidden === 'all' ? null : masked(text, hidden ?? []);
      }
      return values;
    }
  };
