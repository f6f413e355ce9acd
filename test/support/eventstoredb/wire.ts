import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventMeta, ProposedEvent, RecordedEvent } from '../../../src/domain/kernel/event.js';
import type { AppendResult, ExpectedRevision } from '../../../src/domain/kernel/ports.js';

/** An event as the wire has it; the double keeps it inside an event of the embedded store. */
type Wired = { readonly data: string; readonly metadata: string; readonly contentType: string };
export type WirePosition = { readonly commit: bigint; readonly prepare: bigint };

const noMeta: EventMeta = {
  ...{ commandId: '', action: '', actor: { policy: '' }, $correlationId: '', $causationId: '', audience: {} },
};

export function proposedOf(message: streams.AppendReq.ProposedMessage): ProposedEvent {
  const metadata = message.getMetadataMap();
  const wired: Wired = {
    data: Buffer.from(message.getData_asU8()).toString('base64'),
    metadata: Buffer.from(message.getCustomMetadata_asU8()).toString('base64'),
    contentType: metadata.get('content-type') ?? '',
  };
  const id = message.getId()?.getString() ?? '';
  return { id, type: metadata.get('type') ?? '', version: 1, data: wired, effectiveAt: '', meta: noMeta };
}

export function expectedOf(options: streams.AppendReq.Options): ExpectedRevision {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
}

/**
 * Four events share a commit position, as those of an explicit transaction do: whoever resumes from the commit alone
 * skips some. Behind each event stands one of the server's own.
 */
export function positionOf(event: RecordedEvent, own: 'event' | 'link' = 'event'): WirePosition {
  const sequence = BigInt(`0x${event.position}`);
  return { commit: ((sequence + 3n) / 4n) * 1000n, prepare: sequence * 250n + (own === 'link' ? 100n : 0n) };
}

export const sequenceOf = ({ prepare }: WirePosition): bigint => prepare / 250n;
export const isBefore = (a: WirePosition, b: WirePosition): boolean =>
  a.commit === b.commit ? a.prepare < b.prepare : a.commit < b.commit;

export function toReadEvent(event: RecordedEvent): streams.ReadResp {
  const { data, metadata, contentType } = event.data as Wired;
  return response(event.stream, event, positionOf(event), { type: event.type, contentType, data, metadata });
}

/** What the server's projections write beside each event. */
export function toLink(event: RecordedEvent): streams.ReadResp {
  const data = Buffer.from(`${event.revision}@${event.stream}`).toString('base64');
  const parts = { type: '$>', contentType: 'application/octet-stream', data, metadata: '' };
  return response(`$ce-${event.stream.split('-')[0]}`, event, positionOf(event, 'link'), parts);
}

function response(
  stream: string,
  { id, revision, recordedAt }: RecordedEvent,
  { commit, prepare }: WirePosition,
  parts: Wired & { readonly type: string },
): streams.ReadResp {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new shared.UUID().setString(id));
  recorded.setStreamIdentifier(identifier(stream));
  recorded.setStreamRevision(String(revision));
  recorded.setCommitPosition(String(commit));
  recorded.setPreparePosition(String(prepare));
  recorded.getMetadataMap().set('type', parts.type);
  recorded.getMetadataMap().set('content-type', parts.contentType);
  recorded.getMetadataMap().set('created', String(BigInt(Date.parse(recordedAt)) * 10_000n));
  recorded.setData(parts.data);
  recorded.setCustomMetadata(parts.metadata);
  const event = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(commit));
  return new streams.ReadResp().setEvent(event);
}

export const identifier = (stream: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream).toString('base64'));

export const nameOf = (found: shared.StreamIdentifier | undefined): string =>
  Buffer.from(found?.getStreamName_asU8() ?? []).toString('utf8');

export const confirmation = () =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('1'));
export const caughtUp = () => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());
/** The prepare position of a checkpoint may be 0 (KurrentDB issue 3989). */
export const checkpoint = ({ commit }: WirePosition) =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition('0'),
  );
export const streamNotFound = (stream: string) =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier(stream)),
  );

export function appended({ revision }: AppendResult, last: WirePosition): streams.AppendResp {
  const position = new streams.AppendResp.Position();
  position.setCommitPosition(String(last.commit));
  position.setPreparePosition(String(last.prepare));
  const success = new streams.AppendResp.Success().setCurrentRevision(String(revision)).setPosition(position);
  return new streams.AppendResp().setSuccess(success);
}

export function wrongVersion(actual: number | null): streams.AppendResp {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (actual === null) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(actual));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

/** Neither success nor failure: the client waits for ever. */
export const empty = () => new streams.AppendResp();
