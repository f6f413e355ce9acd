import { GraphQLJSON } from 'graphql-scalars';
import { Float, ID, Int } from 'type-graphql';
import { z } from 'zod';
import type { Ref } from '../../domain/kernel/aggregate.js';
import { caseClock } from '../../domain/kernel/case-clocks.js';
import { kindFieldOf, targetOf } from '../../domain/kernel/fields.js';
import { isPersonal } from '../../domain/kernel/personal.js';
import { isText } from '../../domain/kernel/texts.js';
import { classesOf } from '../../domain/kernel/visibility.js';
import type { Context } from '../context.js';
import type { Class, FieldSpec, Fields, TypeThunk } from './classes.js';
import { instance, objectType } from './classes.js';
import type { EnumOf } from './enums.js';
import type { Names } from './names.js';
import { pascal, singular } from './names.js';
import type { PersonalFields } from './personal.js';
import { Day, Instant } from './scalars.js';
import { bare, formatOf, isInt, wordsOf } from './schemas.js';

export type OutputKit = {
  readonly names: Names;
  readonly enumOf: EnumOf;
  readonly personal: PersonalFields;
  readonly regionType: Class;
  readonly regionView: (code: string) => object;
  /** The type of a kind of case; `undefined`: there is none. */
  readonly caseType: (category: string) => TypeThunk | undefined;
  /** Whether cases of this kind can be hidden from somebody. */
  readonly canHide: (category: string) => boolean;
  readonly finds: (context: Context, ref: Ref) => Promise<boolean>;
  /** A case that the viewer may see, as an instance of its type; else `null`. */
  readonly loadCase: (context: Context, category: string, id: string) => Promise<object | null>;
};

/** `present` makes of a value, already cut to what the viewer may see, what the type's resolvers expect. */
type Value = { readonly type: TypeThunk; readonly present?: (value: unknown) => unknown };
type Property = { readonly from: string; readonly to: string; readonly present: Value['present'] };

