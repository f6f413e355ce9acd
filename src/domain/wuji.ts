import { kernelRefusals } from './kernel/refusals.js';
import { defineRegistry } from './kernel/registry.js';
import { congress, congressActions } from './organization/congress.js';
import { mandate, mandateActions } from './organization/mandate.js';
import { organ, organActions } from './organization/organ.js';
import { person, personActions } from './organization/person.js';
import { post, postActions } from './organization/post.js';

/** The whole domain. A new aggregate is named here once; API, read models, documents and laws follow from it. */
export const wuji = defineRegistry(
  [person, mandate, organ, post, congress],
  { ...personActions, ...mandateActions, ...organActions, ...postActions, ...congressActions },
  kernelRefusals,
);
