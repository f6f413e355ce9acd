import { type Bilingual, filled } from '../../domain/kernel/refusal.js';
import { KeysUnavailable } from '../../domain/kernel/seal-ports.js';

/** Each with what to do next. `{place}` is the vault's folder or server. */
const TEXTS = {
  unreachable: [
    'The key vault at {place} cannot be used. Check it; work goes on by itself when it answers.',
    '密钥库（{place}）不可用。请检查，恢复后会自动继续。',
  ],
  other_master_key: [
    'The keys in the vault at {place} were wrapped by another master key. Give that key in WUJI_MASTER_KEY_FILE, below the new one.',
    '密钥库（{place}）中的密钥由另一主密钥加密。请将该主密钥写入WUJI_MASTER_KEY_FILE中新密钥的下一行。',
  ],
  lost: [
    'The key vault at {place} has lost its content. Restore it: without it no personal data can be read.',
    '密钥库（{place}）内容已丢失。请恢复，否则个人信息无法读取。',
  ],
  damaged: [
    'What the key vault at {place} holds, or a sealed value, is not what was written. Restore the vault from its backup.',
    '密钥库（{place}）或密文与写入时不符。请从备份恢复密钥库。',
  ],
} as const satisfies Record<string, Bilingual>;

/** No key could be had; nothing was recorded by whoever asked for one. */
export class VaultUnavailable extends KeysUnavailable {
  override readonly name = 'VaultUnavailable';
  readonly text: Bilingual;

  constructor(
    readonly code: keyof typeof TEXTS,
    readonly place: string,
    cause?: unknown,
  ) {
    const text = filled(TEXTS[code], { place });
    super(text[0], { cause });
    this.text = text;
  }
}
