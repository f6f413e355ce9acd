import { join } from 'node:path';
import { headFile } from '../../src/infra/head-file.js';
import { headBookContract } from '../contract/head-book.contract.js';
import { temporaryFolder } from '../support/temporary-folder.js';

headBookContract('a file', async () => {
  const path = join(await temporaryFolder(), 'audit', 'heads.jsonl');
  return { path, open: () => headFile(path) };
});
