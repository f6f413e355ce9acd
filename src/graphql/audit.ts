import { Float, ID, Int } from 'type-graphql';
import type { Actor } from '../domain/kernel/actor.js';
import type { CaseState } from '../domain/kernel/aggregate.js';
import { refOfStream } from '../domain/kernel/aggregate.js';
import type { RecordedEvent } from '../domain/kernel/event.js';
import { kernelRefusals } from '../domain/kernel/refusals.js';
import type { Registry } from '../domain/kernel/registry.js';
import { decode } from '../domain/kernel/registry.js';
import type { ViewerClass } from '../domain/kernel/visibility.js';
import { redact } from '../domain/kernel/visibility.js';
import type { CaseFile } from '../domain/proof/case-file.js';
import type { SignedHead } from '../domain/proof/tree-head.js';
import type { Finds } from '../projections/kernel/findable.js';
import { remembered, withoutUnfindable } from '../projections/kernel/findable.js';
import type { Audit, Showing } from '../projections/ledger/audit.js';
import { tracesIn } from '../projections/redaction/cut.js';
import type { Context } from './context.js';
import type { Operations } from './derive/classes.js';
import { instance, objectType } from './derive/classes.js';
import type { Derived } from './derive/derive.js';
import { Instant } from './derive/scalars.js';
import { orThrow, refused } from './errors.js';
import type { Present } from './present.js';
import { presentOf } from './present.js';
import type { HandMade } from './schema.js';
import type { Services } from './services.js';
import { actorOf } from './visible.js';

export type AuditServices = Pick<Services, 'loader' | 'redactions' | 'personal'> & { readonly audit: Audit };

const hashWords = 'SHA-256 in lower-case hexadecimal. 哈希值';

/** Proofs: what `wuji audit` works with. `docs/audit.md` says how each is verified. */
export const auditApi =
  (services: () => AuditServices): HandMade =>
  (derived) => {
    const { kit, registry, cases } = derived;
    const { names, Json } = kit;
    const TreeHead = objectType(
      names.claim('TreeHead'),
      'A signed statement of what the log was when it had `size` events: the root of its Merkle tree (RFC 6962). 存证树头',
      {
        log: { type: () => String, description: 'Which log. 日志标识' },
        size: { type: () => Float, description: 'Events in the log. 事件数' },
        root: { type: () => String, description: hashWords },
        time: { type: () => Instant, description: 'When it was signed. 签署时间' },
        key: { type: () => String, description: 'Fingerprint of the key: SHA-256 of `publicKey`’s text. 密钥指纹' },
        publicKey: { type: () => String, description: 'Ed25519, hexadecimal. 公钥' },
        signature: { type: () => String, description: 'Ed25519, hexadecimal. 签名' },
      },
    );
    const ProvenEvent = objectType(
      names.claim('ProvenEvent'),
      'An event of a case, and the proof that the head holds it. 事件及其存证证明',
      {
        revision: { type: () => Int, description: 'Dense from 0 within the case. 版本' },
        index: { type: () => Float, description: 'Which leaf of the tree it is, from 0. 叶序号' },
        hash: { type: () => String, description: hashWords },
        recordedAt: { type: () => Instant, description: 'When the log took it. 记录时间' },
        path: { type: () => [String], description: 'The audit path (RFC 6962 §2.1.1), from the leaf up. 审计路径' },
        event: {
          type: () => Json,
          nullable: true,
          description:
            'As it is stored, sealed fields sealed. Null: something in it is not yours to see; it is proved all the same. 存储的事件',
        },
        redactions: { type: () => [Json], description: 'What hides something in it: the public traces. 屏蔽痕迹' },
      },
    );
    const CaseProof = objectType(
      names.claim('CaseProof'),
      'Every event of a case under one signed head: what `wuji audit export` writes to a file. 事项存证',
      {
        format: { type: () => String },
        case: { type: () => Json, description: 'Its kind and id. 事项' },
        head: { type: () => TreeHead },
        events: { type: () => [ProvenEvent] },
        types: { type: () => Json, description: 'Words and JSON schemas of the events’ types. 事件类型说明' },
        madeAt: { type: () => Instant },
        seal: { type: () => String, description: 'Signature over all of the above. 封印签名' },
      },
    );
    const Tree = objectType(names.claim('Tree'), 'The log when it had `size` events. 存证树', {
      size: { type: () => Float },
      root: { type: () => String, description: hashWords },
    });
    const Consistency = objectType(
      names.claim('TreeConsistency'),
      'The proof that the later tree begins with the earlier one (RFC 6962 §2.1.2). 一致性证明',
      { from: { type: () => Tree }, to: { type: () => Tree }, path: { type: () => [String] } },
    );
    const Key = objectType(names.claim('AuditKey'), 'A key that heads are or were signed with. 存证密钥', {
      publicKey: { type: () => String },
      since: { type: () => Instant },
      endorsement: { type: () => Json, nullable: true, description: 'By the key before it. 前一密钥的背书' },
    });

    const headView = (head: SignedHead) => instance(TreeHead, head);
    const proofView = (file: CaseFile) =>
      instance(CaseProof, {
        ...file,
        head: headView(file.head),
        events: file.events.map((event) => instance(ProvenEvent, event)),
      });

    const queries: Operations = {
      treeHead: {
        type: () => TreeHead,
        description:
          'The head of the log as it stands, signed now if it has grown; for holders of a mandate or post. 当前存证树头',
        async resolve(_, context) {
          holderOf(context);
          return headView(orThrow(await services().audit.head()));
        },
      },
      treeConsistency: {
        type: () => Consistency,
        description:
          'The proof that the log of `to` events begins with the log of `from` events, unchanged. 一致性证明',
        args: { from: { type: () => Float }, to: { type: () => Float } },
        async resolve({ from, to }, context) {
          holderOf(context);
          const found = orThrow(await services().audit.consistency(Number(from), Number(to)));
          const { path } = found;
          return instance(Consistency, { path, from: instance(Tree, found.from), to: instance(Tree, found.to) });
        },
      },
      auditKeys: {
        type: () => [Key],
        description: 'The keys of the heads, oldest first, each vouched for by the one before. 存证密钥',
        resolve(_, context) {
          holderOf(context);
          return services()
            .audit.keys()
            .map((key) => instance(Key, key));
        },
      },
      auditProof: {
        type: () => CaseProof,
        description:
          'Every event of a case with its proof, under one signed head: whole where its history shows it whole to you, else as its hash. For auditors of its region, and for those who see the whole case. 事项存证（限审计人员及可见全部内容者）',
        args: { caseId: { type: () => ID } },
        async resolve({ caseId }, context) {
          const { redactions, personal, audit } = services();
          const { ref, classOf } = await permitted(derived, services(), context, caseId);
          const finds = remembered((one) => cases.finds(context, one));
          const show = (event: RecordedEvent) =>
            showing({ registry, redactions, personal, finds }, event, classOf(event));
          return proofView(orThrow(await audit.fileOf(ref, show)));
        },
      },
    };
    return { queries };
  };

