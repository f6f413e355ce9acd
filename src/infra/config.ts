import { isIP } from 'node:net';
import { z } from 'zod';
import type { Refusal } from '../domain/kernel/refusal.js';
import { defineRefusals } from '../domain/kernel/refusal.js';
import { doorSettings, querySettings } from './door-settings.js';
import { nearest } from './nearest.js';
import { fileVariableOf, readSecrets, refusalOfWeak } from './secrets.js';
import { isSecret, line, rowOfField, type SettingRow, secret, setting, whole, word } from './setting.js';

export const settingRefusals = defineRefusals({
  INVALID_SETTING: {
    message: ['{name}={value} is not valid: it must be {form}.', '设置项{name}={value}无效，应为：{zhForm}。'],
    next: [
      'Correct {name} and start again; `wuji serve --help` lists every setting.',
      '请更正{name}后重新启动；全部设置项见 `wuji serve --help`。',
    ],
  },
  UNKNOWN_SETTING: {
    message: ['{name} is not a setting and has no effect.', '{name}不是有效的设置项，不起作用。'],
    next: [
      'Remove it, or see `wuji serve --help` for the names.',
      '请移除，或通过 `wuji serve --help` 查看设置项名称。',
    ],
  },
  MISSPELT_SETTING: {
    message: [
      '{name} is not a setting and has no effect. Did you mean {meant}?',
      '{name}不是有效的设置项，不起作用。是否应为{meant}？',
    ],
    next: ['Rename it to {meant}, or remove it.', '请改名为{meant}，或将其移除。'],
  },
});

const hostname = /^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;

