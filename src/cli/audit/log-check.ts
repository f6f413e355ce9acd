import { readFile } from 'node:fs/promises';
import type { EventStore } from '../../domain/kernel/ports.js';
import type { Bilingual, Refusal } from '../../domain/kernel/refusal.js';
import type { EndorsedKey, SignedHead } from '../../domain/proof/tree-head.js';
import { endorsedKey } from '../../domain/proof/tree-head.js';
import type { HeadsFault, LinkFault, LogFault } from '../../domain/proof/verify-log.js';
import { createLogCheck, faultOfHeads } from '../../domain/proof/verify-log.js';
import { verifyText } from '../../infra/ed25519.js';
import { eventsOf, shareOf } from '../../infra/event-store/copy.js';
import { inOrder, readHeads } from '../../infra/head-file.js';
import { sha256 } from '../../infra/sha256.js';
import { cliRefusals, exitCodes, failure, reasonOf } from '../failure.js';
import type { Pace } from '../log-progress.js';
import { auditRefusals } from './refusals.js';

const headFaults: Record<HeadsFault['fault'], Bilingual> = {
  signature: ['its signature does not hold', '签名无效'],
  key: ['it is signed by a key that the earlier one does not vouch for', '签署密钥未经此前密钥背书'],
  root: ['another head of as many events has another root', '与同一事件数的另一树头的树根不同'],
  'first key': ['it is the first, and not signed by the key that is trusted', '作为首个树头，并非由所信任的密钥签署'],
};

const linkFaults: Record<LinkFault, Bilingual> = {
  missing: ['the event before it in its stream is missing', '同一流中的前一事件缺失'],
  order: ['it stands in another place than it was recorded at', '所在位置与记录时不同'],
  chain: ['it does not follow the event before it in its stream', '与同一流中的前一事件不相衔接'],
  unchained: ['its link to the event before it was removed', '与前一事件的链接被删除'],
};

/** Of a file: all heads of a log, the smallest tree first. Rejects with what is wrong with the file. */
export async function headsOfLog(path: string, log: string): Promise<readonly SignedHead[]> {
  const all = await readHeads(path).catch((error: unknown) => {
    throw failure(auditRefusals.NOT_HEADS({ path, problem: reasonOf(error) }));
  });
  const heads = inOrder(all.filter((head) => head.log === log));
  if (heads.length === 0) throw failure(auditRefusals.NO_HEADS_OF_LOG({ path, log }), exitCodes.wrongUse);
  return heads;
}

/** What `wuji audit keys` has printed. */
export async function keysIn(path: string): Promise<readonly EndorsedKey[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => endorsedKey.parse(JSON.parse(line)));
  } catch (error) {
    throw failure(cliRefusals.FILE_UNREADABLE({ path, reason: reasonOf(error) }), exitCodes.wrongUse);
  }
}

/** What heads say of themselves: signatures, and keys that vouch for each other. `first`: the fingerprint that is trusted. */
export function refusalOfHeads(
  heads: readonly SignedHead[],
  keys: readonly EndorsedKey[],
  first?: string,
): Refusal | undefined {
  const wrong = faultOfHeads({ sha256, verify: verifyText }, heads, keys, first);
  if (!wrong) return undefined;
  const [reason, zhReason] = headFaults[wrong.fault];
  return auditRefusals.HEADS_DISAGREE({ size: wrong.head.size, time: wrong.head.time, reason, zhReason });
}

/** Reads all of a log, and stops at the first event or head that does not agree. */
export async function compareLog(store: EventStore, heads: readonly SignedHead[], onRead: (pace: Pace) => void) {
  const check = createLogCheck(sha256, heads);
  const until = await store.head();
  let events = 0;
  let fault: LogFault | undefined;
  for await (const event of eventsOf(store, undefined, until)) {
    fault = check.take(event);
    if (fault) break;
    if (until !== undefined && ++events % 256 === 0) onRead({ events, share: shareOf(event.position, until) });
  }
  fault ??= check.end();
  if (!fault) onRead({ events, share: 1 });
  return { refusal: fault && refusalOf(fault), ...check.seen() };
}

function refusalOf(fault: LogFault): Refusal {
  switch (fault.is) {
    case 'event': {
      const { id, stream, revision, type } = fault.event;
      const [reason, zhReason] = linkFaults[fault.fault];
      const where = { number: fault.number, stream, revision, type, event: id };
      return auditRefusals.EVENT_NOT_LINKED({ ...where, reason, zhReason });
    }
    case 'head': {
      const { size, time } = fault.head;
      return auditRefusals.LOG_NOT_AS_SIGNED({ size, time, agreed: fault.agreed, first: fault.agreed + 1 });
    }
    case 'short':
      return auditRefusals.LOG_CUT({ events: fault.events, size: fault.head.size, time: fault.head.time });
  }
}
