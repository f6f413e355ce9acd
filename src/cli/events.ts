import { z } from 'zod';
import { wuji } from '../domain/wuji.js';
import { bilingualOf } from './inputs.js';
import type { Language } from './language.js';
import { say } from './language.js';
import { clip } from './width.js';

const named = z.object({ name: z.string() });
/** What `documents` asks of an event. */
export const eventShape = z.object({
  id: z.string(),
  cursor: z.string(),
  caseId: z.string(),
  category: z.string(),
  type: z.string(),
  revision: z.number(),
  action: z.string(),
  at: z.string(),
  recordedAt: z.string(),
  label: z.object({ en: z.string(), zh: z.string() }),
  data: z.record(z.string(), z.unknown()).nullable(),
  actor: z.object({
    policy: z.string().nullable(),
    person: named.nullable(),
    mandate: z.object({ region: z.object({ code: z.string(), name: z.string().nullable() }).nullable() }).nullable(),
    post: z.object({ organ: named.nullable() }).nullable(),
  }),
});
export type ShownEvent = z.infer<typeof eventShape>;

export const labelOf = (language: Language, { label }: ShownEvent): string => say(language, [label.en, label.zh]);

/** With `both`, in Chinese only: names are not said twice. */
export function actorOf(language: Language, { actor: { policy, person, mandate, post } }: ShownEvent): string {
  const words = (en: string, zh: string) => (language === 'en' ? en : zh);
  if (policy !== null) return words(`system (${policy})`, `系统（${policy}）`);
  const who = person?.name ?? '-';
  const organ = post?.organ?.name;
  if (organ !== undefined) return words(`${who} (${organ})`, `${who}（${organ}）`);
  if (!mandate) return who;
  const where = mandate.region?.name ?? mandate.region?.code ?? '';
  return words(`${who} (deputy, ${where})`, `${who}（${where}人大代表）`);
}

const longest = 160;

/** The event's content, one field a line, named as the domain describes it. */
export function detailsOf(language: Language, { type, data }: ShownEvent): readonly string[] {
  const shape = wuji.events.get(type)?.schema.shape ?? {};
  return Object.entries(data ?? {})
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([field, value]) => {
      const [en, zh] = bilingualOf((shape[field] as z.ZodType | undefined)?.description, field);
      const told = typeof value === 'string' ? value.replaceAll('\n', ' ') : JSON.stringify(value);
      return `${say(language, [en, zh])}: ${clip(told, longest)}`;
    });
}