/** Every setting, once. The parsed settings, the help text and the errors all follow from this table. */
const schema = z.object({
  port: whole('PORT', [0, 65_535], 4000, ['Port of the API; 0 takes any free one', 'API端口；0表示任一空闲端口']),
  host: setting(
    'HOST',
    ['IP address or host name', 'IP地址或主机名'],
    z
      .string()
      .refine((s) => isIP(s) !== 0 || (hostname.test(s) && !/^[\d.]+$/.test(s)))
      .default('127.0.0.1'),
    ['Address to listen on; only this machine by default', '监听地址，默认仅限本机'],
  ),
  dataDir: setting(
    'WUJI_DATA',
    ['path of a folder', '目录路径'],
    z
      .string()
      .max(4096)
      .regex(/^[^\p{Cc}]+$/u)
      .default('./data'),
    ['Folder of the event log, the read models and the keys', '事件日志、读模型与密钥的存放目录'],
  ),
  eventStoreUrl: secret(
    'EVENTSTORE_URL',
    [
      'esdb://[user:password@]host:port[,host:port]?tls=true or esdb+discover://…',
      'esdb://[用户:密码@]主机:端口[,主机:端口]?tls=true，或esdb+discover://…',
    ],
    /^esdb(\+discover)?:\/\/([^:@/\s]+:[^@/\s]*@)?[^@/?\s]+\/?(\?[^\s]*)?$/,
    [
      'The log in EventStoreDB or KurrentDB; without it the log lies in WUJI_DATA',
      '事件日志所在的EventStoreDB（或KurrentDB）；不设则存放于WUJI_DATA',
    ],
  ),
  redisUrl: secret(
    'REDIS_URL',
    [
      'redis://[user:password@]host[:port][/database] or rediss://… for TLS',
      'redis://[用户:密码@]主机[:端口][/库号]，TLS用rediss://…',
    ],
    /^rediss?:\/\/([^@/\s]*@)?[^@/?\s]+(\/\d+)?$/,
    [
      'The read models in Redis, shared by several nodes; needs EVENTSTORE_URL. Without it they lie in WUJI_DATA',
      '读模型所在的Redis，供多个节点共用，须同时设置EVENTSTORE_URL；不设则存放于WUJI_DATA',
    ],
  ),
  name: setting(
    'WUJI_NAME',
    ['1…40 letters, digits, - and _', '1…40个字母、数字、-或_'],
    z
      .string()
      .regex(/^[\w-]{1,40}$/)
      .default('wuji'),
    ['Which system it is; several can share one Redis', '系统名称；同一Redis可供多个系统使用'],
  ),
  mode: word('WUJI_MODE', ['development', 'production'], 'development', [
    'production refuses keys made for development',
    '运行模式；production拒绝开发密钥',
  ]),
  jwksUrl: setting(
    'WUJI_JWKS_URL',
    ['https://… (http://… in development)', 'https://…（开发环境可用http://…）'],
    z.url({ protocol: /^https?$/ }).optional(),
    ['Where the public keys of the identity provider are (JWKS)', '身份认证服务公钥地址（JWKS）'],
  ),
  masterKey: secret(
    'WUJI_MASTER_KEY',
    [
      '32 random bytes in base64; older ones behind it, each in a line of its own or behind a comma',
      '32个随机字节的base64编码；旧密钥列于其后，换行或以逗号分隔',
    ],
    /^[A-Za-z0-9+/=,\s]+$/,
    ['The key that wraps the keys of personal data; production needs it', '加密个人信息密钥的主密钥；生产模式须设置'],
  ),
  keyVaultUrl: secret(
    'WUJI_KEY_VAULT_URL',
    [
      'redis://[user:password@]host[:port][/database] or rediss://… for TLS',
      'redis://[用户:密码@]主机[:端口][/库号]，TLS用rediss://…',
    ],
    /^rediss?:\/\/([^@/\s]*@)?[^@/?\s]+(\/\d+)?$/,
    [
      'The Redis that keeps the keys of personal data, and must lose nothing: not that of REDIS_URL. Without it they lie in WUJI_DATA; several nodes in production need it',
      '存放个人信息密钥的Redis，不得丢失数据，不同于REDIS_URL；不设则存放于WUJI_DATA，生产模式多节点须设置',
    ],
  ),
  issuer: line('WUJI_ISSUER', 'wuji', ['Issuer that a token must name (iss)', '令牌签发方（iss）']),
  audience: line('WUJI_AUDIENCE', 'wuji', ['Audience that a token must name (aud)', '令牌受众（aud）']),
  auditKey: setting(
    'WUJI_AUDIT_KEY',
    ['path of a file', '文件路径'],
    z
      .string()
      .max(4096)
      .regex(/^[^\p{Cc}]+$/u)
      .optional(),
    [
      'The key that tree heads are signed with, made by `wuji audit key`, the same on all nodes; by default keys/audit.json in WUJI_DATA; production needs it',
      '签署存证树头的密钥文件，由 `wuji audit key` 生成，各节点相同；默认为WUJI_DATA下的keys/audit.json；生产模式须有',
    ],
  ),
  auditHeadMinutes: whole(
    'WUJI_AUDIT_HEAD_MINUTES',
    [1, 10_080],
    60,
    ['How often a tree head is signed, when the log has grown', '签署存证树头的间隔（日志有新增时）'],
    ['minutes', '分钟'],
  ),
  ballotKey: secret('WUJI_BALLOT_KEY', ['64 hexadecimal digits', '64位十六进制数'], /^[0-9a-fA-F]{64}$/, [
    'Seals secret ballots where they lie until they are counted; the same on all nodes. Without it a copy of a box tells what is in it; production with Redis needs it',
    '计票前封存无记名选票的密钥，各节点相同；不设则票箱副本可被解读，生产模式使用Redis时须设置',
  ]),
  logLevel: word('WUJI_LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info', [
    'The least level that is logged',
    '日志级别',
  ]),
  ...querySettings,
  trustedDocuments: setting(
    'WUJI_TRUSTED_DOCUMENTS',
    ['path of a JSON file: {"<SHA-256>": "<document>"}', 'JSON文件路径：{"<SHA-256>": "<文档>"}'],
    z
      .string()
      .max(4096)
      .regex(/^[^\p{Cc}]+$/u)
      .optional(),
    ['The only documents that are run, whoever sends them; any by default', '可信文档清单，仅执行其中的文档；默认不限'],
  ),
  ...doorSettings,
});
export type Settings = Readonly<z.infer<typeof schema>>;

