import { z } from 'zod';
import type { OrganKind, PostRole } from '../../kernel/actor.js';
import { organKinds, postRoles } from '../../kernel/actor.js';
import { day, region, text } from '../../kernel/fields.js';
import type { Bilingual } from '../../kernel/refusal.js';
import { officeNames } from '../who.js';

/** A column of an import file. `headers`: the English name first, then the Chinese one, then other spellings. */
export type Column<S extends z.ZodType = z.ZodType, R extends boolean = boolean> = {
  readonly headers: readonly [en: string, zh: string, ...others: string[]];
  /** What a cell must be: told when it is not. */
  readonly expects: Bilingual;
  readonly required: R;
  readonly schema: S;
};
export type Columns = Readonly<Record<string, Column>>;
/** An empty cell of a column that is not required is `null`: the file says nothing about it. */
export type RowOf<C extends Columns> = {
  readonly [K in keyof C]: C[K] extends Column<infer S, infer R>
    ? R extends true
      ? z.infer<S>
      : z.infer<S> | null
    : never;
};

type Headers = Column['headers'];
const required = <S extends z.ZodType>(headers: Headers, expects: Bilingual, schema: S): Column<S, true> => ({
  headers,
  expects,
  required: true,
  schema,
});
const optional = <S extends z.ZodType>(headers: Headers, expects: Bilingual, schema: S): Column<S, false> => ({
  headers,
  expects,
  required: false,
  schema,
});

const upTo = (max: number): Bilingual => [`a text of up to ${max} characters`, `${max}字以内的文字`];
const textOf = (max: number) => text(max, upTo(max));

const aRegion: Bilingual = ['a region code of GB/T 2260', '行政区划代码（GB/T 2260）'];
const aDay: Bilingual = ['a date such as 2026-01-05', '日期（如2026-01-05）'];
/** Spreadsheets write 2026/1/5, 2026.1.5 and 2026年1月5日 too. */
const writtenDay = z
  .string()
  .transform((cell) => {
    const [, year, month = '', date = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(cell) ?? [];
    return year ? `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}` : cell;
  })
  .pipe(day(aDay));

const aTerm: Bilingual = ['the number of a term, 1 to 99', '届次（1至99）'];
const writtenTerm = z
  .string()
  .regex(/^(第?\d{1,2}届?)$/)
  .transform((cell) => Number(cell.replaceAll(/[第届]/g, '')))
  .pipe(z.int().min(1).max(99));

/** One of a list of words, in English or by its Chinese name. */
const word = <const V extends string>(values: readonly V[], chinese: (value: V) => readonly string[]) =>
  z.string().transform((cell, ctx): V => {
    const found = values.find((value) => value.toLowerCase() === cell.toLowerCase() || chinese(value).includes(cell));
    if (found !== undefined) return found;
    ctx.addIssue({ code: 'custom', message: 'unknown word' });
    return z.NEVER;
  });

const roleNames: Record<PostRole, string> = { head: '负责人', leader: '分管领导', clerk: '经办人', expert: '专家' };
const kindNames = (kind: OrganKind) => officeNames[kind].split('、');

const name = (headers: Headers, max: number) => required(headers, upTo(max), textOf(max));

/** What each kind of file consists of. The order of the columns in a file is free. */
export const importColumns = {
  organs: {
    code: required(['code', '编号', '机关编号'], upTo(40), textOf(40)),
    name: name(['name', '名称', '机关名称'], 100),
    nameMn: optional(['nameMn', '蒙古文名称', '蒙文名称'], upTo(200), textOf(200)),
    kind: required(
      ['kind', '类别', '机关类别'],
      [`one of ${organKinds.join(', ')}`, `以下之一：${Object.values(officeNames).join('、')}`],
      word(organKinds, kindNames),
    ),
    region: required(['region', '区划', '区划代码', '行政区划代码'], aRegion, region(aRegion)),
  },
  posts: {
    personCode: required(['personCode', '人员编号', '编号'], upTo(40), textOf(40)),
    name: name(['name', '姓名'], 60),
    organCode: required(['organCode', '机关编号', '单位编号'], upTo(40), textOf(40)),
    role: required(
      ['role', '岗位', '职责'],
      [`one of ${postRoles.join(', ')}`, `以下之一：${Object.values(roleNames).join('、')}`],
      word(postRoles, (role) => [roleNames[role]]),
    ),
  },
  deputies: {
    code: required(['code', '编号', '代表编号'], upTo(40), textOf(40)),
    name: name(['name', '姓名', '代表姓名'], 60),
    nameMn: optional(['nameMn', '蒙古文姓名', '蒙文姓名'], upTo(120), textOf(120)),
    region: required(['region', '区划', '区划代码', '行政区划代码'], aRegion, region(aRegion)),
    term: required(['term', '届次', '届别'], aTerm, writtenTerm),
    constituency: optional(['constituency', '选区', '选举单位', '选区或选举单位'], upTo(100), textOf(100)),
    confirmedOn: optional(['confirmedOn', '资格确认日期', '确认日期'], aDay, writtenDay),
  },
} as const satisfies Record<string, Columns>;

export type ImportKind = keyof typeof importColumns;
export const importKinds = ['organs', 'posts', 'deputies'] as const satisfies readonly ImportKind[];
