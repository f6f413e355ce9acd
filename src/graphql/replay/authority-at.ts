import { ID, Int } from 'type-graphql';
import { kernelRefusals } from '../../domain/kernel/refusals.js';
import { levels } from '../../domain/kernel/region.js';
import type { Registry } from '../../domain/kernel/registry.js';
import type { CaseModel } from '../../projections/kernel/case-model.js';
import type { Authority, HolderKind } from '../../projections/replay/authority.js';
import { authorityAt, holderKinds } from '../../projections/replay/authority.js';
import type { Context } from '../context.js';
import type { Class, Operations } from '../derive/classes.js';
import { instance, objectType } from '../derive/classes.js';
import type { Derived } from '../derive/derive.js';
import { cursorOfPlace, listCases, pageSize, placeOfCursor } from '../derive/pages.js';
import { inClear } from '../derive/personal.js';
import { RegionCode } from '../derive/scalars.js';
import { orThrow, refused } from '../errors.js';
import { waitFor, waitForArgument } from '../fresh.js';
import { liveRefusals } from '../live/cursor.js';
import { actorOf, classFor, classForPast } from '../visible.js';
import { placeOf, timeAt } from './log-at.js';
import type { ReplayServices } from './replay.js';

type ListPlace = NonNullable<ReturnType<typeof placeOfCursor>>;
type Wanted = { readonly person: unknown; readonly organ: unknown; readonly region: unknown };

/** Holders that one page looks at: a filter that fits nobody ends, and goes on with the next page. */
const mostLookedAt = 500;

