import { refOfStream } from '../../domain/kernel/aggregate.js';
import { mandate } from '../../domain/organization/mandate.js';
import { post } from '../../domain/organization/post.js';
import { mandateModel, postModel } from '../cases/registry.js';
import { defineReactor } from '../kernel/reactor.js';
import { rowOf } from './scan.js';

/** A person's record lists his or her mandates: registering one asks it whether regions are in line (Electoral Law art. 48). */
export const personsMandates = defineReactor({
  name: 'persons-mandates',
  from: [mandate],
  on: {
    MandateRegistered: ({ stream, data }) => [
      {
        action: 'takeUpMandate',
        id: data.person,
        input: { mandate: refOfStream(stream).id, congress: data.region },
      },
    ],
    MandateEnded: async ({ stream }, { view }) => {
      const { id } = refOfStream(stream);
      const held = await rowOf(view, mandateModel, id);
      return held ? [{ action: 'layDownMandate', id: held.state.person, input: { mandate: id } }] : [];
    },
  },
});

/** And his or her posts: who holds one is not erased (domain.md §6). A policy of its own, so that it begins with the oldest. */
export const personsPosts = defineReactor({
  name: 'persons-posts',
  from: [post],
  on: {
    PostAssigned: ({ stream, data }) => [
      { action: 'takeUpPost', id: data.person, input: { post: refOfStream(stream).id } },
    ],
    PostEnded: async ({ stream }, { view }) => {
      const { id } = refOfStream(stream);
      const held = await rowOf(view, postModel, id);
      return held ? [{ action: 'layDownPost', id: held.state.person, input: { post: id } }] : [];
    },
  },
});
