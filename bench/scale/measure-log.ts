import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import type { EventStore } from '../../src/domain/kernel/ports.js';
import { encodeEvent } from '../../src/infra/event-store/record.js';
import { cpuSince } from './fold.js';
import type { Town } from './town.js';

/** Sizes in bytes, per event; rates per second on one core. */
export type LogFigures = {
  readonly events: number;
  readonly caseEvents: number;
  readonly eventsPerCommand: number;
  /** Of the case events, those that policies have recorded. */
  readonly policyShare: number;
  /** Of the payload alone: the recorded examples (short texts), and this log's case events. */
  readonly recordedPayload: number;
  readonly payload: number;
  /** The stored JSON of a case event, and what of it is the audience. */
  readonly json: number;
  readonly registerJson: number;
  readonly audience: number;
  /** Data and metadata as the EventStoreDB adapter sends them. */
  readonly eventStoreDB: number;
  /** The folder of the embedded log over all its events, also those of the register. */
  readonly disk: number;
  readonly readsPerSecond: number;
};

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const jsonOf = (event: RecordedEvent): number => {
  const { head, data } = encodeEvent(event);
  return (
    Buffer.byteLength(head) + Buffer.byteLength(data) + 1 + bytes([event.revision, event.stream, event.recordedAt])
  );
};
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

const isRegister = ({ stream }: RecordedEvent): boolean => /^(person|mandate|organ|post|congress)-/.test(stream);

export async function readLog(store: EventStore): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of store.readAll()) all.push(event);
  return all;
}

/** The register is entered before the first case; what its streams get later (numbers) is case work. */
export const caseLogOf = (all: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  all.slice(all.findIndex((event) => !isRegister(event)));

export async function measureLog({ store }: Town, folder: string): Promise<LogFigures> {
  const begun = process.cpuUsage();
  const all = await readLog(store);
  const seconds = cpuSince(begun) / 1_000;
  const caseLog = caseLogOf(all);
  return {
    events: all.length,
    caseEvents: caseLog.length,
    eventsPerCommand: caseLog.length / new Set(caseLog.map(({ meta }) => meta.commandId)).size,
    policyShare: caseLog.filter(({ meta: { actor } }) => 'policy' in actor).length / caseLog.length,
    recordedPayload: recordedPayload(),
    payload: mean(caseLog.map(({ data }) => bytes(data))),
    json: mean(caseLog.map(jsonOf)),
    registerJson: mean(all.slice(0, all.length - caseLog.length).map(jsonOf)),
    audience: mean(caseLog.map(({ meta }) => bytes(meta.audience))),
    eventStoreDB: mean(
      caseLog.map(({ data, meta, version, effectiveAt }) => bytes(data) + bytes({ ...meta, version, effectiveAt })),
    ),
    disk: sizeOf(join(folder, 'log')) / all.length,
    readsPerSecond: all.length / seconds,
  };
}

/** One payload of each type that was ever published, as the tests keep them. */
function recordedPayload(): number {
  const folder = join(rootFolder(), 'test/recorded/events');
  return mean(readdirSync(folder).map((file) => bytes(JSON.parse(readFileSync(join(folder, file), 'utf8')))));
}

/** Where npm runs what package.json names: also for what is compiled to somewhere else. */
export const rootFolder = (): string => process.cwd();

/** Blocks on disk, not lengths: what is laid out ahead and holes take what they take. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
