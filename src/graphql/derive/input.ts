import { GraphQLJSON } from 'graphql-scalars';
import { Float, ID, Int } from 'type-graphql';
import { z } from 'zod';
import { targetOf } from '../../domain/kernel/fields.js';
import type { ArgumentSpec, Class, TypeThunk } from './classes.js';
import { inputType } from './classes.js';
import type { EnumOf } from './enums.js';
import type { Names } from './names.js';
import { pascal, singular } from './names.js';
import { Day, Instant, RegionCode } from './scalars.js';
import { bare, formatOf, isInt, wordsOf } from './schemas.js';

/** Types of what clients send, from the inputs of actions. The schemas check the values again, and in full. */
export function inputsWith({ names, enumOf }: { readonly names: Names; readonly enumOf: EnumOf }) {
  const made = new Map<z.ZodType, Class>();

  /** `name`: of the type that is made when the schema needs one of its own. */
  function typeOf(schema: z.ZodType, name: string): TypeThunk {
    const { schema: s } = bare(schema, 'in');
    const target = targetOf(s);
    if (target !== undefined) return () => (target === 'region' ? RegionCode : ID);
    const words = wordsOf(s);
    if (words) {
      const enumType = enumOf(words, name, undefined);
      return () => enumType ?? String;
    }
    switch (formatOf(s)) {
      case 'uuid':
        return () => ID;
      case 'date':
        return () => Day;
      case 'datetime':
        return () => Instant;
    }
    if (s instanceof z.ZodString || s instanceof z.ZodStringFormat) return () => String;
    if (s instanceof z.ZodBoolean) return () => Boolean;
    if (s instanceof z.ZodNumber) return () => (isInt(s) ? Int : Float);
    if (s instanceof z.ZodArray) {
      const item = typeOf(s.element as z.ZodType, singular(name));
      return () => [item()] as readonly [object];
    }
    if (s instanceof z.ZodObject) {
      const type = made.get(s) ?? inputOf(s, `${name}Input`, undefined);
      made.set(s, type);
      return () => type;
    }
    if (s instanceof z.ZodRecord || s instanceof z.ZodUnknown) return () => GraphQLJSON;
    throw new Error(`GraphQL: no input type for ${name} (${s.def.type})`);
  }

  /** A type of its own, also when another action takes the same: a client can write `<Action>Input` unseen. */
  function inputOf(schema: z.ZodObject, name: string, description: string | undefined): Class {
    const claimed = names.claim(name, 'Value');
    const owner = claimed.replace(/Input$/, '');
    const fields = Object.entries(schema.shape).map(([key, field]): [string, ArgumentSpec] => {
      const { nullable, description: told } = bare(field as z.ZodType, 'in');
      return [key, { type: typeOf(field as z.ZodType, owner + pascal(key)), nullable, description: told }];
    });
    return inputType(claimed, description, Object.fromEntries(fields));
  }

  return { typeOf, inputOf };
}
