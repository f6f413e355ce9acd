import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import { getNamedType, isEnumType, isInterfaceType, isObjectType, isScalarType } from 'graphql';

const isCase = (type: GraphQLNamedType): boolean =>
  (isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Case')) || type.name === 'Case';

/** Everything that can be asked of a type without arguments. Another case is only asked for its id. */
export function selectionOf(schema: GraphQLSchema, typeName: string, depth = 6): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${typeName} is no type of an object`);
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    if (field.name === 'availableActions') return [];
    if (isScalarType(of) || isEnumType(of)) return [field.name];
    if (isCase(of)) return [`${field.name} { id }`];
    if (of.name === 'Region') return [`${field.name} { code }`];
    return depth > 0 ? [`${field.name} { ${selectionOf(schema, of.name, depth - 1)} }`] : [];
  });
  return parts.join(' ');
}

export const fieldsOf = (schema: GraphQLSchema, typeName: string): readonly string[] => {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [];
};
export const isCaseField = (schema: GraphQLSchema, typeName: string, field: string): boolean => {
  const type = schema.getType(typeName);
  const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
  return found !== undefined && isCase(getNamedType(found.type));
};
export const typeOfField = (schema: GraphQLSchema, typeName: string, field: string): string | undefined => {
  const type = schema.getType(typeName);
  const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
  return found && getNamedType(found.type).name;
};
