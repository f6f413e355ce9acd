import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/domain/kernel/actor.js';
import type { RecordedEvent } from '../../src/domain/kernel/event.js';
import { kernelRefusals } from '../../src/domain/kernel/refusals.js';
import { auditApi } from '../../src/graphql/audit.js';
import { anybody, viewerOf } from '../../src/graphql/context.js';
import { derive } from '../../src/graphql/derive/derive.js';
import type { Showing } from '../../src/projections/ledger/audit.js';
import { nothingHidden } from '../support/redactions.js';
import { deputy, official } from '../support/spec.js';
import { regions } from './support/api.js';
import { author, keptNotes, noteRegistry, openNotes } from './support/notes.js';

/** Notes are told to the deputies of their region as to the public, and once opened to the city's office as a whole. */
type Notes = Awaited<ReturnType<typeof openNotes>>;
let house: Notes;
let caseId: string;
/** Of the case that was let through: which of its events are shown. */
let asked: (actor: Actor | null) => Promise<readonly boolean[] | string>;

beforeAll(async () => {
  house = await openNotes();
  const { handle, loader, store } = house;
  const kept = await handle({
    ...{ action: 'keepNote', commandId: '1', actor: author },
    input: { words: 'secret words', category: 'A', region: regions.linhe },
  });
  if (!('id' in kept)) throw new Error('not kept');
  caseId = kept.id;
  await handle({ action: 'openNote', id: caseId, commandId: '2', actor: author, input: {} });
  const services = () => house;
  const derived = derive({ registry: noteRegistry, models: keptNotes }, services);
  const history: RecordedEvent[] = [];
  for await (const event of store.readStream(`note-${caseId}`)) history.push(event);
  let shown: boolean[] = [];
  const unused = (): never => {
    throw new Error('not asked for here');
  };
  const audit = {
    ...{ head: unused, keys: unused, consistency: unused },
    fileOf: async (_: unknown, show: (event: RecordedEvent) => Showing | Promise<Showing>) => {
      shown = (await Promise.all(history.map(show))).map(({ isShown }) => isShown);
      return kernelRefusals.BUSY(); // rights have been decided by now
    },
  };
  const { queries } = auditApi(() => ({ loader, audit, redactions: nothingHidden, personal: house.personal }))(
    derived,
    services,
  );
  asked = async (actor) => {
    const context = { viewer: actor ? viewerOf(actor) : anybody };
    const outcome: unknown = await Promise.resolve(queries?.auditProof?.resolve({ caseId }, context, undefined)).catch(
      (error: unknown) => error,
    );
    const code = outcome instanceof Error && 'extensions' in outcome ? Object(outcome.extensions).code : 'none';
    return code === 'BUSY' ? shown : code;
  };
});
afterAll(() => house.close());

describe('who may have the proof of a case (issue 5 part 1)', () => {
  it('an auditor of its region who cannot find the case is told that there is none, like anybody else', async () => {
    expect(await asked(official('AUD', regions.linhe))).toBe('NOT_FOUND');
  });

  it('an auditor of another region has no more right than the offices there, a former one and an expert none', async () => {
    expect(await asked(official('AUD', regions.wuyuan))).toBe('NOT_FOUND');
    expect(await asked(official('AUD', '000000'))).toBe('NOT_FOUND');
    expect(await asked(official('AUD', regions.city)), 'as the offices there').toEqual([false, true]);
    expect(await asked({ ...official('AUD', regions.linhe), standing: 'ended' })).toBe('NOT_FOUND');
    expect(await asked({ ...official('AUD', regions.linhe), role: 'expert' })).toBe('NOT_FOUND');
  });

  it('an office that sees the whole case has it; an event that was not whole to it when it was recorded is withheld', async () => {
    expect(await asked(official('DWC', regions.city))).toEqual([false, true]);
  });

  it('who sees a part of the case is refused, and who sees none of it is told that there is none', async () => {
    expect(await asked(deputy('another', regions.linhe))).toBe('NOT_ALLOWED');
    expect(await asked(official('ORG', regions.linhe))).toBe('NOT_FOUND');
    expect(await asked(null)).toBe('SIGN_IN_REQUIRED');
  });
});
