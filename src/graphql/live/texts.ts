import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { Plan } from './plan.js';

/** The texts of one message: one per plan, class, and whether the case goes with it. */
export class Texts {
  private readonly known = new Map<Plan, Map<string, string | Promise<void>>>();

  constructor(
    private readonly write: (plan: Plan, shown: ViewerClass, withCase: boolean) => string | Promise<string>,
  ) {}

  want(plan: Plan, shown: ViewerClass, withCase: boolean): void {
    const ofPlan = this.known.get(plan) ?? new Map<string, string | Promise<void>>();
    this.known.set(plan, ofPlan);
    const key = `${shown} ${withCase}`;
    if (ofPlan.has(key)) return;
    const text = this.write(plan, shown, withCase);
    if (typeof text === 'string') ofPlan.set(key, text);
    else
      ofPlan.set(
        key,
        text.then((json) => {
          ofPlan.set(key, json);
        }),
      );
  }

  pending(): Promise<unknown> | undefined {
    const promises = [...this.known.values()].flatMap((ofPlan) =>
      [...ofPlan.values()].filter((text) => typeof text !== 'string'),
    );
    return promises.length > 0 ? Promise.all(promises) : undefined;
  }

  get(plan: Plan, shown: ViewerClass, withCase: boolean): string | undefined {
    const text = this.known.get(plan)?.get(`${shown} ${withCase}`);
    return typeof text === 'string' ? text : undefined;
  }
}
