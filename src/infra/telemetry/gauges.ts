import { Counter, Gauge, type Registry } from 'prom-client';
import type { Lag } from './lag.js';
import { lagAfter, within } from './lag.js';
import type { ReactorPart, Watched } from './parts.js';
import { leaderState, leaderStates, leads, logStates, redisStates } from './parts.js';

/** Events are counted so far; beyond it the seconds tell. */
const countedEvents = 10_000;
const askMs = 1_000;
const projectorStates = ['starting', 'catching up', 'live', 'retrying', 'stopped'] as const;

type Sample = { readonly labels?: Record<string, string>; readonly value: number };
type Read = () => readonly Sample[] | Promise<readonly Sample[]>;

/** What is asked for when somebody looks. What cannot be read now has no sample: no number is better than an old one. */
export function addGauges(registry: Registry, watched: Watched): void {
  const { live, documents, log, redis, leader, projector, clock } = watched;
  const gauge = (name: string, help: string, read: Read, labelNames: string[] = []) =>
    new Gauge({
      ...{ name: `wuji_${name}`, help, labelNames, registers: [registry] },
      async collect() {
        const samples = await read();
        if (labelNames.length > 0) this.reset();
        else this.remove();
        for (const { labels = {}, value } of samples) this.set(labels, value);
      },
    });
  const counter = (name: string, help: string, read: () => readonly Sample[], labelNames: string[] = []) =>
    new Counter({
      ...{ name: `wuji_${name}_total`, help, labelNames, registers: [registry] },
      collect() {
        this.reset();
        for (const { labels = {}, value } of read()) this.inc(labels, value);
      },
    });
  const states = (name: string, help: string, known: readonly string[], read: () => string) =>
    gauge(
      `${name}_state`,
      `${help}: 1 for the state that it is in`,
      () => {
        const present = read();
        return known.map((state) => ({ labels: { state: snake(state) }, value: Number(state === present) }));
      },
      ['state'],
    );
  const faults = (name: string, read: () => string | undefined) =>
    gauge(
      `${name}_fault`,
      'Present, with the value 1, while something is wrong',
      () => {
        const fault = read();
        return fault === undefined ? [] : [{ labels: { fault }, value: 1 }];
      },
      ['fault'],
    );

  gauge('sockets', 'Open WebSockets', () => one(live.sockets));
  gauge('streams', 'Open streams of server-sent events', () => one(live.streams));
  gauge('subscriptions', 'Open subscriptions', () => one(live.subscriptions));
  gauge('subscriptions_lagging', 'Subscriptions that catch up because their readers are slow', () => one(live.lagging));
  counter('subscriptions_lagged', 'Times that a subscription fell behind a slow reader', () => one(live.counts.lagged));
  counter(
    'events_redelivered',
    'Past events sent to subscriptions that resume or fell behind, by where they were read',
    () => Object.entries(live.counts.redelivered).map(([source, value]) => ({ labels: { source }, value })),
    ['source'],
  );

  if (documents) {
    gauge('documents', 'GraphQL documents that are kept parsed and validated', () => one(documents.size));
    counter(
      'document_lookups',
      'Documents that were asked for, at whatever door; miss: it had to be parsed and validated',
      () => [
        { labels: { outcome: 'hit' }, value: documents.counts.hits },
        { labels: { outcome: 'miss' }, value: documents.counts.misses },
      ],
      ['outcome'],
    );
  }

  states('projector', 'The read models as this node sees them', projectorStates, () => projector.status().state);
  gauge('projector_lag_seconds', 'Age of the oldest event that is not in the read models', async () => {
    const lag = await within(askMs, () => projector.lag());
    return lag === undefined ? [] : one(lag / 1000);
  });
  if (log)
    gauge(
      'projector_lag_events',
      `Events that are not in the read models, counted up to ${countedEvents}`,
      async () => {
        const { position } = projector.status();
        const lag = await within(askMs, () => lagAfter(log.store, clock, position, countedEvents));
        return lag === undefined ? [] : one(lag.events);
      },
    );

  const ofReactors = (read: (reactor: ReactorPart) => readonly Sample[]) => () =>
    watched.reactors().flatMap((reactor) => {
      const samples = read(reactor);
      return samples.map(({ labels, value }) => ({ labels: { ...labels, reactor: reactor.name }, value }));
    });
  counter(
    'reactor_commands',
    'Commands of policies by outcome; refused: the case had moved on',
    ofReactors(({ taken, refused }) => [
      { labels: { outcome: 'taken' }, value: taken },
      { labels: { outcome: 'refused' }, value: refused },
    ]),
    ['reactor', 'outcome'],
  );
  counter(
    'reactor_retries',
    'Times that a policy had to try again',
    ofReactors(({ retries }) => one(retries)),
    ['reactor'],
  );
  gauge(
    'reactor_retrying',
    '1 while a policy cannot go on and tries again',
    ofReactors(({ state }) => one(Number(state === 'retrying'))),
    ['reactor'],
  );
  if (log)
    gauge(
      'reactor_lag_seconds',
      'Age of the oldest event that a policy has not settled',
      async () => {
        const known = new Map<string | undefined, Lag | undefined>(); // most stand at the same place
        const samples: Sample[] = [];
        for (const { name, position } of watched.reactors()) {
          if (!known.has(position))
            known.set(position, await within(askMs, () => lagAfter(log.store, clock, position, 1)));
          const lag = known.get(position);
          if (lag) samples.push({ labels: { reactor: name }, value: lag.seconds });
        }
        return samples;
      },
      ['reactor'],
    );
  gauge('scheduler_last_tick_timestamp_seconds', 'When all was last done that the calendar asks for', () => {
    const { tickedAt } = watched.scheduler();
    return tickedAt === undefined ? [] : one(tickedAt / 1000);
  });
  gauge('scheduler_failing', '1 while what the calendar asks for could not all be done', () =>
    leads(watched) ? one(Number(watched.scheduler().error !== undefined)) : [],
  );

  const fault = log?.fault;
  if (fault) faults('log', fault);
  const status = log?.status;
  if (status) {
    states('log', 'The subscription to the log’s server', logStates, () => status().state);
    faults('log', () => status().fault);
    counter('log_reconnects', 'Times that the subscription to the log’s server was lost', () =>
      one(status().reconnects),
    );
    gauge('log_last_heard_timestamp_seconds', 'When the log’s server last said anything', () => {
      const { heardAt } = status();
      return heardAt === undefined ? [] : one(heardAt.getTime() / 1000);
    });
  }
  if (redis) {
    states('redis', 'The connection to Redis', redisStates, () => redis().state);
    faults('redis', () => redis().fault);
  }
  if (leader) {
    gauge('leader', '1 on the node that folds the read models and carries out the policies', () =>
      one(Number(leaderState(leader) === 'holder')),
    );
    states('leader', 'This node among the others', leaderStates, () => leaderState(leader));
  }
}

const one = (value: number): readonly Sample[] => [{ value }];
const snake = (state: string): string => state.replaceAll(' ', '_');
