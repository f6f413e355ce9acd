import type {
  ASTVisitor,
  FieldNode,
  GraphQLArgument,
  GraphQLField,
  GraphQLNamedType,
  GraphQLOutputType,
  SelectionSetNode,
  ValidationContext,
} from 'graphql';
import { getNamedType, getNullableType, isInterfaceType, isListType, isObjectType, Kind } from 'graphql';
import { refused } from './errors.js';
import { apiRefusals } from './refusals.js';

const mostRows = 100;
/** Rows of a list that has no `first`: divisions below a region, signers, time limits. */
const usualRows = 10;

/** Where a selection stands. `inPage`: the field above takes `first`, so it has counted the rows of this list. */
type Place = { readonly type: GraphQLNamedType | undefined; readonly inPage: boolean };

/**
 * What a query may cost: each field one point, times the rows of the lists that it stands in. graphql-armor's cost rule
 * is not used: it takes `first: $n` for one row, so a variable would undo it.
 */
export function costRule(most: number) {
  return (context: ValidationContext): ASTVisitor => {
    const schema = context.getSchema();
    const fragments = new Map<string, number>();

    function costOf({ selections }: SelectionSetNode, place: Place): number {
      let cost = 0;
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) cost += fieldCost(selection, place);
        else if (selection.kind === Kind.INLINE_FRAGMENT) {
          const { typeCondition: on, selectionSet } = selection;
          cost += costOf(selectionSet, on ? { ...place, type: schema.getType(on.name.value) } : place);
        } else cost += fragmentCost(selection.name.value, place.inPage);
      }
      return cost;
    }

    function fieldCost(node: FieldNode, { type, inPage }: Place): number {
      // Introspection is switched by itself, and its depth is limited.
      if (!node.selectionSet || node.name.value.startsWith('__')) return 1;
      const field = fieldOf(type, node.name.value);
      const first = field?.args.find(({ name }) => name === 'first');
      const inner = costOf(node.selectionSet, { type: field && getNamedType(field.type), inPage: first !== undefined });
      if (first) return 1 + inner * rowsAsked(node, first);
      return 1 + inner * (field && isList(field.type) && !inPage ? usualRows : 1);
    }

    function fragmentCost(name: string, inPage: boolean): number {
      const key = `${name} ${inPage}`;
      const known = fragments.get(key);
      if (known !== undefined) return known;
      fragments.set(key, 0); // a fragment within itself is refused by GraphQL's own rules
      const fragment = context.getFragment(name);
      const cost = fragment
        ? costOf(fragment.selectionSet, { type: schema.getType(fragment.typeCondition.name.value), inPage })
        : 0;
      fragments.set(key, cost);
      return cost;
    }

    return {
      OperationDefinition(operation) {
        const type = schema.getRootType(operation.operation) ?? undefined;
        const cost = costOf(operation.selectionSet, { type, inPage: false });
        if (cost > most) context.reportError(refused(apiRefusals.QUERY_TOO_COSTLY({ cost, most })));
      },
    };
  };
}

/** `undefined`: GraphQL's own rules refuse a field that the type does not have. */
const fieldOf = (type: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;

const isList = (type: GraphQLOutputType): boolean => isListType(getNullableType(type));

/** A variable counts as the largest page. */
function rowsAsked(node: FieldNode, { name, defaultValue }: GraphQLArgument): number {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (!given) return typeof defaultValue === 'number' ? defaultValue : mostRows;
  return given.kind === Kind.INT ? Math.min(Math.max(1, Number(given.value)), mostRows) : mostRows;
}
