import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join, relative } from 'node:path';
import type { Bench } from './bench.js';
import type { Watch } from './run.js';

type Node = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
};
type Profile = {
  readonly nodes: readonly Node[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
};

/** Takes processor profiles of ours while it works, here or in its server, and of nobody else. */
export function profiling(folder: string, { name, works }: Bench): { readonly opening: Watch; readonly round: Watch } {
  let taken = 0;
  return {
    async opening({ kind }, work) {
      // A server that is started meanwhile writes its profile when it ends (`profileFlags`).
      if (kind === 'ours') process.env.WUJI_BENCH_PROFILE = folder;
      try {
        return await work();
      } finally {
        delete process.env.WUJI_BENCH_PROFILE;
      }
    },
    async round({ kind }, work) {
      if (kind !== 'ours' || works !== 'here') return work();
      const session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.start');
      const result = await work();
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}-${taken++}.cpuprofile`), JSON.stringify(profile));
      return result;
    },
  };
}

/** For who starts a server of ours. */
export const profileFlags = (): readonly string[] => {
  const { WUJI_BENCH_PROFILE: folder } = process.env;
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
};

/** Nothing of ours: waiting, and the inspector itself. */
const aside: ReadonlySet<string> = new Set(['(idle)', 'dispatch', '']);

/** Where the processor was, of all profiles of the folder that were written since: by place in the sources, most first. */
export async function profileShows(folder: string, since: number, lines = 25): Promise<string> {
  const self = new Map<string, number>();
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const name of names.filter((each) => each.endsWith('.cpuprofile'))) {
    const file = join(folder, name);
    if ((await stat(file)).mtimeMs < since) continue;
    const { nodes, samples = [], timeDeltas = [] } = JSON.parse(await readFile(file, 'utf8')) as Profile;
    const places = new Map(nodes.map((node) => [node.id, placeOf(node)]));
    samples.forEach((id, i) => {
      const place = places.get(id) ?? '';
      if (!aside.has(place)) self.set(place, (self.get(place) ?? 0) + Math.max(0, timeDeltas[i] ?? 0));
    });
  }
  const all = [...self.values()].reduce((sum, us) => sum + us, 0);
  const most = [...self].sort(([, a], [, b]) => b - a).slice(0, lines);
  const share = (us: number) => `${((100 * us) / all).toFixed(1)} %`.padStart(8);
  return [
    `profile of ours, processor time in each function itself (of ${(all / 1e6).toFixed(1)} s; ${folder})`,
    ...most.map(([place, us]) => `${share(us)}  ${place}`),
  ].join('\n');
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: Node): string {
  if (url === '') return functionName;
  const path = url.startsWith('file://') ? relative(process.cwd(), new URL(url).pathname) : url;
  return `${functionName || '(anonymous)'} ${path.replace(/^.*node_modules\//, '')}:${lineNumber + 1}`;
}
