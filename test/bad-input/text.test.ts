import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeIn, rawSocket } from '../live/support/clients.js';
import type { Part, World } from '../live/support/world.js';
import { draft, openWorld } from '../live/support/world.js';
import { refusedWhole } from './support/refused.js';

let world: World;
let lead: Part;
beforeAll(async () => {
  world = await openWorld();
  lead = await world.cast.deputy('D-041', '150802');
});
afterAll(() => world.close());

const mutation = 'mutation ($input: DraftSuggestionInput!) { draftSuggestion(input: $input) { caseId } }';

describe('text that cannot be kept (issue 2 “Bad input”)', () => {
  it.each([
    ['a lone high surrogate', '坏\ud800字'],
    ['a lone low surrogate', '\udfff'],
    ['U+FFFD, what a decoder leaves of broken bytes', '坏\ufffd字'],
    ['NUL', 'a\u0000b'],
    ['a control character', 'a\u001bb'],
    ['DEL', 'a\u007fb'],
    ['nothing but spaces', ' \u3000\n\t '],
    ['one character too many', '长'.repeat(101)],
  ])('%s is INVALID_INPUT over HTTP and WebSocket, and names the field', async (_, title) => {
    await refusedWhole(world, 'INVALID_INPUT', () => world.refusal(lead, 'draftSuggestion', null, { ...draft, title }));
    await refusedWhole(world, 'INVALID_INPUT', async () => {
      const raw = await rawSocket(world, { token: lead.token });
      raw.subscribe('m', mutation, { input: { ...draft, title } });
      const { payload } = await raw.messages.first(({ id }) => id === 'm');
      expect(payload.errors[0].extensions.params.problems).toContain('title');
      return payload.errors[0].extensions.code;
    });
  });

  it('each limit is exact: the longest text is taken, in Han, Mongolian and beyond the basic plane', async () => {
    for (const title of ['长'.repeat(100), 'ᠮᠣᠩᠭᠣᠯ', '𠮷野家😀'])
      await world.act(lead, 'draftSuggestion', null, { ...draft, title });
    const { suggestions } = await world.api.ask<{ suggestions: { nodes: { title: string }[] } }>(
      lead.token,
      '{ suggestions(first: 3) { nodes { title } } }',
    );
    expect(suggestions.nodes.map(({ title }) => title)).toEqual(expect.arrayContaining(['长'.repeat(100), '𠮷野家😀']));
  });

  it('broken UTF-8 in a body: truncated, overlong, surrogate, GBK; refused as BODY_NOT_JSON', async () => {
    const [head, tail] = JSON.stringify({ query: mutation, variables: { input: { ...draft, title: '@@' } } }).split(
      '@@',
    );
    const broken = [[0xff], [0xe6, 0xa1], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xb5, 0xe7]];
    for (const bytes of broken)
      for (const path of ['/graphql', '/graphql/stream'])
        await refusedWhole(world, 'BODY_NOT_JSON', async () => {
          const body = Buffer.concat([Buffer.from(head ?? ''), Buffer.from(bytes), Buffer.from(tail ?? '')]);
          const response = await send(path, body);
          expect(response.status).toBe(400);
          return codeIn(await response.json());
        });
  });

  it('broken UTF-8 in a text frame closes that socket with 1007', async () => {
    const other = await rawSocket(world, { token: lead.token });
    const before = await world.log();
    const [head, tail] = JSON.stringify({
      id: 'm',
      type: 'subscribe',
      payload: { query: mutation, variables: { input: { ...draft, title: '@@' } } },
    }).split('@@');
    for (const bytes of [[0xff], [0xe6, 0xa1], [0xed, 0xa0, 0x80]]) {
      const raw = await rawSocket(world, { token: lead.token });
      raw.socket.send(Buffer.concat([Buffer.from(head ?? ''), Buffer.from(bytes), Buffer.from(tail ?? '')]), {
        binary: false,
      });
      expect(await raw.closed.first(() => true)).toMatchObject({ code: 1007 });
    }
    await other.ping();
    expect(await world.log()).toHaveLength(before.length);
  });
});

const send = (path: string, body: Uint8Array) =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${lead.token}` },
    body,
  });