export type Shape = {
  readonly fields: Fields;
  readonly present: (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /**
   * What makes instances of `of`, whose fields of this shape are taken and made when somebody asks for them, each once;
   * `own` are there from the start. `take` gives a field, already cut to what the viewer may see.
   */
  readonly lazily: (of: Class) => (take: (field: string) => unknown, own: Readonly<Record<string, unknown>>) => object;
};

const source = Symbol('source');
type Sourced = { readonly [source]?: Source };

/** What an instance has not been asked for yet. */
class Source {
  private readonly made = new Map<string, unknown>();
  constructor(private readonly take: (field: string) => unknown) {}

  get({ from, to, present }: Property): unknown {
    if (this.made.has(to)) return this.made.get(to);
    const value = this.take(from);
    const shown = present && value !== null && value !== undefined ? present(value) : value;
    this.made.set(to, shown);
    return shown;
  }
}

/** Types of what the API gives out, from the schemas of states and events. */
export function outputsWith(kit: OutputKit) {
  const nested = new Map<z.ZodType, { readonly of: Class; readonly shape: Shape }>();

  function typed(schema: z.ZodType, name: string): Value {
    const { schema: s } = bare(schema, 'out');
    const target = targetOf(s);
    if (target === 'region')
      return {
        type: () => kit.regionType,
        present: (code) => (typeof code === 'string' ? kit.regionView(code) : null),
      };
    if (target !== undefined) return { type: () => ID };
    const words = wordsOf(s);
    if (words) {
      const enumType = kit.enumOf(words, name, undefined);
      return { type: () => enumType ?? String };
    }
    switch (formatOf(s)) {
      case 'uuid':
        return { type: () => ID };
      case 'date':
        return { type: () => Day };
      case 'datetime':
        return { type: () => Instant };
    }
    if (s instanceof z.ZodString || s instanceof z.ZodStringFormat) return { type: () => String };
    if (s instanceof z.ZodBoolean) return { type: () => Boolean };
    if (s instanceof z.ZodNumber) return { type: () => (isInt(s) ? Int : Float) };
    if (s instanceof z.ZodArray) {
      const item = typed(s.element as z.ZodType, singular(name));
      const { present } = item;
      return {
        type: () => [item.type()] as readonly [object],
        ...(present && { present: (list) => (Array.isArray(list) ? list.map(present) : null) }),
      };
    }
    if (s instanceof z.ZodObject) {
      const { of, shape } = nestedOf(s, name);
      return {
        type: () => of,
        present: (data) => (isRecord(data) ? instance(of, shape.present(data)) : null),
      };
    }
    if (s instanceof z.ZodRecord || s instanceof z.ZodUnknown) return { type: () => GraphQLJSON };
    throw new Error(`GraphQL: no type for ${name} (${s.def.type})`);
  }

  function nestedOf(schema: z.ZodObject, name: string) {
    const known = nested.get(schema);
    if (known) return known;
    const claimed = kit.names.claim(shared.get(schema) ?? name, 'Entry', 'Details');
    const shape = shapeOf(schema, claimed);
    const made = { of: objectType(claimed, schema.description, shape.fields), shape };
    nested.set(schema, made);
    return made;
  }

  /**
   * The fields of an object. A reference `lead` gives `leadId` and `lead`, the case itself as the viewer may see it; a
   * list of references `cosigners` gives `cosignerIds` and `cosigners`. Of a case that is not the viewer's to see neither
   * is there, nor its id.
   * Fields narrower than `public` are null for those who may not see them.
   */
  function shapeOf(
    schema: z.ZodObject,
    owner: string,
    reserved: { names: ReadonlySet<string>; prefix: string } = none,
  ): Shape {
    const fields: Record<string, FieldSpec> = {};
    const properties: Property[] = [];
    const classes = classesOf(schema);
    const add = (name: string, spec: FieldSpec) => {
      if (fields[name]) throw new Error(`GraphQL: ${owner} has two fields ${name}`);
      fields[name] = spec;
    };
    for (const [key, field] of Object.entries(schema.shape) as [string, z.ZodType][]) {
      if (classes?.[key] === 'internal') continue;
      const { schema: s, nullable, description } = bare(field, 'out');
      const name = reserved.names.has(key) ? reserved.prefix + pascal(key) : key;
      // Any text can be hidden by a redaction.
      const narrow = nullable || isText(field) || (classes !== undefined && classes[key] !== 'public');
      const spec = { nullable: narrow, description };
      if (isPersonal(s)) {
        const { from, fields: made } = kit.personal(name, spec, classes?.[key] === 'public');
        properties.push({ from: key, to: from, present: undefined });
        for (const [of, field] of Object.entries(made)) add(of, field);
        continue;
      }
      const kind = kindFieldOf(s);
      if (kind !== undefined) {
        properties.push({ from: key, to: kept(name), present: undefined });
        add(name, { ...spec, ...foundId(kept(name), (self) => String(self[kind])) });
        continue;
      }
      const many = s instanceof z.ZodArray;
      const target = targetOf(many ? bare(s.element as z.ZodType, 'out').schema : s);
      const caseType = target === undefined ? undefined : kit.caseType(target);
      if (target === undefined || target === 'region') {
        const value = typed(field, owner + pascal(key));
        properties.push({ from: key, to: name, present: value.present });
        const texts = s instanceof z.ZodArray && isText(s.element as z.ZodType);
        add(name, { ...spec, type: value.type, ...(texts && { nullable: narrow ? 'itemsAndList' : 'items' }) });
        continue;
      }
      const idName = many ? `${singular(name)}Ids` : name.endsWith('Id') ? name : `${name}Id`;
      const held = kit.canHide(target) ? kept(idName) : idName;
      properties.push({ from: key, to: held, present: undefined });
      if (held === idName) add(idName, { ...spec, type: () => (many ? [ID] : ID) });
      else add(idName, { ...spec, ...(many ? foundIds(held, target) : foundId(held, () => target)) });
      if (!caseType) continue;
      const load = (context: Context, id: unknown) => kit.loadCase(context, target, String(id));
      if (many)
        add(name, {
          ...spec,
          type: () => [caseType()] as readonly [object],
          resolve: async (self, context) => {
            const ids = self[held];
            if (!Array.isArray(ids)) return null;
            return (await Promise.all(ids.map((id) => load(context, id)))).filter((one) => one !== null);
          },
        });
      else
        add(idName === name ? name.slice(0, -2) : name, {
          ...spec,
          nullable: true,
          type: caseType,
          resolve: (self, context) => (self[held] ? load(context, self[held]) : null),
        });
    }
    return {
      fields,
      present(data) {
        const out: Record<string, unknown> = {};
        for (const { from, to, present } of properties) {
          const value = data[from];
          if (value !== undefined) out[to] = present && value !== null ? present(value) : value;
        }
        return out;
      },
      lazily(of) {
        for (const property of properties)
          Object.defineProperty(of.prototype, property.to, {
            get(this: Sourced) {
              return this[source]?.get(property);
            },
          });
        return (take, own) => instance(of, { ...own, [source]: new Source(take) });
      },
    };
  }

  /** An id that is there for those only who can find the case. */
  const foundId = (held: string, kindIn: (self: Record<string, unknown>) => string) =>
    ({
      type: () => ID,
      nullable: true,
      resolve: async (self, context) => {
        const id = self[held];
        if (typeof id !== 'string') return null;
        return (await kit.finds(context, { category: kindIn(self), id })) ? id : null;
      },
    }) satisfies FieldSpec;
  const foundIds = (held: string, category: string) =>
    ({
      type: () => [ID],
      resolve: async (self, context) => {
        const ids = self[held];
        if (!Array.isArray(ids)) return null;
        const found = await Promise.all(ids.map((id) => kit.finds(context, { category, id: String(id) })));
        return ids.filter((_, n) => found[n]);
      },
    }) satisfies FieldSpec;

  return { shapeOf };
}

/** Parts of many kinds of case have a name of their own; every other is named by whoever uses it first. */
const shared: ReadonlyMap<z.ZodType, string> = new Map([[caseClock, 'CaseClock']]);

/** Under which name an instance holds what the resolver of a field makes its answer of. */
export const kept = (name: string): string => `kept ${name}`;

const none = { names: new Set<string>(), prefix: '' };
const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;
