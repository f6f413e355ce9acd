import type { Position } from '../../domain/kernel/event.js';
import { cursorOf } from './cursor.js';
import { Encoded } from './encoded.js';
import type { Plan } from './plan.js';
import type { Present } from './subscription.js';
import { messageOf } from './subscription.js';

type Marker = { readonly position: Position; readonly present: Present | undefined; text: Encoded | Promise<Encoded> };

/** Texts of “all until here has been sent”: of each plan the last, for all who arrive at the same place. */
export class Markers {
  private readonly last = new WeakMap<Plan, Marker>();

  constructor(private readonly epoch: string) {}

  of(plan: Plan, position: Position, present: Present | undefined): Encoded | Promise<Encoded> {
    const known = this.last.get(plan);
    if (known && known.position === position && isSame(known.present, present)) return known.text;
    const message = messageOf(cursorOf(this.epoch, position), { case: present?.case, caughtUp: true });
    const json = plan.run(message, present?.class);
    if (typeof json === 'string') return this.keep(plan, { position, present, text: new Encoded(json) });
    const marker: Marker = { position, present, text: json.then((written) => new Encoded(written)) };
    this.last.set(plan, marker);
    return Promise.resolve(marker.text).then(
      (text) => {
        marker.text = text;
        return text;
      },
      (error: unknown) => {
        if (this.last.get(plan) === marker) this.last.delete(plan);
        throw error;
      },
    );
  }

  private keep(plan: Plan, marker: Marker & { readonly text: Encoded }): Encoded {
    this.last.set(plan, marker);
    return marker.text;
  }
}

const isSame = (a: Present | undefined, b: Present | undefined): boolean =>
  a?.class === b?.class && a?.case === b?.case;
