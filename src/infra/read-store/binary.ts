import { asBinary } from 'lmdb';

let shared = Buffer.allocUnsafeSlow(65_536);

/**
 * A text as LMDB takes it without another copy. It holds until the next call: good for a put inside of a transaction,
 * which has copied the text when it returns.
 */
export function binaryOf(text: string): ReturnType<typeof asBinary> {
  if (text.length * 3 > shared.length) shared = Buffer.allocUnsafeSlow(text.length * 4);
  return asBinary(shared.subarray(0, shared.write(text)));
}
