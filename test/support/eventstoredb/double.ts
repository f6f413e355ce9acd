import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import * as grpc from '@grpc/grpc-js';
import type { RecordedEvent } from '../../../src/domain/kernel/event.js';
import type { EventStore } from '../../../src/domain/kernel/ports.js';
import { WrongExpectedRevision } from '../../../src/domain/kernel/ports.js';
import { freePort } from '../server-process.js';
import * as wire from './wire.js';

/** What may go wrong with one append. Those with `written` happen after the events are in the log. */
export type AppendFault =
  | 'unavailable'
  | 'unavailable, written'
  | 'silent'
  | 'silent, written'
  | 'empty answer, written'
  | 'not leader'
  | 'access denied'
  | 'stream deleted'
  | 'too large'
  | 'internal';

type ReadCall = grpc.ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type AppendCall = grpc.ServerReadableStream<streams.AppendReq, streams.AppendResp>;

/**
 * A double of EventStoreDB: it speaks the server's own protocol, made from the service files that come with the client,
 * to the unmodified client over a real socket, and keeps the events in the embedded store. It has faults on demand.
 */
export class EventStoreDBDouble {
  #server: grpc.Server | undefined;
  #port = 0;
  readonly #appendFaults: AppendFault[] = [];
  readonly #subscriptions = new Set<ReadCall>();
  readonly #reads = new Set<ReadCall>();
  /** Members as gossip tells them; the first is the leader. By default this one alone. */
  members: () => readonly number[] = () => [this.#port];
  /** In ms, before every answer. */
  delay = 0;
  /** How many events each subscription begins too early. */
  redeliver = 0;
  /** Reads and subscriptions fail. */
  readsFail = false;
  /** Subscriptions stay open and bring nothing. */
  mute = false;
  /** In ms, from the opening of a subscription to the first thing it says. */
  late = 0;
  /** Positions of events that are read from their stream are not told, as before 22.6. */
  old = false;
  /** Of every append call, whether the leader was asked for. */
  readonly appends: { readonly stream: string; readonly ids: readonly string[]; readonly requiresLeader: boolean }[] =
    [];

  constructor(readonly store: EventStore) {}

  get port(): number {
    return this.#port;
  }
  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }
  get openSubscriptions(): number {
    return this.#subscriptions.size;
  }
  get openReads(): number {
    return this.#reads.size;
  }

