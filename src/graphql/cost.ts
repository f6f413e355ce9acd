import type { ASTVisitor, FieldNode, SelectionSetNode, ValidationContext } from 'graphql';
import { Kind } from 'graphql';
import { refused } from './errors.js';
import { apiRefusals } from './refusals.js';

const defaultPage = 20;
const mostRows = 100;

/**
 * What a query may cost: each field one point, times the rows of the lists that it stands in. graphql-armor's cost rule
 * is not used: it takes `first: $n` for one row, so a variable would undo it.
 */
export function costRule(most: number) {
  return (context: ValidationContext): ASTVisitor => {
    const fragments = new Map<string, number>();

    function costOf({ selections }: SelectionSetNode): number {
      let cost = 0;
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) cost += fieldCost(selection);
        else if (selection.kind === Kind.INLINE_FRAGMENT) cost += costOf(selection.selectionSet);
        else cost += fragmentCost(selection.name.value);
      }
      return cost;
    }

    function fieldCost({ name, arguments: args = [], selectionSet }: FieldNode): number {
      // Introspection is switched by itself, and its depth is limited.
      if (!selectionSet || name.value.startsWith('__')) return 1;
      const first = args.find((argument) => argument.name.value === 'first')?.value;
      const inner = costOf(selectionSet);
      if (!first) return 1 + inner * (hasPages(selectionSet) ? defaultPage : 1);
      return 1 + inner * (first.kind === Kind.INT ? Math.min(Number(first.value), mostRows) : mostRows);
    }

    function fragmentCost(name: string): number {
      const known = fragments.get(name);
      if (known !== undefined) return known;
      fragments.set(name, 0); // a fragment within itself is refused by GraphQL's own rules
      const fragment = context.getFragment(name);
      const cost = fragment ? costOf(fragment.selectionSet) : 0;
      fragments.set(name, cost);
      return cost;
    }

    return {
      OperationDefinition(operation) {
        const cost = costOf(operation.selectionSet);
        if (cost > most) context.reportError(refused(apiRefusals.QUERY_TOO_COSTLY({ cost, most })));
      },
    };
  };
}

/** A connection read without `first` gives a page of the usual size. */
const hasPages = ({ selections }: SelectionSetNode): boolean =>
  selections.some((one) => one.kind === Kind.FIELD && (one.name.value === 'edges' || one.name.value === 'nodes'));
