import type { Load } from '../fanout/stand.js';
import { openStand } from '../fanout/stand.js';
import type { Bench, Case, Contender, Scale } from '../harness/bench.js';
import { bodyFor, casesOf } from './cases.js';

const file = new URL('./server.js', import.meta.url);

type Size = { readonly cases: number; readonly deputies: number; readonly load: Load };

/** `from`: the numbers of the events say of which case they are. */
const dueOf = ({ cases, deputies, load: { events, from = 0 } }: Size): number => {
  const entitled = casesOf(cases, deputies);
  return Array.from({ length: events }, (_, i) => entitled[(from + i) % cases]?.size ?? 0).reduce((a, b) => a + b, 0);
};

function caseOf(size: Size): Case {
  const { cases, deputies, load } = size;
  const due = dueOf(size);
  const contender = (key: string, name: string, kind: Contender['kind']): Contender => ({
    ...{ name, kind },
    async open() {
      const stand = await openStand(file, [key, String(cases), String(deputies)], deputies);
      let from = 100 * cases;
      const round = async () => {
        from += cases * 10; // the same cases, later events
        return (await stand.run({ ...load, from }, due)).cpu / due;
      };
      await round();
      return { round, close: () => stand.close() };
    },
  });
  return {
    name: `${deputies.toLocaleString('en')} deputies in ${cases} cases`,
    ...{ unit: 'µs CPU a delivery', better: 'lower', reach: { vsPeer: 10 } },
    contenders: [
      contender('ours', 'Wuji', 'ours'),
      contender('limit', 'raw frames, receivers known beforehand', 'limit'),
      contender('apollo', 'Apollo with a filter per subscriber', 'peer'),
    ],
  };
}

/** Everybody's messages, one by one: those of the path by the library, and what the class of each may see. */
async function equalsPlainPath({ cases, deputies, load }: Size): Promise<void> {
  const from = 100 * cases;
  const entitled = casesOf(cases, deputies);
  const found: string[] = [];
  for (const which of ['plain', 'ours']) {
    const stand = await openStand(file, [which, String(cases), String(deputies)], deputies, { collect: true });
    for (const member of stand.fleet.members) member.texts.length = 0;
    await stand.run({ ...load, from }, dueOf({ cases, deputies, load: { ...load, from } }));
    const texts = stand.fleet.members.map((member) => [...member.texts]);
    texts.forEach((messages, n) => {
      const due = Array.from({ length: load.events }, (_, i) => from + i).flatMap((event) => {
        const shown = entitled[event % cases]?.get(n);
        return shown ? [bodyFor(event, shown)] : [];
      });
      const bodies = messages.map((text) => JSON.stringify(JSON.parse(text).payload));
      if (JSON.stringify(bodies) !== JSON.stringify(due))
        throw new Error(`${which}: client ${n} was sent something else`);
    });
    found.push(JSON.stringify(texts));
    await stand.close();
  }
  if (found[0] !== found[1]) throw new Error('the messages are not those of the plain path');
}

export const bench: Bench = {
  name: 'mixed',
  works: 'in a server',
  about:
    'Deputies in cases of five levels, each event to the 20 to 200 who are entitled, in four classes of visibility: processor time of the server for each delivery.',
  async cases(scale: Scale) {
    const small: Size = { cases: 12, deputies: 40, load: { events: 36, burst: 3, every: 2, from: 0 } };
    if (scale === 'smoke') {
      await equalsPlainPath(small);
      return [caseOf(small)];
    }
    return [caseOf({ cases: 500, deputies: 5_000, load: { events: 100, burst: 1, every: 20, from: 0 } })];
  },
};
