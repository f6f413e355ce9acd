import type { FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { visit } from 'graphql';

const known = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

/**
 * The names of all fields that an operation has anywhere, also in fragments that it may not use: what is not among them
 * is surely not asked for, and need not be read. Found out once for each operation.
 */
export function askedNames(
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): ReadonlySet<string> {
  const present = known.get(operation);
  if (present) return present;
  const names = new Set<string>();
  for (const definition of [operation, ...fragments])
    visit(definition, { Field: ({ name }) => void names.add(name.value) });
  known.set(operation, names);
  return names;
}
