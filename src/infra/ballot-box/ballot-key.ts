import type { Refusal } from '../../domain/kernel/refusal.js';
import { defineRefusals } from '../../domain/kernel/refusal.js';

const make = [
  'Make one: openssl rand -hex 32. Give the same to all nodes, and keep it where Redis and its files are not.',
  '生成方法：openssl rand -hex 32。各节点须使用同一密钥，并与Redis及其文件分开保存。',
] as const;

export const ballotKeyRefusals = defineRefusals({
  BALLOT_KEY_MISSING: {
    message: [
      'Production with Redis needs a key that seals secret ballots: neither WUJI_BALLOT_KEY nor WUJI_BALLOT_KEY_FILE is set.',
      '生产模式使用Redis时须设置封存选票的密钥：WUJI_BALLOT_KEY与WUJI_BALLOT_KEY_FILE均未设置。',
    ],
    next: make,
  },
  BALLOT_KEY_WEAK: {
    message: [
      'The key that seals secret ballots is not of chance: WUJI_BALLOT_KEY has too few different bytes.',
      '封存选票的密钥并非随机：WUJI_BALLOT_KEY中不同的字节过少。',
    ],
    next: make,
  },
});

type BallotKeySettings = {
  readonly mode: 'development' | 'production';
  readonly redisUrl?: string | undefined;
  readonly ballotKey?: string | undefined;
};

/** Chance gives 32 bytes of fewer kinds about never. */
const leastKinds = 16;

/**
 * Why production may not start: what Redis writes down of its commands has each voter's mark beside the ballot that came
 * with it, and the secret of the box too. Only a key that Redis never sees keeps the two apart. A folder keeps no such record.
 */
export function refusalOfBallotKey({ mode, redisUrl, ballotKey }: BallotKeySettings): Refusal | undefined {
  if (mode !== 'production') return undefined;
  if (ballotKey === undefined) return redisUrl === undefined ? undefined : ballotKeyRefusals.BALLOT_KEY_MISSING();
  const kinds = new Set(Buffer.from(ballotKey, 'hex')).size;
  return kinds < leastKinds ? ballotKeyRefusals.BALLOT_KEY_WEAK() : undefined;
}
