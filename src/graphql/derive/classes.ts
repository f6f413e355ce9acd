import 'reflect-metadata';
import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';
import {
  Arg,
  Ctx,
  createParameterDecorator,
  Field,
  Info,
  InputType,
  InterfaceType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { Context } from '../context.js';
import { refused } from '../errors.js';
import { liveRefusals } from '../live/cursor.js';

/*
 * type-graphql's decorators applied as functions. Classes and handlers are values here, so that they can be made from
 * definitions; every type is given by a thunk, so that no compiler metadata is needed and types may refer to each other.
 */

export type Class = new () => object;
type Item = Class | GraphQLScalarType | object;
export type TypeThunk = () => Item | readonly [Item] | readonly [readonly [Item]];

export type FieldSpec = {
  readonly type: TypeThunk;
  readonly nullable?: boolean | 'items' | 'itemsAndList' | undefined;
  readonly description?: string | undefined;
  /** Absent: the property of the same name. An instance may not have one: it would stand before this. */
  readonly resolve?: ((self: Record<string, unknown>, context: Context) => unknown) | undefined;
};
export type Fields = Readonly<Record<string, FieldSpec>>;

export type ArgumentSpec = Omit<FieldSpec, 'resolve'> & { readonly defaultValue?: unknown };
export type Operation = {
  readonly type: TypeThunk;
  readonly nullable?: boolean | undefined;
  readonly description: string;
  readonly args?: Readonly<Record<string, ArgumentSpec>> | undefined;
  /** `root`: the message of a subscription. */
  readonly resolve: (
    args: Record<string, unknown>,
    context: Context,
    root: Record<string, unknown> | undefined,
    /** What was asked for. Absent: all of it. */
    info?: GraphQLResolveInfo,
  ) => unknown;
};
export type Operations = Readonly<Record<string, Operation>>;

type AnyType = () => never;
const options = ({ nullable, description }: Omit<FieldSpec, 'resolve'>) => ({
  nullable: nullable ?? false,
  ...(description && { description }),
});

const named = (name: string): Class => {
  const made = class {};
  Object.defineProperty(made, 'name', { value: name });
  return made;
};

function addMethod(proto: object, name: string, method: (...args: never[]) => unknown): PropertyDescriptor {
  // Not writable: an instance cannot be given a value of that name, which would be shown in the place of what it resolves to.
  const descriptor = { value: method, writable: false, configurable: true, enumerable: false };
  Object.defineProperty(proto, name, descriptor);
  return descriptor;
}

/**
 * All are simple fields, also those that are a method: GraphQL itself calls it. A resolver of type-graphql would cost
 * each call several closures and the start a search among all resolvers for each field of the schema.
 */
function addField(made: Class, name: string, spec: FieldSpec): void {
  const { resolve } = spec;
  if (resolve)
    addMethod(made.prototype, name, function (this: Record<string, unknown>, _: unknown, context: Context) {
      return resolve(this, context);
    } as never);
  Field(spec.type as AnyType, { ...options(spec), simple: true })(made.prototype, name);
}

export function objectType(
  name: string,
  description: string | undefined,
  fields: Fields,
  interfaces: readonly Class[] = [],
): Class {
  const made = named(name);
  for (const [field, spec] of Object.entries(fields)) addField(made, field, spec);
  ObjectType(name, { ...(description && { description }), implements: [...interfaces] })(made);
  return made;
}

/** Values of an interface are instances of the classes that implement it. */
export function interfaceType(name: string, description: string, fields: Fields): Class {
  const made = named(name);
  for (const [field, { resolve: _, ...spec }] of Object.entries(fields)) addField(made, field, spec);
  const resolveType = (value: object) => value.constructor as Class;
  InterfaceType(name, { description, resolveType })(made);
  return made;
}

export function inputType(
  name: string,
  description: string | undefined,
  fields: Readonly<Record<string, ArgumentSpec>>,
): Class {
  const made = named(name);
  for (const [field, spec] of Object.entries(fields)) Field(spec.type as AnyType, options(spec))(made.prototype, field);
  InputType(name, { ...(description && { description }) })(made);
  return made;
}

/** An instance whose own properties are the fields. */
export const instance = (of: Class, fields: Readonly<Record<string | symbol, unknown>>): object =>
  Object.assign(new of(), fields);

/** Arguments as the client gave them: plain JSON, which is what the domain's schemas check. */
const GivenArguments = createParameterDecorator(({ args }) => args);

/** A resolver class of queries, mutations or subscriptions. */
export function operations(kind: 'query' | 'mutation' | 'subscription', all: Operations): Class {
  const made = named(`${kind} operations`);
  for (const [name, operation] of Object.entries(all)) {
    const { resolve } = operation;
    const descriptor = addMethod(made.prototype, name, ((
      args: Record<string, unknown>,
      context: Context,
      root: Record<string, unknown> | undefined,
      info: GraphQLResolveInfo,
    ) => resolve(args, context, root, info)) as never);
    GivenArguments(made.prototype, name, 0);
    Ctx()(made.prototype, name, 1);
    Root()(made.prototype, name, 2);
    Info()(made.prototype, name, 3);
    Object.entries(operation.args ?? {}).forEach(([argument, spec], index) => {
      const given = { ...options(spec), ...('defaultValue' in spec && { defaultValue: spec.defaultValue }) };
      Arg(argument, spec.type as AnyType, given)(made.prototype, name, 4 + index);
    });
    const type = operation.type as AnyType;
    const shown = { nullable: operation.nullable ?? false, description: operation.description };
    if (kind === 'query') Query(type, shown)(made.prototype, name, descriptor);
    else if (kind === 'mutation') Mutation(type, shown)(made.prototype, name, descriptor);
    else Subscription(type, { ...shown, subscribe: byStreamOnly })(made.prototype, name, descriptor);
  }
  Resolver()(made);
  return made;
}

/** Subscriptions are served by the transports, which run the operation anew for each message. */
function byStreamOnly(): never {
  throw refused(liveRefusals.SUBSCRIBE_BY_STREAM());
}
