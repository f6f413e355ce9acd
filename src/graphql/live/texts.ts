import type { ViewerClass } from '../../domain/kernel/visibility.js';
import type { Plan } from './plan.js';

type Text = string | Promise<void> | undefined;

/**
 * The texts of one message: one per plan, class, and whether the case goes with it. A text that cannot be worked out is
 * not there; the others are.
 */
export class Texts {
  private readonly known = new Map<Plan, Map<string, Text>>();

  constructor(
    private readonly write: (plan: Plan, shown: ViewerClass, withCase: boolean) => string | Promise<string>,
    private readonly onError: (error: unknown) => void,
  ) {}

  want(plan: Plan, shown: ViewerClass, withCase: boolean): void {
    const ofPlan = this.known.get(plan) ?? new Map<string, Text>();
    this.known.set(plan, ofPlan);
    const key = `${shown} ${withCase}`;
    if (!ofPlan.has(key))
      ofPlan.set(
        key,
        this.textOf(ofPlan, key, () => this.write(plan, shown, withCase)),
      );
  }

  private textOf(ofPlan: Map<string, Text>, key: string, write: () => string | Promise<string>): Text {
    try {
      const text = write();
      if (typeof text === 'string') return text;
      return text.then((json) => void ofPlan.set(key, json)).catch(this.onError);
    } catch (error) {
      this.onError(error);
      return undefined;
    }
  }

  pending(): Promise<unknown> | undefined {
    const promises = [...this.known.values()].flatMap((ofPlan) =>
      [...ofPlan.values()].filter((text) => text instanceof Promise),
    );
    return promises.length > 0 ? Promise.all(promises) : undefined;
  }

  get(plan: Plan, shown: ViewerClass, withCase: boolean): string | undefined {
    const text = this.known.get(plan)?.get(`${shown} ${withCase}`);
    return typeof text === 'string' ? text : undefined;
  }
}
