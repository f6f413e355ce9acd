import { z } from 'zod';
import { ref } from '../../kernel/fields.js';

/** What the system asks for when an organ is merged or abolished: its part moves to the organ that succeeds it (S1). */
export const successionInput = z.object({
  organ: ref('organ', ['Organ that is no more.', '被撤并的机关']),
  to: ref('organ', ['Organ that succeeds it.', '承接单位']),
});
