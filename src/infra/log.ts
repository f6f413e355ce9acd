import type { DestinationStream, Level, Logger } from 'pino';
import { pino } from 'pino';

/*
 * The log is for operators: what failed, of which kind and where in the program. It holds nothing that people wrote, and
 * no names: libraries hang whole inputs, queries and rows on their errors, and quote them in their messages.
 */

/** To the standard error, line by line, unless another place is given. */
export function createLog(
  level: Level | 'silent',
  to: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      serializers: { err: toldOfError },
      hooks: {
        // Given an error and no text, pino would write the error's message as the text.
        logMethod(args, method) {
          const [first, ...rest] = args;
          const error = first instanceof Error ? first : errorIn(first);
          if (error && rest.length === 0) method.call(this, first, error.name);
          else method.apply(this, args);
        },
      },
    },
    to,
  );
}

/** At most once a second, and at the end. */
export function seldom<T extends { readonly share: number }>(tell: (progress: T) => void): (progress: T) => void {
  let told = 0;
  return (progress) => {
    if (progress.share < 1 && performance.now() - told < 1_000) return;
    told = performance.now();
    tell(progress);
  };
}

const errorIn = (value: unknown): Error | undefined =>
  typeof value === 'object' && value !== null && 'err' in value && value.err instanceof Error ? value.err : undefined;

export type ToldError = {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack: readonly string[];
  readonly cause?: ToldError;
  readonly errors?: readonly ToldError[];
};

/** Causes of causes, and errors in errors. */
const DEPTH = 6;
const BREADTH = 10;

/** Of an error its class, code and stack, and of its message what no input can have put there. All else is left out. */
export function toldOfError(error: unknown, depth = 0): ToldError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: [] };
  const code = 'code' in error && isCode(error.code) ? error.code : undefined;
  const errors = error instanceof AggregateError ? error.errors.slice(0, BREADTH) : [];
  const deeper = depth < DEPTH;
  return {
    type: error.name,
    message: safeMessage(error),
    ...(code !== undefined && { code }),
    stack: framesOf(error),
    ...(deeper && error.cause instanceof Error && { cause: toldOfError(error.cause, depth + 1) }),
    ...(deeper && errors.length > 0 && { errors: errors.map((one: unknown) => toldOfError(one, depth + 1)) }),
  };
}

const isCode = (code: unknown): code is string | number =>
  typeof code === 'number' || (typeof code === 'string' && /^[\w-]{1,64}$/.test(code));

/**
 * The house's own messages name ids, types and places. What comes from outside is cut: quoted text (JSON, GraphQL and
 * the runtime quote their input), and Chinese (no message of the program has any). Where schemas have refused a value,
 * only where it stood and why.
 */
function safeMessage(error: Error): string {
  const issues = 'issues' in error && Array.isArray(error.issues) ? error.issues : undefined;
  return issues ? issues.slice(0, BREADTH).map(issueText).join('; ') : cut(error.message);
}

const CHINESE = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]+/gu;
const QUOTED = /"(?:[^"\\]|\\.)*"?|'[^'\n]*'|`[^`]*`|“[^”]*”|‘[^’]*’/g;

/** A message that carries another (`…: <cause>`) of a schema has the whole list of its complaints as JSON. */
const cut = (message: string): string =>
  message
    .replace(/[[{][\s\S]*$/, '…')
    .replace(QUOTED, '…')
    .replace(CHINESE, '…')
    .slice(0, 500);

function issueText(issue: { readonly code?: unknown; readonly path?: unknown }): string {
  const path = Array.isArray(issue.path) ? issue.path.map((key) => cut(String(key))) : [];
  return `${path.join('.') || 'value'}: ${isCode(issue.code) ? issue.code : 'invalid'}`;
}

/** The frames alone: a stack begins with the message, which may have lines of its own. */
const framesOf = ({ stack = '', message }: Error): readonly string[] =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .flatMap((line) => (/^\s+at .*:\d+:\d+\)?$/.test(line) ? [line.trim()] : []));
