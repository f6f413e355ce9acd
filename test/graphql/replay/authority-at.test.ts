import { describe, expect, it } from 'vitest';
import { city, registered } from '../../projections/town.js';
import { askingIn, cityWithAuditor, type Json } from './rig.js';

const authority = `query ($at: LogAt!, $person: ID, $organ: ID, $region: RegionCode, $case: ID, $first: Int, $after: String) {
  authorityAt(at: $at, personId: $person, organId: $organ, region: $region, caseId: $case, first: $first, after: $after) {
    nodes { personId mandateId postId organId name organName role standing region { code } tags actions }
    pageInfo { hasNextPage endCursor } } }`;

describe('who held which mandate, post and right (issue 5 part 2)', () => {
  it('tells what was held then, under the names of then, whatever became of it', async () => {
    const { at, dwc, auditor, bat } = await cityWithAuditor();
    const { data, head, settle } = await askingIn(at);
    await settle();
    const before = await head();
    const people = { person: bat.person };
    await at.setUp('renamePerson', { name: 'Batu' }, bat.person);
    await at.setUp('suspendMandate', { reason: 'DETAINED_IN_CRIMINAL_CASE' }, bat.mandate);
    await settle();
    const between = await head();
    await at.setUp('endMandate', { reason: 'RESIGNED', on: '2026-03-02' }, bat.mandate);
    await at.setUp('endPost', {}, dwc.post);
    await settle();
    const of = async (position: string, more: object) =>
      (await data(authority, auditor, { at: { position }, ...more })).authorityAt.nodes;

    const [then] = await of(before, people);
    expect(then).toMatchObject({ mandateId: bat.mandate, postId: null, name: 'Bat', standing: 'active' });
    expect(then.tags).toContain(`deputies:${city}`);
    expect(then.actions).toContain('draftSuggestion');
    const [suspended] = await of(between, people);
    expect(suspended).toMatchObject({ name: 'Batu', standing: 'suspended', actions: [] });
    const [ended] = await of(await head(), people);
    expect(ended).toMatchObject({ standing: 'ended', actions: [] });
    expect(ended.tags).not.toContain(`deputies:${city}`);

    const post = async (position: string) => (await of(position, { organ: dwc.organ }))[0];
    expect(await post(before)).toMatchObject({
      postId: dwc.post,
      role: 'head',
      standing: 'active',
      region: { code: city },
    });
    expect((await post(await head())).standing).toBe('ended');
  });

  it('a post is found in the organ that it was in then, not in the one that it was moved to', async () => {
    const { at, auditor } = await cityWithAuditor();
    const [old, next] = [await at.official('ORG', city, 'old'), await at.official('ORG', city, 'next')];
    const { data, head, settle } = await askingIn(at);
    await settle();
    const before = await head();
    await at.setUp('mergeOrgan', { into: next.organ }, old.organ);
    await settle();
    const posts = async (position: string, organ: string) =>
      (await data(authority, auditor, { at: { position }, organ })).authorityAt.nodes.map(({ postId }: Json) => postId);
    expect(await posts(before, old.organ)).toEqual([old.post]);
    expect(await posts(before, next.organ)).toEqual([next.post]);
    expect(await posts(await head(), old.organ)).toEqual([]);
    expect((await posts(await head(), next.organ)).sort()).toEqual([next.post, old.post].sort());
  });

  it('pages through all mandates and posts, each once, and not through those that came later', async () => {
    const { at, auditor } = await cityWithAuditor();
    for (const name of ['a', 'b', 'c']) await at.deputy(name, city);
    const { data, head, settle } = await askingIn(at);
    await settle();
    const position = await head();
    await at.deputy('later', city);
    await settle();
    const found: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page: Json = (await data(authority, auditor, { at: { position }, first: 2, after })).authorityAt;
      expect(page.nodes.length).toBeLessThanOrEqual(2);
      for (const { mandateId, postId } of page.nodes) found.push(mandateId ?? postId);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(found).toHaveLength(6); // four mandates; the posts of the office and of the auditor
    expect(new Set(found).size).toBe(6);
  });

  it('tells who could do what with a case then, to those who may see it', async () => {
    const { at, auditor, dwc, bat } = await cityWithAuditor();
    const other = await at.deputy('Od', city);
    const { data, refusal, head, settle } = await askingIn(at);
    const id = await registered(at, bat, dwc, 'Canals');
    const handedIn = (await at.log('SuggestionSubmitted'))[0]?.position ?? '';
    await settle();
    const actions = async (position: string) =>
      (await data(authority, auditor, { at: { position }, organ: dwc.organ, case: id })).authorityAt.nodes[0].actions;
    expect(await actions(handedIn)).toContain('registerSuggestion');
    expect(await actions(await head())).not.toContain('registerSuggestion');
    const asked = { at: { position: handedIn }, case: id };
    expect(await refusal(authority, other, asked)).toBe('NOT_FOUND');
    const draft = (await at.log('SuggestionDrafted'))[0]?.position;
    expect(await refusal(authority, auditor, { ...asked, at: { position: draft } })).toBe('NOT_FOUND');
  });

  it('is for whoever signs in; a time that is not past yet is refused', async () => {
    const { at, auditor } = await cityWithAuditor();
    const { data, refusal, settle } = await askingIn(at);
    await settle();
    expect(await refusal(authority, null, { at: { time: '2026-03-01T00:00:00Z' } })).toBe('SIGN_IN_REQUIRED');
    expect(await refusal(authority, auditor, { at: { time: at.now().toISOString() } })).toBe('NOT_PAST_YET');
    expect(await refusal(authority, auditor, { at: {} })).toBe('AT_ONE_POINT');
    const nobody = await data(authority, auditor, { at: { time: '2026-03-01T00:00:00Z' } });
    expect(nobody.authorityAt.nodes).toEqual([]);
    at.at('2026-03-03');
    const all = await data(authority, auditor, { at: { time: '2026-03-02T23:00:00Z' } });
    expect(all.authorityAt.nodes).toHaveLength(3);
  });
});
