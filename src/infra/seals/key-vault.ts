/**
 * What a vault keeps under the name of a key: the key, wrapped by the master key; or that it was destroyed, and when
 * (ISO 8601). What is destroyed stays so: a key of the same name is never made again.
 */
export type KeyEntry = { readonly wrapped: string } | { readonly destroyedAt: string };

/**
 * Where the keys of personal data are kept. It is no cache: what it loses, no log gives back, and what it is copied to,
 * an erasure does not reach. The contract suite (`test/contract/key-vault.contract.ts`) is this port's documentation.
 * A write has happened, for every node and after a crash, when it resolves. All reject with `KeysUnavailable`.
 */
export interface KeyVault {
  get(name: string): Promise<KeyEntry | undefined>;
  /** Keeps it unless there is an entry already; answers with the entry that then stands. */
  add(name: string, wrapped: string): Promise<KeyEntry>;
  /** Another wrapping of the same key. `false`: the entry is not `from` any more, and nothing was changed. */
  rewrap(name: string, from: string, to: string): Promise<boolean>;
  /** Also of a key that was never made. The first time stays. */
  destroy(name: string, at: string): Promise<void>;
  /** All there are, in any order; of what changes meanwhile, either. */
  entries(): AsyncIterable<readonly [name: string, entry: KeyEntry]>;
  close(): Promise<void>;
}

/**
 * Wraps the keys that a vault keeps. The one here holds the master key itself (`master-key.ts`); a key-management service
 * takes its place by this interface: `wrap` and `unwrap` are its encrypt and decrypt, with the name as context, and then
 * no node ever holds the master key. What is wrapped says by which version of the key.
 */
export interface KeyWrapper {
  wrap(name: string, key: Buffer): Promise<string>;
  /** Rejects with `KeysUnavailable` when it was wrapped by a key that is not at hand, or is not what was wrapped. */
  unwrap(name: string, wrapped: string): Promise<Buffer>;
  /** Whether it was wrapped by the newest version. */
  isCurrent(wrapped: string): boolean;
}
