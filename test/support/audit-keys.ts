import { join } from 'node:path';
import { isRefusal } from '../../src/domain/kernel/refusal.js';
import type { SignedHead, TreeHead } from '../../src/domain/proof/tree-head.js';
import { fingerprint, textOfHead } from '../../src/domain/proof/tree-head.js';
import { renewAuditKey } from '../../src/infra/audit-keys.js';
import { sha256 } from '../../src/infra/sha256.js';
import type { AuditKey } from '../../src/projections/ledger/ports.js';
import { temporaryFolder } from './temporary-folder.js';

const since = '2026-03-02T01:02:03.004Z';

/** A key of its own; in a file that has one, the key that follows it. */
export async function newKey(file?: string): Promise<AuditKey> {
  const key = await renewAuditKey(file ?? join(await temporaryFolder(), 'audit.json'), since);
  if (isRefusal(key)) throw new Error(key.refused);
  return key;
}

/** A head as this key signs it. */
export function headBy({ publicKey, sign }: AuditKey, about: Partial<TreeHead>): SignedHead {
  const root = sha256(`root ${about.size}`);
  const head = { log: 'log', size: 1, root, time: since, ...about, key: fingerprint(sha256, publicKey) };
  return { ...head, publicKey, signature: sign(textOfHead(head)) };
}
