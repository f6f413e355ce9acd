import type { JSONEventData, JSONType, ResolvedEvent } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';
import type { EventMeta, ProposedEvent, RecordedEvent } from '../../../domain/kernel/event.js';
import { isKnown, toPosition } from './position.js';

/** `version` and `effectiveAt` ride in the metadata beside `$correlationId` and `$causationId`, where the server's own projections look. */
type Metadata = EventMeta & { readonly version: number; readonly effectiveAt: string };

/** Throws when the event is not JSON: the client itself would then never answer. */
export function encode({ id, type, version, data, effectiveAt, meta }: ProposedEvent): JSONEventData {
  const metadata: Metadata = { ...meta, version, effectiveAt };
  return jsonEvent({ id, type, data: plain(data), metadata: plain(metadata) });
}

const plain = <T>(value: T): JSONType => JSON.parse(JSON.stringify(value));

/** `undefined`: not an event of Wuji. Others may write to the same server. */
export function decode({ event }: ResolvedEvent): RecordedEvent | undefined {
  if (!event?.isJson || !isOurs(event.metadata)) return undefined;
  if (!isKnown(event.position)) throw new UnknownPosition();
  const { version, effectiveAt, ...meta } = event.metadata;
  return {
    id: event.id,
    type: event.type,
    version,
    data: event.data,
    effectiveAt,
    meta,
    stream: event.streamId,
    revision: Number(event.revision),
    position: toPosition(event.position),
    recordedAt: event.created.toISOString(),
  };
}

/** Servers before 22.6 do not give it with the events of a stream. */
export class UnknownPosition extends Error {
  readonly type = 'unsupported';
}

const isOurs = (metadata: unknown): metadata is Metadata =>
  typeof metadata === 'object' &&
  metadata !== null &&
  'commandId' in metadata &&
  'audience' in metadata &&
  'effectiveAt' in metadata;
