import { readFileSync } from 'node:fs';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';

export const secretRefusals = defineRefusals({
  SECRET_GIVEN_TWICE: {
    message: ['Both {name} and {name}_FILE are set.', '同时设置了{name}与{name}_FILE。'],
    next: ['Keep one of the two.', '请只保留其中一个。'],
  },
  SECRET_FILE_UNREADABLE: {
    message: [
      'The file that {name}_FILE names cannot be read ({problem}).',
      '{name}_FILE所指的文件无法读取（{problem}）。',
    ],
    next: [
      'Name a file that this user may read, with nothing in it but the secret.',
      '请指定本用户可读、仅含该密钥内容的文件。',
    ],
  },
  WEAK_SECRET: {
    message: [
      'The password in {name} is weak: production takes none that is well known, shorter than {least} characters or of fewer than {different} different ones.',
      '{name}中的密码强度不足：生产模式不接受常见密码，亦不接受少于{least}个字符或不同字符少于{different}种的密码。',
    ],
    next: [
      'Choose another, `openssl rand -hex 24` for one, and give it to both sides.',
      '请更换密码（如以 `openssl rand -hex 24` 生成），并在两端同时设置。',
    ],
  },
});

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names a file with the secret in it: so that it stands in no list of processes or variables. */
export const fileVariableOf = (name: string): string => `${name}_FILE`;

/** Longer than any secret; a device without an end is not read. */
const longest = 100_000;

/**
 * The environment with each secret that a file holds in its place, without the line's end. An empty variable counts as
 * not set.
 */
export function readSecrets(
  env: Environment,
  names: readonly string[],
): { readonly env: Environment; readonly problems: readonly Refusal[] } {
  const found: Record<string, string | undefined> = { ...env };
  const problems: Refusal[] = [];
  for (const name of names) {
    const file = env[fileVariableOf(name)] || undefined;
    if (file === undefined) continue;
    if (env[name]) problems.push(secretRefusals.SECRET_GIVEN_TWICE({ name }));
    else {
      const secret = secretIn(file);
      if (typeof secret === 'string') found[name] = secret;
      else problems.push(secretRefusals.SECRET_FILE_UNREADABLE({ name, problem: secret.problem }));
    }
  }
  return { env: found, problems };
}

/** What is wrong is told without a word of what the file holds. */
function secretIn(file: string): string | { readonly problem: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problem: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable' };
  }
  const line = text.replace(/\r?\n$/, '');
  if (line === '') return { problem: 'empty' };
  if (line.length > longest) return { problem: 'too large' };
  return line;
}

const leastLength = 12;
const leastDifferent = 6;
const wellKnown = [
  'changeit',
  'password',
  'passw0rd',
  'secret',
  'admin',
  'eventstore',
  'redis',
  'wuji',
  'qwerty',
  '123456',
];

/** A password that many try first, or that can be tried through; none at all is no business of this check. */
export function refusalOfWeak(name: string, url: string | undefined): Refusal | undefined {
  const [, encoded] = /^[a-z+]+:\/\/[^:@/\s]*:([^@/\s]*)@/.exec(url ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const password = decoded(encoded);
  // A well-known word with digits around it is tried as soon as the word.
  const core = password.toLowerCase().replace(/[^a-z]+$|^[^a-z]+/g, '');
  const weak =
    password.length < leastLength ||
    new Set(password).size < leastDifferent ||
    wellKnown.includes(core) ||
    wellKnown.some((word) => password.toLowerCase().replaceAll(word, '') === '');
  return weak ? secretRefusals.WEAK_SECRET({ name, least: leastLength, different: leastDifferent }) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
