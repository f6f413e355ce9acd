/** A ballot as it is put into the box. */
export type Slip = {
  /** The case that it is cast in, and the id of the box that was made for it. */
  readonly ballot: string;
  readonly box: string;
  /** The person, whatever the mandate: two mandates make one voter. */
  readonly voter: string;
  readonly content: string;
};

/**
 * The voter's receipt; or why nothing was changed. `again`: this person has voted before. `lost`: the box that was made
 * is not there any more.
 */
export type Cast = { readonly receipt: string } | 'again' | 'shut' | 'lost';

export type Emptied = {
  /** In an order that says nothing of the order in which they came. */
  readonly ballots: readonly string[];
  /** One for each voter, sorted; no receipt belongs to a ballot. */
  readonly receipts: readonly string[];
};

/**
 * The ballot box, outside the log: who has voted lies in it without a ballot, ballots lie in it without a voter, and
 * nothing that both have in common: no id, no time, no order. The contract suite (`test/contract/ballot-box.contract.ts`)
 * is this port's documentation.
 */
export interface BallotBox {
  /** Sets up an empty box for the ballot, with a secret of its own; the one that it has, when it has one. Its id is random. */
  make(ballot: string): Promise<string>;
  /** The voter's mark and the ballot, both or neither, durable when it resolves. */
  cast(slip: Slip): Promise<Cast>;
  /** The receipt, once more; `undefined`: has not voted, or the box is gone. */
  receiptOf(voter: Omit<Slip, 'content'>): Promise<string | undefined>;
  /** From now on nothing is taken. May be asked again: the same ballots. `undefined`: the box is lost. */
  shut(ballot: string, box: string): Promise<Emptied | undefined>;
  /** Marks, ballots and the secret are gone for good. No harm when they are gone already. */
  destroy(ballot: string): Promise<void>;
}

/** An integer from 0 up to, but without, `below`, each as likely, from a source that nobody can foresee. */
export type RandomBelow = (below: number) => number;
