import type { ViewerClass } from '../../domain/kernel/visibility.js';
import { cursorOf } from './cursor.js';
import { Encoded } from './encoded.js';
import type { Plan } from './plan.js';
import type { LiveEvent } from './ring.js';
import { messageOf } from './subscription.js';

/** `failed`: it could not be worked out for those who were live; who reads it later tries again. */
type Text = Encoded | Promise<Encoded> | 'failed' | undefined;

const rank: Record<ViewerClass, number> = { public: 0, follower: 1, participant: 2, office: 3 };

/** The texts of one message: one per plan, class, and whether the case goes with it, each worked out once. */
export class Texts {
  private readonly known = new Map<Plan, Text[]>();
  private plan: Plan | undefined;
  private ofPlan: Text[] = [];

  constructor(
    private readonly run: (plan: Plan, shown: ViewerClass, withCase: boolean) => string | Promise<string>,
    private readonly kept: (text: Encoded) => void,
  ) {}

  /** Throws or rejects when it cannot be worked out. */
  of(plan: Plan, shown: ViewerClass, withCase: boolean): Encoded | Promise<Encoded> {
    const ofPlan = this.textsOf(plan);
    const at = indexOf(shown, withCase);
    const known = ofPlan[at];
    if (known !== undefined && known !== 'failed') return known;
    const json = this.run(plan, shown, withCase);
    if (typeof json === 'string') {
      const text = this.keep(json);
      ofPlan[at] = text;
      return text;
    }
    const text = json.then((written) => this.keep(written));
    ofPlan[at] = text;
    return this.settle(ofPlan, at, text);
  }

  /** Begins it, once for all. A promise: it is being worked out. One that cannot be is told, and not there for `get`. */
  want(
    plan: Plan,
    shown: ViewerClass,
    withCase: boolean,
    onError: (error: unknown) => void,
  ): Promise<unknown> | undefined {
    const at = indexOf(shown, withCase);
    const known = this.textsOf(plan)[at];
    if (known instanceof Promise) return known;
    if (known) return undefined;
    try {
      const text = this.of(plan, shown, withCase);
      return text instanceof Promise ? text.catch(onError) : undefined;
    } catch (error) {
      onError(error);
      this.textsOf(plan)[at] = 'failed';
      return undefined;
    }
  }

  get(plan: Plan, shown: ViewerClass, withCase: boolean): Encoded | undefined {
    const text = this.textsOf(plan)[indexOf(shown, withCase)];
    return text instanceof Encoded ? text : undefined;
  }

  /** Receivers of the same plan mostly come one after the other. */
  private textsOf(plan: Plan): Text[] {
    if (this.plan !== plan) {
      const present = this.known.get(plan);
      this.ofPlan = present ?? [];
      if (!present) this.known.set(plan, this.ofPlan);
      this.plan = plan;
    }
    return this.ofPlan;
  }

  private async settle(ofPlan: Text[], at: number, text: Promise<Encoded>): Promise<Encoded> {
    try {
      const written = await text;
      ofPlan[at] = written;
      return written;
    } catch (error) {
      ofPlan[at] = 'failed';
      throw error;
    }
  }

  private keep(json: string): Encoded {
    const text = new Encoded(json);
    this.kept(text);
    return text;
  }
}

const indexOf = (shown: ViewerClass, withCase: boolean): number => rank[shown] * 2 + Number(withCase);

/** What a text takes beside its characters. */
const overhead = 400;
/** Characters may take two bytes, and the frame is another copy. */
const copies = 4;

/**
 * The texts of the newest events, for those who are live and for those who come back soon after. What was begun first is
 * forgotten first, and worked out anew when it is asked for.
 */
export class RecentTexts {
  private readonly kept = new Map<LiveEvent, { readonly texts: Texts; bytes: number }>();
  private bytes = 0;

  constructor(
    private readonly epoch: string,
    private readonly mostEvents: number,
    private readonly mostBytes = 64 * 2 ** 20,
  ) {}

  of(item: LiveEvent): Texts {
    const present = this.kept.get(item);
    if (present) return present.texts;
    const { event } = item;
    const cursor = cursorOf(this.epoch, event.position);
    const entry = {
      texts: new Texts(
        (plan, shown, withCase) => plan.run(messageOf(cursor, { event, case: withCase ? item.case : null }), shown),
        (text) => this.account(item, entry, text),
      ),
      bytes: 0,
    };
    this.kept.set(item, entry);
    this.forget();
    return entry.texts;
  }

  /** What was opened for people in them is gone from memory. */
  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }

  get size(): number {
    return this.bytes;
  }

  private account(item: LiveEvent, entry: { bytes: number }, { json }: Encoded): void {
    if (this.kept.get(item) !== entry) return; // forgotten while it was being worked out
    const bytes = overhead + copies * json.length;
    entry.bytes += bytes;
    this.bytes += bytes;
    this.forget();
  }

  private forget(): void {
    for (const [oldest, each] of this.kept) {
      if (this.bytes <= this.mostBytes && this.kept.size <= this.mostEvents) return;
      this.bytes -= each.bytes;
      this.kept.delete(oldest);
    }
  }
}
