import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { execute, GraphQLError, getOperationAST, Kind, print } from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';
import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { askedNames } from '../asked-names.js';
import type { Context } from '../context.js';
import { anybody } from '../context.js';

/** What a client subscribed to: one field of the schema's subscription type. */
export type Asked = {
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The same for all subscriptions whose messages read alike, whatever their cursors. */
  readonly key: string;
  readonly plan: Plan;
};

/** A document that is run once per message and class, and sent to all who asked the same. */
export class Plan {
  /** Those who use it; an unused plan is forgotten. */
  users = 0;
  /** Whether its messages can have the case in them. */
  readonly showsCase: boolean;
  /** Of all fields that it has: what is not among them need not be read for it. */
  readonly names: ReadonlySet<string>;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
    private readonly operationName: string | undefined,
    private readonly variableValues: Readonly<Record<string, unknown>>,
    private readonly field: string,
    private readonly toClient: (error: unknown) => GraphQLError,
  ) {
    const operation = getOperationAST(document, operationName);
    const [asked] = operation?.selectionSet.selections ?? [];
    const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.names = operation ? askedNames(operation, fragments) : new Set();
    const selected = asked?.kind === Kind.FIELD ? asked.selectionSet?.selections : undefined;
    this.showsCase = selected?.some((one) => one.kind !== Kind.FIELD || one.name.value === 'case') ?? true;
  }

  /** The result as JSON. Runs as anybody of the class: nothing in it can depend on the single viewer. */
  run(message: unknown, sharedClass: ViewerClass | undefined): string | Promise<string> {
    const contextValue: Context = sharedClass ? { viewer: anybody, sharedClass } : { viewer: anybody };
    const result = execute({
      schema: this.schema,
      document: this.document,
      operationName: this.operationName ?? null,
      variableValues: this.variableValues,
      rootValue: { [this.field]: message },
      contextValue,
    });
    return result instanceof Promise ? result.then(this.encode) : this.encode(result as ExecutionResult);
  }

  private readonly encode = ({ data, errors }: ExecutionResult): string =>
    JSON.stringify(errors ? { data, errors: errors.map(this.toClient) } : { data });
}

export class Plans {
  private readonly byKey = new Map<string, Plan>();

  constructor(
    private readonly schema: GraphQLSchema,
    /** Masks what clients are not to see of an error. */
    private readonly toClient: (error: unknown) => GraphQLError,
  ) {}

  /** Throws `GraphQLError` when the operation is no subscription, or its variables do not fit. */
  ask(document: DocumentNode, operationName: string | undefined, variables: Readonly<Record<string, unknown>>): Asked {
    const operation = getOperationAST(document, operationName);
    const node = operation?.selectionSet.selections[0];
    const type = this.schema.getSubscriptionType();
    if (operation?.operation !== 'subscription' || node?.kind !== Kind.FIELD || !type)
      throw new GraphQLError('Not a subscription. 不是订阅操作。', { extensions: { code: 'BAD_REQUEST' } });
    const field = type.getFields()[node.name.value];
    if (!field) throw new GraphQLError(`Unknown subscription ${node.name.value}.`);
    const coerced = getVariableValues(
      this.schema,
      operation.variableDefinitions ?? [],
      { ...variables },
      { maxErrors: 20 },
    );
    if (coerced.errors) throw coerced.errors[0] ?? new GraphQLError('Bad variables.');
    const args = getArgumentValues(field, node, coerced.coerced);
    const key = keyOf(document, operation, coerced.coerced);
    const plan =
      this.byKey.get(key) ??
      new Plan(this.schema, document, operationName, coerced.coerced, node.name.value, this.toClient);
    return { field: node.name.value, args, key, plan };
  }

  use({ key, plan }: Asked): void {
    plan.users++;
    this.byKey.set(key, plan);
  }

  release({ key, plan }: Asked): void {
    if (--plan.users === 0) this.byKey.delete(key);
  }
}

const printed = new WeakMap<DocumentNode, string>();

/** Document and variables, without the cursor: clients differ in it, their messages do not. */
function keyOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) {
  let text = printed.get(document);
  if (text === undefined) {
    text = print(document);
    printed.set(document, text);
  }
  const cursor = cursorVariable(operation);
  const rest = Object.entries(variables)
    .filter(([name]) => name !== cursor || text.split(`$${name}`).length > 3)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([text, operation.name?.value ?? null, rest]);
}

function cursorVariable(operation: OperationDefinitionNode): string | undefined {
  const node = operation.selectionSet.selections[0];
  if (node?.kind !== Kind.FIELD) return undefined;
  const after = node.arguments?.find((argument) => argument.name.value === 'after')?.value;
  return after?.kind === Kind.VARIABLE ? after.name.value : undefined;
}
