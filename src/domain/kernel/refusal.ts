/** English and Chinese, in that order. */
export type Bilingual = readonly [en: string, zh: string];

/** `{name}` in a message stands for a parameter of the refusal. */
type ParamNames<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;
type Params<Text extends string> = Record<ParamNames<Text>, string | number>;

/** One row of the table of refusals: what is refused, and what to do next. */
export type RefusalText = { readonly message: Bilingual; readonly next: Bilingual };
export type RefusalTable = Readonly<Record<string, RefusalText>>;

/** An expected "no": a value, never thrown by the domain. */
export type Refusal = {
  readonly refused: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: Bilingual;
  readonly next: Bilingual;
};

export const isRefusal = (x: unknown): x is Refusal =>
  typeof x === 'object' && x !== null && typeof (x as { refused?: unknown }).refused === 'string';

const fill = (text: string, params: Readonly<Record<string, unknown>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));

/** Both texts with their parameters put in. */
export const filled = ([en, zh]: Bilingual, params: Readonly<Record<string, unknown>>): Bilingual => [
  fill(en, params),
  fill(zh, params),
];

type Refuse<Text extends string> = [ParamNames<Text>] extends [never]
  ? () => Refusal
  : (params: Params<Text>) => Refusal;
type Refusals<T extends RefusalTable> = {
  readonly [Code in keyof T & string]: Refuse<T[Code]['message'][number] | T[Code]['next'][number]>;
} & { readonly table: T };

/**
 * The refusals of one chapter. `refusals.CONTACT_REQUIRED({ organ })` is typed by the `{organ}` in its texts.
 * The tables of all chapters make `docs/refusals.md` and the codes of the API.
 */
export function defineRefusals<const T extends RefusalTable>(table: T): Refusals<T> {
  const made = Object.entries(table).map(([code, text]) => [
    code,
    (params: Record<string, string | number> = {}): Refusal => ({
      refused: code,
      params,
      message: filled(text.message, params),
      next: filled(text.next, params),
    }),
  ]);
  return Object.assign(Object.fromEntries(made), { table }) as Refusals<T>;
}
