import { addGauges } from './telemetry/gauges.js';
import { live, ready } from './telemetry/health.js';
import { createMetrics } from './telemetry/metrics.js';
import type { Watched } from './telemetry/parts.js';

export type { Watched } from './telemetry/parts.js';
export type { Watch } from './telemetry/watch.js';
export { createWatch } from './telemetry/watch.js';

/** How this node is, for operators and proxies. Anybody may ask: the text of an error can tell of paths, hosts and cases. */
export function createTelemetry(watched: Watched) {
  const { registry } = watched.metrics ?? createMetrics();
  addGauges(registry, watched);
  return {
    live: async () => live(watched),
    ready: () => ready(watched),
    metrics: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
