import type { Bilingual, Refusal } from '../../domain/kernel/refusal.js';
import type { CaseFile } from '../../domain/proof/case-file.js';
import { caseFile } from '../../domain/proof/case-file.js';
import type { EventFault } from '../../domain/proof/verify-case.js';
import { verifyCase } from '../../domain/proof/verify-case.js';
import { verifyText } from '../../infra/ed25519.js';
import { sha256 } from '../../infra/sha256.js';
import { dataIn, pageOf } from './page.js';
import { auditRefusals } from './refusals.js';

const faults: Record<EventFault, Bilingual> = {
  missing: ['it is missing', '缺失'],
  order: ['events stand in another order', '事件次序不符'],
  stream: ['it belongs to another case', '属于其他事项'],
  content: ['its content was changed', '内容被改动'],
  chain: ['it does not follow the event before it', '与前一事件不相衔接'],
  unchained: ['its link to the event before it was removed', '与前一事件的链接被删除'],
  tree: ['the signed head does not hold it', '不在所签署的树头之内'],
};

export type Verified = {
  readonly file: CaseFile;
  readonly events: number;
  readonly withheld: number;
  readonly chainedFrom: number | undefined;
};

/** Proves a file by itself. `key`: the fingerprint that it must be signed by. */
export function verifyFile(path: string, text: string, key?: string): Verified | Refusal {
  const data = dataIn(text);
  const parsed = caseFile.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const problem = data === undefined ? 'no data' : `${issue?.path.join('.')}: ${issue?.message}`;
    return auditRefusals.NOT_A_CASE_FILE({ path, problem });
  }
  const file = parsed.data;
  const verdict = verifyCase({ sha256, verify: verifyText }, file);
  switch (verdict.is) {
    case 'broken': {
      const [reason, zhReason] = faults[verdict.fault];
      return auditRefusals.EVENT_NOT_PROVED({ revision: verdict.at, event: verdict.event ?? '-', reason, zhReason });
    }
    case 'unsigned': {
      const zhPart = verdict.part === 'head' ? '树头' : '封印';
      return auditRefusals.CASE_FILE_NOT_SIGNED({ part: verdict.part, zhPart });
    }
    case 'proved':
      if (key !== undefined && key !== file.head.key)
        return auditRefusals.UNKNOWN_AUDIT_KEY({ key: file.head.key, expected: key });
      if (pageOf(file) !== text) return auditRefusals.PAGE_CHANGED();
      return { file, ...verdict };
  }
}
