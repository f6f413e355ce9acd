/** One thing that does the work of a case: ours, another's, or the least that any could do. */
export type Contender = {
  readonly name: string;
  readonly kind: 'ours' | 'peer' | 'limit';
  /** Sets up (also a server in a process of its own); nothing of it is measured. */
  open(): Promise<Opened>;
};
export type Opened = {
  /** One round of the work. Resolves to what is measured, in the case's unit. */
  round(): Promise<number>;
  close(): Promise<void>;
};

/** The same work for all of its contenders, who take turns. */
export type Case = {
  readonly name: string;
  /** What a round gives, such as `events/s`, `ms`, `KB`. */
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly contenders: readonly Contender[];
  /** The least ratios that ours is to reach, as how many times better: 2 is twice the rate, or half the time. */
  readonly reach?: {
    readonly vsPeer?: number;
    readonly vsLimit?: number;
    readonly atLeast?: number;
    readonly atMost?: number;
  };
};

export type Bench = {
  readonly name: string;
  /** What is measured, in a sentence or two for the page. */
  readonly about: string;
  /** Where our work is done, for its profile: in the process of the bench, or in a server of its own. */
  readonly works: 'here' | 'in a server';
  cases(scale: Scale): Promise<readonly Case[]>;
};

/** `smoke`: seconds, for the sake of correctness; its figures say nothing. `long`: also the sizes that take minutes. */
export type Scale = 'smoke' | 'full' | 'long';

/** A case after its rounds. `peer` is the best of the peers. Ratios say how many times better ours is. */
export type Figure = {
  readonly bench: string;
  readonly case: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | undefined;
  readonly limit: number | undefined;
  readonly vsPeer: number | undefined;
  readonly vsLimit: number | undefined;
  /** All contenders with the median of their rounds; none for a peer whose package could not be installed here. */
  readonly all: readonly {
    readonly name: string;
    readonly kind: Contender['kind'];
    readonly value: number | undefined;
  }[];
  readonly reach: Case['reach'];
};
