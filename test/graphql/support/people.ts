import { randomUUID } from 'node:crypto';
import type { Api } from './api.js';
import { regions, registrar } from './api.js';

/** A person of Linhe in the register; the answer is the id. */
export async function newPerson(api: Api, name: string): Promise<string> {
  const mutation = 'mutation($input: RegisterPersonInput!) { registerPerson(input: $input) { caseId } }';
  const input = { code: randomUUID(), name, region: regions.linhe };
  return (await api.data(mutation, { input }, registrar)).registerPerson.caseId;
}

/** A confirmed mandate of that person in Linhe's congress. */
export async function newMandate(api: Api, person: string): Promise<string> {
  const mutation = 'mutation($input: RegisterMandateInput!) { registerMandate(input: $input) { caseId } }';
  const input = { person, region: regions.linhe, term: 18, confirmedOn: '2026-01-05' };
  return (await api.data(mutation, { input }, registrar)).registerMandate.caseId;
}