/** Who held which mandate and post at a point of the past, and what it let him or her do. */
export function authorityQueries(
  { kit, cases, regions }: Derived,
  {
    registry,
    models,
    logAt,
  }: { readonly registry: Registry; readonly models: readonly CaseModel[]; readonly logAt: Class },
  services: () => ReplayServices,
): Operations {
  const { names } = kit;
  const Held = objectType(
    names.claim('Authority'),
    'A mandate or a post as it was, and what it was worth. The case behind it is shown as it is now. 当时的职权',
    {
      ...cases.reference('person'),
      ...cases.reference('mandate'),
      ...cases.reference('post'),
      ...cases.reference('organ'),
      name: { type: () => String, nullable: true, description: 'The holder’s name on the register then. 当时姓名' },
      organName: { type: () => String, nullable: true, description: 'The organ’s name then. 当时机关名称' },
      organKind: { type: () => String, nullable: true, description: 'The organ’s part in the work. 机关类别' },
      role: { type: () => String, nullable: true, description: 'In the organ. 岗位职务' },
      region: { type: () => regions.type, description: 'Of the congress or the organ. 所属区划' },
      level: {
        type: () => kit.words('Level', levels, ''),
        nullable: true,
        description: 'Of a deputy’s congress. 层级',
      },
      standing: {
        type: () => kit.words('Standing', ['elected', 'active', 'suspended', 'ended'], ''),
        description: 'Only `active` can act. 履职状态',
      },
      tags: {
        type: () => [String],
        description: 'What the holder was addressed by: cases with one were visible. 受众标签',
      },
      actions: {
        type: () => [String],
        description: 'Actions that were open: on the case `caseId`, or those that begin one. 当时可执行的操作',
      },
    },
  );
  const page = kit.connection('Authority', () => Held, 'A page of those who held something. 职权列表');

  /** The register is public; a name that was erased since is null. */
  async function nameOf(context: Context, name: Authority['name'], person: string): Promise<string | null> {
    const seen = { caseId: person, shown: 'public' } as const;
    const shown = await inClear(services(), registry.aggregate('person').state, { name }, seen, context);
    return (shown as { readonly name: string | null }).name;
  }

  async function view(context: Context, held: Authority): Promise<object> {
    const { kind, id, actor, organName, tags, actions } = held;
    const name = await nameOf(context, held.name, actor.person);
    const shared = {
      personId: actor.person,
      [`${kind}Id`]: id,
      name,
      organName,
      standing: actor.standing,
      tags,
      actions,
    };
    return instance(
      Held,
      actor.kind === 'deputy'
        ? { ...shared, region: regions.view(actor.congress), level: actor.level }
        : {
            ...{ ...shared, region: regions.view(actor.region) },
            ...{ organId: actor.organ, organKind: actor.organKind, role: actor.role },
          },
    );
  }

  /** A case that the viewer may see now and could see then; else it is as if it did not exist. */
  async function aboutCase(context: Context, caseId: unknown, position: string) {
    if (caseId === null || caseId === undefined) return undefined;
    const { loader } = services();
    const found = await cases.find(context, caseId);
    // A case that is hidden costs no more than one that does not exist.
    if (!found || !classFor(context, found.row.audience)) throw refused(kernelRefusals.NOT_FOUND());
    const { category } = found;
    const ref = { category, id: String(caseId) };
    const [now, then] = await Promise.all([loader.load(ref), loader.loadAt(ref, { position })]);
    const { audience } = registry.aggregate(category);
    const present = now.state === undefined ? undefined : classFor(context, audience(now.state as never, ref.id));
    const shown =
      present && then.state !== undefined && classForPast(context, audience(then.state as never, ref.id), present);
    if (!shown) throw refused(kernelRefusals.NOT_FOUND());
    return ref;
  }

  return {
    authorityAt: {
      type: () => page.type,
      description:
        'Who held which mandate and post at a point of the past, and what it let them do: by the register as it stood in the log then, mandates first. For whoever signs in. 某一时点的职权',
      args: {
        at: { type: () => logAt },
        personId: { type: () => ID, nullable: true, description: 'Only of this person. 人员' },
        organId: { type: () => ID, nullable: true, description: 'Only posts in this organ then. 机关' },
        region: { type: () => RegionCode, nullable: true, description: 'Only of this region. 区划' },
        caseId: { type: () => ID, nullable: true, description: 'What they could do with this case then. 事项' },
        first: { type: () => Int, defaultValue: 20, description: 'Rows of the page, 1 to 100. 每页行数' },
        after: { type: () => String, nullable: true, description: '`endCursor` of the page before. 游标' },
        waitFor: waitForArgument,
      },
      async resolve(args, context) {
        actorOf(context);
        const limit = pageSize(args.first);
        const begin = cursorGiven(args.after);
        await waitFor(services(), context, args.waitFor);
        const { position } = orThrow(await placeOf(services(), args.at));
        if (position === undefined) return page.view({ edges: [], more: false, after: args.after });
        const about = await aboutCase(context, args.caseId, position);
        const then = { position, now: await timeAt(services().store, position) };
        const wanted = { person: args.personId, organ: args.organId, region: args.region };
        const edges: { readonly cursor: string; readonly node: object }[] = [];
        let end: Cursor | undefined;
        let looked = 0;
        let more = false;
        for await (const holder of holdersBehind(begin, wanted)) {
          more = edges.length === limit || looked++ === mostLookedAt;
          if (more) break;
          end = holder;
          const held = await authorityAt({ ...services(), registry }, then, holder, about);
          if (held && fits(held, wanted)) edges.push({ cursor: encoded(holder), node: await view(context, held) });
        }
        return page.view({ edges, more, after: args.after, end: more && end ? encoded(end) : undefined });
      },
    },
  };

  /** Mandates, then posts, newest first. The register is public and forgets nobody: what was held has a row for ever. */
  async function* holdersBehind(begin: Cursor | undefined, { person }: Wanted): AsyncIterable<Cursor> {
    const narrowed = typeof person === 'string' ? { field: 'person', values: [person] } : undefined;
    const kinds = holderKinds.slice(begin ? holderKinds.indexOf(begin.kind) : 0);
    for (const kind of kinds) {
      const model = models.find(({ name }) => name === kind);
      let after: ListPlace | undefined = begin?.kind === kind ? begin : undefined;
      for (let more = model !== undefined; more && model; ) {
        const options = { tags: ['public'], narrowed, after, limit: 100, accepts: () => true };
        const list = await services().reads.snapshot((read) => listCases(read, model, options));
        for (const { place } of list.rows) yield { kind, ...place };
        after = list.end;
        more = list.more;
      }
    }
  }
}

type Cursor = ListPlace & { readonly kind: HolderKind };
const encoded = ({ kind, ...place }: Cursor): string => `${kind}.${cursorOfPlace(place)}`;

function cursorGiven(cursor: unknown): Cursor | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const [name, place] = String(cursor).split('.');
  const kind = holderKinds.find((one) => one === name);
  const at = placeOfCursor(place ?? '');
  if (!kind || !at) throw refused(liveRefusals.BAD_CURSOR());
  return { kind, ...at };
}

function fits({ actor }: Authority, { organ, region }: Wanted): boolean {
  const own = actor.kind === 'deputy' ? actor.congress : actor.region;
  if (typeof region === 'string' && own !== region) return false;
  return typeof organ !== 'string' || (actor.kind === 'official' && actor.organ === organ);
}
