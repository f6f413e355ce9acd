import { z } from 'zod';
import { targetOf } from '../domain/kernel/fields.js';
import type { Bilingual } from '../domain/kernel/refusal.js';
import { wuji } from '../domain/wuji.js';
import { bare, formatOf, wordsOf } from '../graphql/derive/schemas.js';

/** A description of the domain is English, then Chinese. */
export function bilingualOf(description: string | undefined, otherwise: string): Bilingual {
  const [, en = '', zh = ''] = /^(.*?)\.?\s*(\p{Script=Han}.*)?$/su.exec(description ?? '') ?? [];
  return [en || zh || otherwise, zh || en || otherwise];
}

export type InputField = {
  /** With the path of the objects that it stands in: `target.region`, `clocks[].days`. */
  readonly name: string;
  readonly required: boolean;
  readonly form: Bilingual;
  readonly about: Bilingual;
};

/** What an action asks for, field by field. */
export function inputFieldsOf(input: z.ZodType, within = ''): readonly InputField[] {
  const { schema } = bare(input, 'in');
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const { nullable, description } = bare(field as z.ZodType, 'in');
    const { schema: item, suffix } = itemOf(field as z.ZodType);
    const name = within + key;
    const about = bilingualOf(description, key);
    const [en, zh] = formOf(item);
    const many = suffix && ` ${suffix}`;
    return [
      { name, required: !nullable, form: [en + many, zh + many], about },
      ...inputFieldsOf(item, `${name}${suffix}.`),
    ];
  });
}

function itemOf(field: z.ZodType): { readonly schema: z.ZodType; readonly suffix: string } {
  const { schema } = bare(field, 'in');
  if (!(schema instanceof z.ZodArray)) return { schema, suffix: '' };
  return { schema: bare(schema.element as z.ZodType, 'in').schema, suffix: '[]' };
}

function idOf(category: string): Bilingual {
  const [en, zh] = wuji.aggregates.get(category)?.term ?? [category, ''];
  return [`id of ${/^[aeiou]/.test(en) ? 'an' : 'a'} ${en}`, `${zh}编号`];
}

function formOf(schema: z.ZodType): Bilingual {
  const target = targetOf(schema);
  if (target === 'region') return ['region code', '区划代码'];
  if (target !== undefined) return idOf(target);
  const words = wordsOf(schema)?.join(' | ');
  if (words) return [words, words];
  switch (formatOf(schema)) {
    case 'uuid':
      return ['id', '编号'];
    case 'date':
      return ['YYYY-MM-DD', 'YYYY-MM-DD'];
    case 'datetime':
      return ['YYYY-MM-DDThh:mm:ssZ', 'YYYY-MM-DDThh:mm:ssZ'];
  }
  if (schema instanceof z.ZodObject) return ['{…}', '{…}'];
  if (schema instanceof z.ZodNumber) return ['number', '数字'];
  if (schema instanceof z.ZodBoolean) return ['true | false', 'true | false'];
  return ['text', '文本'];
}
