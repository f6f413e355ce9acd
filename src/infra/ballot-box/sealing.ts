import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** How marks and ballots look where they lie: made with the secret of the box, and worth nothing once that is gone. */
export type Sealing = {
  /** The same voter always has the same mark in this box; in any other box another. */
  mark(voter: string): string;
  /** Begins with chance, so that sorting scatters; every ballot has the same length. */
  seal(content: string): string;
  open(sealed: string): string;
};

/** A secret for a new box. */
export const newSalt = (): string => randomBytes(32).toString('base64url');

const [ivBytes, tagBytes, contentBytes] = [12, 16, 64];

/**
 * `key`: the operator's (`WUJI_BALLOT_KEY`), which lies nowhere beside the boxes: whoever has only a copy of them, an old
 * page or a replica, can join or read nothing. Without it the box's own secret is all there is.
 */
export function sealingOf(key: string | undefined, salt: string, ballot: string): Sealing {
  const derived = (use: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key ?? '', 'hex'), salt, `wuji ballot ${use} ${ballot}`, 32));
  const [marking, sealing] = [derived('mark'), derived('seal')];
  return {
    mark: (voter) => createHmac('sha256', marking).update(voter).digest('hex'),
    seal(content) {
      if (Buffer.byteLength(content) > contentBytes) throw new Error('a ballot is longer than its envelope');
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv);
      const text = Buffer.alloc(contentBytes, ' ');
      text.write(content);
      return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('hex');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'hex');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
      return text.toString().trimEnd();
    },
  };
}

/** Of the mark, by a function of one way: what is published does not lead back to what lay in the box. */
export const receiptOfMark = (mark: string): string =>
  createHash('sha256').update(`receipt ${mark}`).digest('hex').slice(0, 32);
