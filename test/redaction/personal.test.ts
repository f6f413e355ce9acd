import { expect, it } from 'vitest';
import { foundIn, openPrivateWorld } from '../privacy/support/world.js';

/** A code that is plain, and a name that says it and is sealed. */
const code = 'KODE-7';
const name = `萨仁${code}`;
const nameMn = 'ᠰᠠᠷᠠ植入';

const personQuery = 'query ($id: ID!) { person(id: $id) { code name nameShown nameMn redactions { rule field } } }';
const historyQuery = 'query ($id: ID!) { caseHistory(caseId: $id, first: 100) { nodes { type data } } }';
const fileMutation = 'mutation ($subject: ID!) { makeAccessFile(subject: $subject) { content values } }';

/** A deputy with a record of personal data, and the office of her region. */
async function sealed() {
  const world = await openPrivateWorld();
  const { operator, office, act, ask } = world;
  const { caseId: person } = await act(operator, 'registerPerson', null, { code, region: '150802', name, nameMn });
  const seat = { person, region: '150802', term: 5, confirmedOn: '2026-01-12' };
  const { caseId: mandate } = await act(operator, 'registerMandate', null, seat);
  await world.settle();
  const self = await world.token(person, { mandate });
  const { caseId: record } = await act(self, 'openDataSubject', null, { subject: person });
  await world.settle();
  const hide = async (field: string, ground: string) => {
    const place = { kind: 'person', target: person, seen: 0, field, ground, basis: '〔2026〕3号' };
    const { caseId } = await act(office, 'redactText', null, place);
    await world.settle();
    return () => act(office, 'liftRedaction', caseId, { basis: '〔2026〕9号' });
  };
  type Shown = { person: { code: string | null; name: string | null; nameMn: string | null; redactions: object[] } };
  const seen = async (who: string) => (await ask<Shown>(who, personQuery, { id: person })).person;
  const said = async (who: string) => JSON.stringify(await ask(who, historyQuery, { id: person }));
  return { ...world, self, person, record, hide, seen, said };
}

it('given a hidden plain text, then a sealed one that says it is masked when it is opened, live and past (domain.md §6)', async () => {
  const at = await sealed();
  for (const who of [at.self, at.operator, at.office]) expect(await at.seen(who)).toMatchObject({ code, name });
  const lift = await at.hide('code', 'STATE_SECRET');
  for (const who of [at.self, at.operator, at.office]) {
    expect(await at.seen(who)).toMatchObject({ code: null, name: '萨仁███', nameMn });
    expect(await at.said(who)).not.toContain(code);
    const past = `query ($id: ID!) { person(id: $id, at: { revision: 0 }) { code name } }`;
    expect(await at.ask(who, past, { id: at.person })).toEqual({ person: { code: null, name: '萨仁███' } });
  }
  await lift();
  expect(await at.seen(at.office)).toMatchObject({ code, name, redactions: [] });
});

it('given a hidden sealed text, then it is opened for nobody, and its ciphertext is shown to nobody either', async () => {
  const at = await sealed();
  const before = (await at.get('/export')).match(/"sealed":"[^"]+"/g) ?? [];
  expect(before.length).toBeGreaterThan(1);
  await at.hide('name', 'COURT_ORDER');
  for (const who of [at.self, at.operator, at.office]) {
    expect(await at.seen(who)).toMatchObject({
      name: null,
      nameMn,
      redactions: [{ rule: 'COURT_ORDER', field: 'name' }],
    });
    expect(await at.said(who)).not.toContain('萨仁');
  }
  const after = (await at.get('/export')).match(/"sealed":"[^"]+"/g) ?? [];
  expect(after).toHaveLength(before.length - 1);
  expect(foundIn(Buffer.from(at.logged.join('\n')), { name, nameMn })).toEqual([]);
});

it('given an access request, then the person’s file has no text that is hidden also from the person (PIPL art. 45)', async () => {
  const at = await sealed();
  const file = async () => {
    await at.act(at.self, 'requestAccess', at.record);
    const { makeAccessFile } = await at.ask<{ makeAccessFile: { content: string; values: number } }>(
      at.self,
      fileMutation,
      { subject: at.person },
    );
    return makeAccessFile;
  };
  const whole = await file();
  for (const text of [name, nameMn]) expect(whole.content).toContain(text);

  const lift = await at.hide('code', 'STATE_SECRET');
  const masked = await file();
  expect(masked.content).not.toContain(code);
  expect(masked.content).toContain('萨仁███');
  await lift();

  await at.hide('name', 'STATE_SECRET');
  const cut = await file();
  expect(cut.content).not.toContain('萨仁');
  expect(cut.content).toContain(nameMn);
  expect(cut.values).toBe(whole.values - 1);
});

it('given a ground under which the offices keep the original, then the person’s own file has it too', async () => {
  const at = await sealed();
  await at.hide('name', 'PERSONAL_PRIVACY');
  await at.act(at.self, 'requestAccess', at.record);
  const { makeAccessFile } = await at.ask<{ makeAccessFile: { content: string } }>(at.self, fileMutation, {
    subject: at.person,
  });
  expect(makeAccessFile.content).toContain(name);
});
