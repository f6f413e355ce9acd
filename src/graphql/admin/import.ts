import { Int } from 'type-graphql';
import type { z } from 'zod';
import type { Official } from '../../domain/kernel/actor.js';
import type { Handle } from '../../domain/kernel/handle.js';
import type { Loader } from '../../domain/kernel/load.js';
import type { EventStore, NameId } from '../../domain/kernel/ports.js';
import type { Refusal } from '../../domain/kernel/refusal.js';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import type { ImportKind } from '../../domain/organization/import/columns.js';
import { importKinds } from '../../domain/organization/import/columns.js';
import type { RowResult } from '../../domain/organization/import/commit.js';
import { commitImport, rowResults } from '../../domain/organization/import/commit.js';
import { lookupOver } from '../../domain/organization/import/lookup.js';
import type { ImportPlan } from '../../domain/organization/import/plan.js';
import { countsOf, planImport, rowStates } from '../../domain/organization/import/plan.js';
import type { Table } from '../../domain/organization/import/table.js';
import type { post } from '../../domain/organization/post.js';
import { anyRegistrar, keepsRegisterOf } from '../../domain/organization/who.js';
import { postModel } from '../../projections/cases/registry.js';
import type { ReadStore } from '../../projections/kernel/ports.js';
import type { Projector } from '../../projections/kernel/projector.js';
import { query } from '../../projections/kernel/query.js';
import type { Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Derived } from '../derive/derive.js';
import { commandIdArgument } from '../derive/mutations.js';
import { orThrow, refused } from '../errors.js';
import type { Personal } from '../personal.js';
import { actorOf } from '../visible.js';
import type { Remember } from './commands.js';
import { asOfficial } from './operator.js';
import { adminRefusals } from './refusals.js';

export type ImportServices = {
  readonly handle: Handle;
  readonly loader: Loader;
  readonly store: EventStore;
  readonly reads: ReadStore;
  readonly projector: Pick<Projector, 'waitFor'>;
  readonly nameId: NameId;
  readonly personal: Pick<Personal, 'openState'>;
  /** Takes the bytes of a file apart: UTF-8 with or without a mark, or GBK. */
  readonly readTable: (bytes: Uint8Array) => Table | Refusal;
  readonly waitMs: number;
};

/** The register from a file, in two steps; for those who keep the register of a region. */
export function importOperations({ kit, actions }: Derived, services: () => ImportServices, remember: Remember) {
  const { names, words } = kit;
  const Kind = words('ImportKind', importKinds, 'What a file has rows of. 导入类别');
  const State = words('ImportRowState', rowStates, 'What a row would do. 预览状态');
  const Result = words('ImportRowResult', rowResults, 'What became of a row. 导入结果');
  const Row = objectType(names.claim('ImportRow'), 'A row of the file. 导入行', {
    line: { type: () => Int, description: 'Where it begins in the file; the header is line 1. 行号' },
    state: { type: () => State },
    result: { type: () => Result, nullable: true, description: 'Null in a preview. 预览时为空' },
    problem: { type: () => actions.RefusalType, nullable: true, description: 'Why it is not imported. 问题' },
    cells: { type: () => [String], description: 'As the file has them. 单元格' },
  });
  const Counts = objectType(names.claim('ImportCounts'), 'Rows of the whole file in each state. 各状态行数', {
    new: { type: () => Int },
    changed: { type: () => Int },
    unchanged: { type: () => Int },
    error: { type: () => Int },
  });
  const Import = objectType(names.claim('Import'), 'A file as it is understood. 导入', {
    headers: { type: () => [String] },
    total: { type: () => Int, description: 'Rows in the file. 总行数' },
    counts: { type: () => Counts },
    rows: { type: () => [Row] },
  });

  async function planned(kind: ImportKind, content: string, official: Official) {
    const { loader, store, projector, reads, nameId, readTable, personal, waitMs } = services();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(content)) throw refused(adminRefusals.NOT_BASE64());
    const table = orThrow(readTable(Buffer.from(content, 'base64')));
    // Posts are found in a read model: let it see what the rows before have written.
    const head = await store.head();
    if (head !== undefined) await projector.waitFor(head, waitMs);
    const lookup = lookupOver({
      loader,
      open: personal.openState,
      nameId,
      posts: (person) => postsOf(reads, person),
      inCharge: (region) => keepsRegisterOf(official, region),
    });
    return { table, plan: orThrow(await planImport(kind, table, lookup)) };
  }

  function view(
    { headers, rows: cells }: Table,
    plan: ImportPlan,
    part: ImportPlan['rows'],
    results?: readonly RowResult[],
  ) {
    const counts = countsOf(plan);
    const cellsAt = new Map(cells.map((row) => [row.line, row.cells]));
    const rows = part.map(({ line, state, problem }, index) => {
      const result = results?.[index];
      const why = result ? result.problem : problem;
      return instance(Row, {
        line,
        state,
        result: result?.result ?? null,
        problem: why ? actions.refusalView(why) : null,
        cells: cellsAt.get(line) ?? [],
      });
    });
    const { NEW, CHANGED, UNCHANGED, ERROR } = counts;
    return instance(Import, {
      headers,
      total: plan.rows.length,
      counts: instance(Counts, { new: NEW, changed: CHANGED, unchanged: UNCHANGED, error: ERROR }),
      rows,
    });
  }

  const mutations: Operations = {
    importRegister: {
      type: () => Import,
      description:
        'Read a CSV file into the register. First without `commit`: what each row would do, and what is wrong with it; nothing is written. Then with `commit`: each good row is carried out by itself. The same file twice changes nothing. 导入名册：先预览，后提交',
      args: {
        kind: { type: () => Kind },
        content: { type: () => String, description: 'The bytes of the file in base64; UTF-8 or GBK. 文件内容' },
        commit: { type: () => Boolean, defaultValue: false },
        from: { type: () => Int, defaultValue: 0, description: 'Leave out so many rows at the beginning. 跳过行数' },
        rows: { type: () => Int, nullable: true, description: 'Take so many rows only. 处理行数' },
        commandId: commandIdArgument,
      },
      async resolve({ kind, content, commit, from, rows, commandId }, context) {
        const official = orThrow(asOfficial(actorOf(context)));
        if (!anyRegistrar.allows(official, undefined)) {
          const [who, zhWho] = anyRegistrar.name;
          throw refused(kernelRefusals.NOT_ALLOWED({ who, zhWho }));
        }
        // Each row has a command of its own, which a second run meets again: only another file has to be refused.
        if (commit === true) remember(official, commandId, { kind, content, from, rows });
        const { table, plan } = await planned(kind as ImportKind, String(content), official);
        const start = Math.max(0, Number(from));
        const part = plan.rows.slice(start, typeof rows === 'number' ? start + Math.max(0, rows) : undefined);
        if (commit !== true) return view(table, plan, part);
        const { handle } = services();
        const results = await commitImport({ ...plan, rows: part }, (command) =>
          handle({ ...command, actor: official }),
        );
        return view(table, plan, part, results);
      },
    },
  };
  return { mutations };
}

type Post = z.infer<typeof post.state>;
const pageSize = 200;

/** All posts that a person has or had. The register is public. */
async function postsOf(reads: ReadStore, person: string): Promise<readonly Post[]> {
  return reads.snapshot(async (view) => {
    const posts = query(view, postModel);
    const found: Post[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await posts.page('byAudience:person', { prefix: ['public', person], limit: pageSize, after });
      found.push(...page.rows.map(({ row }) => row.state));
      after = page.rows.at(-1)?.cursor;
      more = page.more && after !== undefined;
    }
    return found;
  });
}
