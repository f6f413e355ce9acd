import { describe, expect, test } from 'vitest';
import { wuji } from '../../src/domain/wuji.js';
import { seed, walkAtRandom } from './walk.js';

const findings = walkAtRandom();

describe(`every action and event of the registry, in random walks with the seed ${seed}`, () => {
  test('deciding the same again on the resulting state yields nothing or a refusal', () => {
    expect(findings.against('decides once')).toEqual([]);
  });

  test('every event folds on every reached state in which its stream could contain it', () => {
    expect(findings.against('folds')).toEqual([]);
  });

  test('every event and every state survives JSON and its schema unchanged', () => {
    expect(findings.against('survives JSON')).toEqual([]);
  });

  test('every audience names known circles with a class that a viewer can hold', () => {
    expect(findings.against('audience')).toEqual([]);
  });

  test('every refusal stands in a table of the registry and leaves no gap in its text', () => {
    expect(findings.against('refusals')).toEqual([]);
  });

  test('the walks came everywhere: every action was accepted and every event happened', () => {
    // Where chance does not reach, add a path to test/laws/paths.ts.
    expect({
      neverAccepted: [...wuji.actions.keys()]
        .filter((name) => !findings.accepted.has(name))
        .map((name) => findings.obstacles(name)),
      neverHappened: [...wuji.events.keys()].filter((type) => !findings.examples.has(type)),
    }).toEqual({ neverAccepted: [], neverHappened: [] });
  });
});