/** Heads say nothing of any case; yet nobody who is not known asks for work. */
function holderOf(context: Context): Actor {
  return actorOf(context);
}

/** An auditor has the proof of every case of the own region that can be found, others of what they see as its offices do. */
async function permitted(
  derived: Derived,
  services: AuditServices,
  context: Context,
  caseId: unknown,
): Promise<Present> {
  const actor = actorOf(context);
  const present = await presentOf(derived, services, context, caseId);
  const { region } = present.state as CaseState;
  if (present.shown !== 'office' && !(isAuditor(actor) && region === actor.region))
    throw refused(
      kernelRefusals.NOT_ALLOWED({
        who: 'auditors and those who see the whole case',
        zhWho: '审计人员及可见全部内容者',
      }),
    );
  return present;
}

const isAuditor = (actor: Actor): actor is Extract<Actor, { kind: 'official' }> =>
  actor.kind === 'official' && actor.organKind === 'AUD' && actor.role !== 'expert' && actor.standing === 'active';

type Showable = Pick<AuditServices, 'redactions' | 'personal'> & { readonly registry: Registry; readonly finds: Finds };

/**
 * An event goes into the file as it is stored, or as its hash alone: where the history of the case would keep something
 * of it from the viewer (what is sealed apart: it stays sealed), all of it is withheld, because its hash is over the
 * whole. `shown`: its class in the history.
 */
async function showing(
  { registry, redactions, personal, finds }: Showable,
  recorded: RecordedEvent,
  shown: ViewerClass | undefined,
): Promise<Showing> {
  const { type, data, stream } = decode(registry, recorded);
  const schema = registry.events.get(type)?.schema;
  if (!schema || !shown) return withheld;
  const { id: caseId } = refOfStream(stream);
  const open = personal.withoutClosed(schema, redact(schema, data, shown), caseId);
  const seen = await withoutUnfindable(registry, schema, open, finds);
  if (JSON.stringify(seen) !== JSON.stringify(data)) return withheld;
  const traces = tracesIn(redactions, schema, data, { caseId, shown });
  const own = await Promise.all(traces.map(({ id }) => finds({ category: 'redaction', id })));
  return { isShown: traces.length === 0, redactions: traces.filter((_, n) => own[n]) };
}

const withheld: Showing = { isShown: false, redactions: [] };
