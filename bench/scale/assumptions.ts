/**
 * What the simulation takes for granted. Nothing here is measured: change a number, run again, and every figure that
 * is derived from it changes with it.
 */
export const assumptions = {
  /** Places of one level of the calculation. The targets of the nation: 300 million events a year, 1,000/s at peak. */
  scopes: {
    city: { cities: 1, eventsAYear: 1_000_000, peakPerSecond: 50 },
    region: { cities: 12, eventsAYear: 12_000_000, peakPerSecond: 200 },
    nation: { cities: 333, eventsAYear: 300_000_000, peakPerSecond: 1_000 },
  },
  /** How long texts are, in Chinese characters (3 bytes each in UTF-8). */
  texts: { title: 22, situation: 350, analysis: 250, advice: 350, reply: 800, note: 60 },
  /** Of 20 cases, how many are of a kind; the rest are township suggestions. */
  mixOfTwenty: { joint: 1, inspection: 2, citySuggestion: 2, countySuggestion: 7 },
  /** Of a city's 5,000 mandates, how many sit at each level (from the election law's quotas for a city of 1.5 million). */
  mandatesOf5000: { nation: 4, autonomousRegion: 33, city: 301, county: 1_290 },
  /** The year: how many days congresses are in session, and what share of the events falls on these. */
  year: { sessionDays: 25, shareOnSessionDays: 0.4 },
  /** The share of a day's events in its fullest hour. */
  shareOfFullestHour: 0.18,
  /** Largest against mean: cities differ like a lognormal of this sigma. */
  sigmaOfCities: 0.7,
  /** Service times vary like a lognormal of this sigma around what was measured. */
  sigmaOfService: 0.4,
  /** Milliseconds to Redis and back, in one building. */
  roundTripMs: 0.5,
  /** Milliseconds of CPU to write one ready text to one socket. */
  socketWriteMs: 0.0055,
  /** Bytes that EventStoreDB adds to data and metadata: the record's header, ids, stream name, framing. */
  recordOverhead: 150,
  /** Of EventStoreDB's index (its documentation, "Indexes"). */
  indexEntry: 24,
  replicas: 3,
  /** Appends a second that one EventStoreDB leader is trusted with. */
  appendsOfOneCluster: 5_000,
  /** Memory that one Redis is trusted with: half of a 64 GB machine, so that a snapshot's fork fits. */
  redisBytes: 32e9,
  /** How busy a single thread may be on average before its queue grows long. */
  utilisation: 0.5,
} as const;

export type Scope = keyof typeof assumptions.scopes;
export const scopes = ['city', 'region', 'nation'] as const satisfies readonly Scope[];

/** For people: one line each. */
export const assumptionLines = (): readonly string[] =>
  Object.entries(assumptions).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
