import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { openApi } from './composition/api.js';
import { openDoors } from './composition/doors.js';
import { openOwnKeys } from './composition/keys.js';
import type { Node } from './composition/node.js';
import { openPast } from './composition/past.js';
import { createShowing } from './composition/showing.js';
import { createWork } from './composition/work.js';
import { openWriting } from './composition/writing.js';
import type { Clock } from './domain/kernel/ports.js';
import type { Refusal } from './domain/kernel/refusal.js';
import { isRefusal } from './domain/kernel/refusal.js';
import type { OperatorIds } from './domain/organization/bootstrap.js';
import { wuji } from './domain/wuji.js';
import type { Auth } from './infra/auth.js';
import { closeAll } from './infra/closing.js';
import type { Settings } from './infra/config.js';
import { seldom } from './infra/log.js';
import { createWatch } from './infra/telemetry.js';
import { readTrustedDocuments } from './infra/trusted-documents.js';
import { openProfile } from './profile.js';
import { caseModels } from './projections/cases/index.js';

export type Wuji = {
  readonly url: string;
  readonly auth: Auth;
  /** As whom the platform's operator signs in. */
  readonly operator: OperatorIds;
  /** Does what the calendar asks for now, and waits until all that follows has been done and can be read. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

/** How long the start waits for the read models. */
const startMs = 30_000;

type Options = {
  readonly log: Logger;
  readonly clock?: Clock;
  /** What the program's own clients send: run beside those of an allow-list. */
  readonly ownDocuments?: (schema: GraphQLSchema) => readonly string[];
};

/** The composition root. Resolves to a refusal when it may not start. */
export async function startWuji(settings: Settings, options: Options): Promise<Wuji | Refusal> {
  const { log, clock = { now: () => new Date() }, ownDocuments = () => [] } = options;
  const onProblem = (problem: unknown) => log.error({ err: problem }, 'problem');
  const node: Node = { settings, clock, log, onProblem, closing: [] };
  const close = () => closeAll(node.closing);
  try {
    const started = await open(node, ownDocuments);
    if (!isRefusal(started)) return { ...started, close };
    await close();
    return started;
  } catch (error) {
    // Why it did not start is what the operator has to be told.
    await close().catch(onProblem);
    throw error;
  }
}

/** Each part is opened when all that it stands on is there; what is opened last is closed first. */
async function open(
  node: Node,
  ownDocuments: NonNullable<Options['ownDocuments']>,
): Promise<Omit<Wuji, 'close'> | Refusal> {
  const { settings, clock, log, onProblem, closing } = node;
  const listed = await readTrustedDocuments(settings);
  if (isRefusal(listed)) return listed;
  const keys = await openOwnKeys(node);
  if (isRefusal(keys)) return keys;
  const { auth, auditKey, seals } = keys;

  const profile = await openProfile(settings, {
    ...{ registry: wuji, clock, onProblem, closing, auditKey },
    onDropped: (reason) => log.warn({ reason }, 'the read models are built anew from the log'),
    onLogProgress: seldom((progress) => log.info(progress, 'the log is made ready')),
  });
  const { reads } = profile;
  const watch = createWatch(wuji, clock);
  const writing = await openWriting(node, { store: profile.store, seals, watch });
  if (isRefusal(writing)) return writing;

  const guarding = await profile.guarding();
  const work = createWork(node, { profile, writing, seals, watch });
  const running = await profile.run(work.begin, work.models, caseModels);
  const { readModels } = running;

  const past = openPast(node, writing.store);
  const showing = createShowing(node, { reads, writing, seals });
  const { revocations } = guarding;
  const api = openApi(node, {
    ...{ profile, writing, readModels, work, past, showing, revocations, listed, ownDocuments },
  });
  if (isRefusal(api)) return api;

  if ((await readModels.caughtUp(startMs)) === 'timeout')
    log.warn('the read models have not caught up yet: answers are old until /health/ready says otherwise');
  await showing.follow(readModels);
  const url = await openDoors(node, { profile, running, work, guarding, auth, api, showing, watch });
  work.listens();
  return { url, auth, operator: writing.operator, settle: work.settle };
}
