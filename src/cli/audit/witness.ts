import type { Bilingual, Refusal } from '../../domain/kernel/refusal.js';
import type { Tree } from '../../domain/proof/merkle.js';
import { provesConsistency } from '../../domain/proof/merkle.js';
import type { EndorsedKey, SignedHead } from '../../domain/proof/tree-head.js';
import { isSigned, leadsTo } from '../../domain/proof/tree-head.js';
import { verifyText } from '../../infra/ed25519.js';
import { sha256 } from '../../infra/sha256.js';
import { auditRefusals } from './refusals.js';

/** What a server says of itself; none of it is believed. */
export type Claims = {
  readonly head: SignedHead;
  readonly keys: readonly EndorsedKey[];
  /** That the tree of `head` begins with the one witnessed last. */
  readonly consistency: { readonly from: Tree; readonly to: Tree; readonly path: readonly string[] } | undefined;
};

/** `undefined`: the head may follow the one that was witnessed last. */
export function refusalOfHead(last: SignedHead | undefined, { head, keys, consistency }: Claims): Refusal | undefined {
  const refuse = ([reason, zhReason]: Bilingual) =>
    auditRefusals.HEAD_NOT_CONSISTENT({
      ...{ size: head.size, lastSize: last?.size ?? 0, time: last?.time ?? '-', reason, zhReason },
    });
  if (!isSigned(sha256, verifyText, head)) return refuse(['its signature does not hold', '签名无效']);
  if (!last) return undefined;
  if (head.log !== last.log) return refuse(['it is another log', '不是同一日志']);
  if (!leadsTo(verifyText, keys, last.publicKey, head.publicKey))
    return refuse(['it is signed by a key that the earlier one does not vouch for', '签署密钥未经此前密钥背书']);
  if (head.size < last.size) return refuse(['the log has become shorter', '日志变短']);
  const path = consistency?.path ?? [];
  return provesConsistency(sha256, last, head, path)
    ? undefined
    : refuse(['what was witnessed is no beginning of it', '此前见证的内容不是其开头部分']);
}