const rowOf = (key: string): SettingRow & { readonly fallback: unknown } => {
  const field: z.ZodType | undefined = Object.entries(schema.shape).find(([k]) => k === key)?.[1];
  const row = field && rowOfField(field);
  if (!row) throw new Error(`setting ${key} has no row`);
  return { ...row, fallback: field.safeParse(undefined).data };
};
const table = Object.keys(schema.shape).map((key) => ({ key, ...rowOf(key) }));

type Environment = Readonly<Record<string, string | undefined>>;
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly Refusal[] }
  | { readonly ok: false; readonly problems: readonly Refusal[]; readonly warnings: readonly Refusal[] };

const secretNames = table.map(({ name }) => name).filter(isSecret);
const names = table.flatMap(({ name }) => (isSecret(name) ? [name, fileVariableOf(name)] : [name]));

/** An empty variable counts as not set. Every problem is told at once; a variable `WUJI_…` that is no setting is a warning. */
export function readSettings(environment: Environment): SettingsResult {
  const { env, problems: unread } = readSecrets(environment, secretNames);
  const given = (name: string): string | undefined => env[name] || undefined;
  const warnings = Object.keys(env)
    .filter((name) => name.startsWith('WUJI_') && !names.includes(name))
    .sort()
    .map((name) => {
      const meant = nearest(name, names) ?? nearest(name.slice('WUJI_'.length), names);
      return meant === undefined
        ? settingRefusals.UNKNOWN_SETTING({ name })
        : settingRefusals.MISSPELT_SETTING({ name, meant });
    });

  const invalid = (key: string): Refusal => {
    const { name, form } = rowOf(key);
    const [en, zh] = form;
    const value = isSecret(name) ? '…' : JSON.stringify((given(name) ?? '').slice(0, 100));
    return settingRefusals.INVALID_SETTING({ name, form: en, zhForm: zh, value });
  };
  const parsed = schema.safeParse(Object.fromEntries(table.map(({ key, name }) => [key, given(name)])));
  const wrong = new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => String(path[0])));
  // A read store that several nodes share must not be folded from a log that only one of them has.
  if (given('REDIS_URL') && !given('EVENTSTORE_URL')) wrong.add('redisUrl');
  // Keys fetched in clear could be exchanged on the way.
  if (given('WUJI_MODE') === 'production' && /^http:/i.test(given('WUJI_JWKS_URL') ?? '')) wrong.add('jwksUrl');

  // Each node would make keys of its own for one and the same person; and a cache must not be the only place of a key.
  const several = given('WUJI_MODE') === 'production' && given('REDIS_URL') !== undefined;
  const vault = given('WUJI_KEY_VAULT_URL');
  if (vault === undefined ? several : vault === given('REDIS_URL')) wrong.add('keyVaultUrl');

  const weak =
    given('WUJI_MODE') === 'production' ? secretNames.flatMap((name) => refusalOfWeak(name, given(name)) ?? []) : [];
  const problems = [...[...wrong].map(invalid), ...unread, ...weak];
  return parsed.success && problems.length === 0
    ? { ok: true, settings: parsed.data, warnings }
    : { ok: false, problems, warnings };
}

/** The settings as `wuji serve --help` lists them: name, form, default and unit, then English and Chinese. */
export function settingsHelp(): string {
  const entry = ({ name, form, fallback, unit, description: [en, zh] }: (typeof table)[number]): string => {
    const usual = fallback === undefined ? 'not set 未设置' : `${fallback}${unit ? ` ${unit[0]} ${unit[1]}` : ''}`;
    const accepted = form[0] === form[1] ? form[0] : form.join(' ');
    const file = isSecret(name) ? `\n      ${fileVariableOf(name)}: file that holds it 亦可由文件提供` : '';
    return `  ${name}  (${accepted}; default 默认: ${usual})\n      ${en}\n      ${zh}${file}`;
  };
  return ['Settings (environment variables) 设置项（环境变量）:', ...table.map(entry)].join('\n');
}
