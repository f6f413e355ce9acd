import type { GraphQLFormattedError } from 'graphql';
import type { RecordedEvent } from '../domain/kernel/event.js';

/** Told when the delivery of an event begins; the answer is told that it has been handed to its receivers, and how many. */
export type WatchDelivery = (event: RecordedEvent) => (receivers: number) => void;

/** What those who operate the server can count: kinds, codes and numbers, and nothing of a case or a person. */
export type ApiWatch = {
  /**
   * An operation has been answered. `operation`: `query`, `mutation`, `subscription`, or `unknown` when it could not be
   * read. `code`: `ok`, or that of the first error. `seconds`: where the transport knows it.
   */
  operation(operation: string, code: string, seconds?: number): void;
  readonly delivery: WatchDelivery;
};

/** Of an answer whose errors have been formatted for the client; every code is one of the house's tables. */
export const codeOf = (errors: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined): string =>
  errors?.[0] ? String(errors[0].extensions?.code) : 'ok';
