import { mkdir } from 'node:fs/promises';
import { auditKeyPath, renewAuditKey } from '../../src/infra/audit-keys.js';
import { masterKey } from './seals.js';

/** What production asks for besides an identity provider: an audit key in the data folder, and a master key. */
export async function productionSecrets(dataDir: string): Promise<{ readonly WUJI_MASTER_KEY: string }> {
  await mkdir(dataDir, { recursive: true });
  await renewAuditKey(auditKeyPath({ dataDir, auditKey: undefined }), '2026-03-02T00:00:00.000Z');
  return { WUJI_MASTER_KEY: masterKey(1).toString('base64') };
}
