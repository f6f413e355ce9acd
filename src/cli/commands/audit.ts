import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { isRefusal } from '../../domain/kernel/refusal.js';
import { caseFile } from '../../domain/proof/case-file.js';
import { endorsedKey, fingerprint, signedHead } from '../../domain/proof/tree-head.js';
import { auditKeyPath, renewAuditKey } from '../../infra/audit-keys.js';
import { readSettings } from '../../infra/config.js';
import { sha256 } from '../../infra/sha256.js';
import { ask } from '../api.js';
import { pageOf } from '../audit/page.js';
import { verifyFile } from '../audit/verify.js';
import { documents } from '../documents.js';
import { cliRefusals, exitCodes, Failure, failure, reasonOf, toldOf } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import type { CommonOptions } from '../options.js';
import { connectionOf, examples, languageOption, talksToServer } from '../options.js';
import type { Terminal } from '../terminal.js';
import { print } from '../terminal.js';
import { addAuditCheck } from './audit-check.js';
import { addWitness } from './audit-witness.js';

export function addAudit(program: Command, terminal: Terminal): void {
  const audit = program
    .command('audit')
    .summary('存证与核验 Prove and verify histories')
    .description(
      '导出事项的完整历史及其存证，离线核验，见证存证树头。\n' +
        'Export the history of a case with its proof, verify it offline, witness tree heads. See docs/audit.md.',
    );
  talksToServer(
    audit
      .command('export')
      .summary('导出事项及其存证 Export a case with its proof')
      .description(
        '导出事项的全部事件、存证证明与可读页面，合为一个文件。限审计人员及可见全部内容者。\n' +
          'One file: every event of a case, the proofs, and a page to read. For auditors and those who see the whole case.',
      )
      .argument('<caseId>', '事项编号 Id of the case')
      .requiredOption('--out <file>', '导出文件（HTML） File to write (HTML)'),
  )
    .addHelpText('after', examples('wuji audit export 7d3c0f2e-5b0e-5c1e-9a55-0d2f6c1b9a10 --out case.html'))
    .action((caseId: string, options: CommonOptions & { readonly out: string }) =>
      exportCase(caseId, options, terminal),
    );
  audit
    .command('verify')
    .summary('离线核验导出文件 Verify an exported file offline')
    .description(
      '核验导出文件，不需要服务器；指出首个不符的事件。\n' +
        'Verify an exported file. Needs no server and no network; names the first event that fails.',
    )
    .argument('<file>', '导出文件 The file')
    .option('--key <fingerprint>', '须由此指纹的密钥签署 Fingerprint of the key that must have signed it')
    .addOption(languageOption())
    .addHelpText('after', examples('wuji audit verify case.html', 'wuji audit verify case.html --key 3f9c…'))
    .action((path: string, options: VerifyOptions) => verify(path, options, terminal));
  talksToServer(
    audit
      .command('head')
      .summary('签署并查看存证树头 Sign and show the tree head')
      .description('签署当前日志的存证树头。\nThe signed head of the log as it stands, as one line of JSON.'),
  )
    .addHelpText('after', examples('wuji audit head'))
    .action((options: CommonOptions) => showHead(options, terminal));
  talksToServer(
    audit
      .command('keys')
      .summary('查看存证公钥及其背书 Show the public audit keys')
      .description(
        '各存证公钥及前一密钥的背书，每行一个JSON。\nEach public key with the endorsement of the one before it, one line of JSON each.',
      ),
  )
    .addHelpText('after', examples('wuji audit keys > keys.jsonl'))
    .action((options: CommonOptions) => showKeys(options, terminal));
  addWitness(audit, terminal);
  addAuditCheck(audit, terminal);
  audit
    .command('key')
    .summary('生成或轮换存证密钥 Make or renew the audit key')
    .description(
      '生成存证密钥；已有密钥时生成新密钥，由旧密钥背书，旧公钥保留。服务重新启动后生效。\n' +
        'Make the audit key; when there is one, a new one that it vouches for. Old public keys are kept. Takes effect when ' +
        'the server is started again.',
    )
    .addOption(languageOption())
    .addHelpText('after', examples('wuji audit key', 'WUJI_AUDIT_KEY=/run/secrets/audit.json wuji audit key'))
    .action((options: { readonly lang: Language }) => renewKey(options, terminal));
}

type VerifyOptions = { readonly key?: string; readonly lang: Language };

async function exportCase(caseId: string, { out, ...options }: CommonOptions & { out: string }, terminal: Terminal) {
  const connection = connectionOf(options, terminal);
  const { auditProof } = await ask(connection, documents.auditProof, { caseId }, z.object({ auditProof: caseFile }));
  try {
    await writeFile(out, pageOf(auditProof));
  } catch (error) {
    throw failure(cliRefusals.FILE_NOT_WRITTEN({ path: out, reason: reasonOf(error) }));
  }
  const { events, head } = auditProof;
  print(terminal, `${say(options.lang, ['events', '事件'])}  ${events.length}`);
  print(terminal, `${say(options.lang, ['key', '密钥指纹'])}  ${head.key}`);
  print(terminal, `${say(options.lang, ['file', '文件'])}  ${out}`);
}

async function verify(path: string, { key, lang }: VerifyOptions, terminal: Terminal): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw failure(cliRefusals.FILE_UNREADABLE({ path, reason: reasonOf(error) }), exitCodes.wrongUse);
  });
  const verified = verifyFile(path, text, key);
  if (isRefusal(verified)) throw failure(verified);
  const { file, events, withheld, chainedFrom } = verified;
  const { head } = file;
  const line = (en: string, zh: string, value: string | number) => print(terminal, `${say(lang, [en, zh])}  ${value}`);
  print(terminal, say(lang, ['PROVED', '证明成立']));
  line('case', '事项', `${file.case.category} ${file.case.id}`);
  line('events', '事件', events);
  if (withheld > 0) line('of them withheld', '其中内容未提供', withheld);
  line('chained from revision', '自此版本起成链', chainedFrom ?? '-');
  line('signed at', '签署时间', head.time);
  line('key', '密钥指纹', head.key);
}

async function showHead(options: CommonOptions, terminal: Terminal): Promise<void> {
  const shape = z.object({ treeHead: signedHead });
  const { treeHead } = await ask(connectionOf(options, terminal), documents.treeHead, {}, shape);
  print(terminal, JSON.stringify(treeHead));
}

async function showKeys(options: CommonOptions, terminal: Terminal): Promise<void> {
  const shape = z.object({ auditKeys: z.array(endorsedKey) });
  const { auditKeys } = await ask(connectionOf(options, terminal), documents.auditKeys, {}, shape);
  for (const key of auditKeys) print(terminal, JSON.stringify(key));
}

async function renewKey({ lang }: { readonly lang: Language }, terminal: Terminal): Promise<void> {
  const read = readSettings(terminal.env);
  if (!read.ok) throw new Failure(read.problems.map(toldOf), exitCodes.wrongUse);
  const path = auditKeyPath(read.settings);
  const key = await renewAuditKey(path, new Date().toISOString()).catch((error: unknown) => {
    throw failure(cliRefusals.FILE_NOT_WRITTEN({ path, reason: reasonOf(error) }));
  });
  if (isRefusal(key)) throw failure(key);
  print(terminal, `${say(lang, ['key', '密钥指纹'])}  ${fingerprint(sha256, key.publicKey)}`);
  print(terminal, `${say(lang, ['file', '文件'])}  ${path}`);
}