  /** On the same port as before. */
  async start(): Promise<this> {
    const server = new grpc.Server();
    server.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => void this.#read(call),
      append: (call: AppendCall, answer: grpc.sendUnaryData<streams.AppendResp>) => void this.#append(call, answer),
      batchAppend: (call: grpc.ServerDuplexStream<unknown, unknown>) => call.destroy(unimplemented()),
      delete: (_: unknown, answer: grpc.sendUnaryData<never>) => answer(unimplemented()),
      tombstone: (_: unknown, answer: grpc.sendUnaryData<never>) => answer(unimplemented()),
    });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: grpc.sendUnaryData<never>) =>
        answer({ code: grpc.status.INTERNAL, details: 'the client would remember this for ever' }),
    });
    server.addService(gossipService.GossipService, {
      read: (_: unknown, answer: grpc.sendUnaryData<gossip.ClusterInfo>) => answer(null, this.#clusterInfo()),
    });
    this.#port ||= await freePort();
    this.#port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.#port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      ),
    );
    this.#server = server;
    return this;
  }

  /** As a process that is killed: every connection breaks. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  async restart(): Promise<void> {
    this.stop();
    await this.start();
  }

  /** The next appends, one fault each. */
  failAppends(...faults: AppendFault[]): void {
    this.#appendFaults.push(...faults);
  }

  /** With no error, as a server that shuts down well does. */
  endSubscriptions(): void {
    for (const call of this.#subscriptions) call.end();
  }

  async #append(call: AppendCall, answer: grpc.sendUnaryData<streams.AppendResp>): Promise<void> {
    let options: streams.AppendReq.Options | undefined;
    const events = [];
    try {
      for await (const part of call as AsyncIterable<streams.AppendReq>) {
        options ??= part.getOptions();
        const message = part.getProposedMessage();
        if (message) events.push(wire.proposedOf(message));
      }
    } catch {
      return; // the client went away in the middle of its request
    }
    if (call.cancelled) return; // half a request is none
    if (!options) return answer({ code: grpc.status.INVALID_ARGUMENT, details: 'no options' });
    const stream = wire.nameOf(options.getStreamIdentifier());
    const requiresLeader = call.metadata.get('requires-leader').includes('true');
    this.appends.push({ stream, ids: events.map(({ id }) => id), requiresLeader });
    if (this.delay > 0) await pause(this.delay);
    const fault = this.#appendFaults.shift();
    if (fault === 'silent') return;
    if (fault && !fault.endsWith('written')) return answer(this.#failure(fault, stream));
    try {
      const result = await this.store.append(stream, events, wire.expectedOf(options));
      if (fault === 'silent, written') return;
      if (fault === 'unavailable, written') return answer(this.#failure('unavailable', stream));
      const last = wire.positionOf(await this.#lastOf(stream, result.revision));
      if (fault === 'empty answer, written') return answer(null, wire.empty());
      answer(null, wire.appended(result, last));
    } catch (error) {
      if (error instanceof WrongExpectedRevision) answer(null, wire.wrongVersion(error.actual));
      else answer({ code: grpc.status.UNAVAILABLE, details: String(error) });
    }
  }

  async #lastOf(stream: string, revision: number): Promise<RecordedEvent> {
    for await (const event of this.store.readStream(stream, { from: revision, limit: 1 })) return event;
    throw new Error(`${stream} has no revision ${revision}`);
  }

  async #read(call: ReadCall): Promise<void> {
    const options = call.request.getOptions();
    if (!options) return void call.destroy(new Error('no options'));
    const live = options.hasSubscription();
    const calls = live ? this.#subscriptions : this.#reads;
    const gone = new AbortController();
    calls.add(call);
    for (const end of ['cancelled', 'close', 'error', 'finish'] as const)
      call.on(end, () => {
        calls.delete(call);
        gone.abort();
      });
    try {
      if (this.delay > 0) await pause(this.delay);
      if (this.readsFail) throw Object.assign(new Error('no'), { code: grpc.status.UNAVAILABLE });
      if (live) await this.#subscription(call, options, gone.signal);
      else {
        if (options.hasStream()) await this.#stream(call, options, gone.signal);
        else await this.#all(call, options, gone.signal);
        call.end();
      }
    } catch (error) {
      call.emit('error', error);
    }
  }

  async #stream(call: ReadCall, options: streams.ReadReq.Options, signal: AbortSignal): Promise<void> {
    const of = options.getStream();
    const stream = wire.nameOf(of?.getStreamIdentifier());
    let none = true;
    for await (const _ of this.store.readStream(stream, { limit: 1 })) none = false;
    if (none) return void (await write(call, wire.streamNotFound(stream), signal));
    const events = this.store.readStream(stream, {
      ...(of?.hasRevision() && { from: Number(of.getRevision()) }),
      direction: options.getReadDirection() === 0 ? 'forwards' : 'backwards',
      limit: Number(options.getCount()),
    });
    for await (const event of events) {
      const response = wire.toReadEvent(event);
      if (this.old) forgetPosition(response);
      if (!(await write(call, response, signal))) return;
    }
  }

  async #all(call: ReadCall, options: streams.ReadReq.Options, signal: AbortSignal): Promise<void> {
    const forwards = options.getReadDirection() === 0;
    const from = positionIn(options);
    let left = Number(options.getCount());
    for await (const event of this.store.readAll({
      ...around(from, forwards),
      direction: forwards ? 'forwards' : 'backwards',
    })) {
      const pair = [
        [wire.positionOf(event), wire.toReadEvent(event)] as const,
        [wire.positionOf(event, 'link'), wire.toLink(event)] as const,
      ];
      for (const [position, response] of forwards ? pair : pair.reverse()) {
        // Forwards a read includes the position that it is given, backwards it does not.
        if (from && (forwards ? wire.isBefore(position, from) : !wire.isBefore(position, from))) continue;
        if (left-- <= 0 || !(await write(call, response, signal))) return;
      }
    }
  }

  async #subscription(call: ReadCall, options: streams.ReadReq.Options, signal: AbortSignal): Promise<void> {
    const from = positionIn(options);
    const pattern = new RegExp(options.getFilter()?.getEventType()?.getRegex() ?? '');
    if (this.late > 0) await pause(this.late);
    await write(call, wire.confirmation(), signal);
    const early = from && { ...from, prepare: from.prepare - BigInt(this.redeliver) * 250n };
    for await (const { events, caughtUp } of this.store.subscribe({ ...around(early, true), signal })) {
      for (const event of events) {
        if (this.mute) continue;
        const isDue = !from || this.redeliver > 0 || wire.isBefore(from, wire.positionOf(event));
        if (isDue && pattern.test(event.type) && !(await write(call, wire.toReadEvent(event), signal))) return;
      }
      const last = this.mute ? undefined : events.at(-1);
      if (last && !(await write(call, wire.checkpoint(wire.positionOf(last)), signal))) return;
      if (caughtUp && !(await write(call, wire.caughtUp(), signal))) return;
    }
  }

  #clusterInfo(): gossip.ClusterInfo {
    const info = new gossip.ClusterInfo();
    const states = gossip.MemberInfo.VNodeState;
    for (const [index, port] of this.members().entries()) {
      const member = new gossip.MemberInfo();
      member.setInstanceId(new shared.UUID().setString(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`));
      member.setState(index === 0 ? states.LEADER : states.FOLLOWER);
      member.setIsAlive(true);
      member.setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port));
      info.addMembers(member);
    }
    return info;
  }

  #failure(fault: AppendFault, stream: string): Partial<grpc.StatusObject> {
    const metadata = new grpc.Metadata();
    const exception = (name: string, code = grpc.status.FAILED_PRECONDITION) => {
      metadata.set('exception', name);
      return { code, details: name, metadata };
    };
    switch (fault) {
      case 'not leader': {
        metadata.set('leader-endpoint-host', '127.0.0.1');
        metadata.set('leader-endpoint-port', String(this.members()[0] ?? this.#port));
        return exception('not-leader', grpc.status.NOT_FOUND);
      }
      case 'access denied':
        return exception('access-denied', grpc.status.PERMISSION_DENIED);
      case 'stream deleted':
        metadata.set('stream-name', stream);
        return exception('stream-deleted');
      case 'too large':
        metadata.set('maximum-append-size', '1048576');
        return exception('maximum-append-size-exceeded', grpc.status.INVALID_ARGUMENT);
      case 'internal':
        return { code: grpc.status.INTERNAL, details: 'internal' };
      default:
        return { code: grpc.status.UNAVAILABLE, details: 'unavailable' };
    }
  }
}

const unimplemented = () => Object.assign(new Error('unimplemented'), { code: grpc.status.UNIMPLEMENTED });

/** `false`: nobody listens any more. */
async function write(call: ReadCall, response: streams.ReadResp, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || call.cancelled) return false;
  if (call.write(response)) return true;
  await once(call, 'drain', { signal }).catch(() => {}); // aborted: said below
  return !signal.aborted;
}

function positionIn(options: streams.ReadReq.Options): wire.WirePosition | undefined {
  const position = options.getAll()?.getPosition();
  return position && { commit: BigInt(position.getCommitPosition()), prepare: BigInt(position.getPreparePosition()) };
}

/** A position of the embedded store that is safely on the near side. */
function around(position: wire.WirePosition | undefined, forwards: boolean): { after?: string } {
  if (!position) return {};
  // A checkpoint has no prepare position: the first event of its commit is near enough.
  const sequence = position.prepare > 0n ? wire.sequenceOf(position) : (position.commit / 1000n) * 4n - 4n;
  const near = forwards ? sequence - 1n : sequence + 1n;
  return near > 0n ? { after: near.toString(16).padStart(16, '0') } : {};
}

function forgetPosition(response: streams.ReadResp): void {
  const event = response.getEvent()?.getEvent();
  event?.setCommitPosition(String(2n ** 64n - 1n));
  event?.setPreparePosition(String(2n ** 64n - 1n));
}
