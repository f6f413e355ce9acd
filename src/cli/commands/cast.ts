import { text as textOf } from 'node:stream/consumers';
import { z } from 'zod';
import { castInput } from '../../domain/ballots/casting.js';
import { ballotRefusals } from '../../domain/ballots/refusals.js';
import type { Connection } from '../api.js';
import { ask } from '../api.js';
import { documents } from '../documents.js';
import { cliRefusals, exitCodes, Failure, failure } from '../failure.js';
import type { Language } from '../language.js';
import { say } from '../language.js';
import type { Terminal } from '../terminal.js';
import { print, tell } from '../terminal.js';

type Options = { readonly id: string; readonly lang: Language; readonly json?: true | undefined };

/**
 * Casts a ballot. Its choices come from where nothing keeps them: a prompt that does not show them, or the standard
 * input. No message of this command repeats them, and nothing is written down.
 */
export async function cast(connection: Connection, { id, lang, json }: Options, terminal: Terminal): Promise<void> {
  const input = terminal.askHidden
    ? await askedAt(terminal, terminal.askHidden, lang, await paperOf(connection, id))
    : readBallot(await textOf(terminal.stdin));
  const sent = { id, input };
  const { castBallot } = await ask(connection, documents.castBallot, sent, slip).catch((error: unknown) => {
    // It may have arrived all the same.
    if (error instanceof Failure && error.exitCode === exitCodes.unreachable)
      throw failure(ballotRefusals.BALLOT_UNCERTAIN(), exitCodes.unreachable);
    throw error;
  });
  if (json) return print(terminal, JSON.stringify(castBallot));
  print(terminal, say(lang, ['Your ballot is in the box.', '选票已投入票箱。']));
  print(terminal, `${say(lang, ['receipt', '回执'])}  ${castBallot.receipt}`);
}

const slip = z.object({ castBallot: z.object({ receipt: z.string() }) });
const paper = z.object({
  ballot: z.object({ question: z.string(), choices: z.array(z.string()), most: z.number() }).nullable(),
  myBallot: z.object({
    refusal: z
      .object({
        code: z.string(),
        message: z.object({ en: z.string(), zh: z.string() }),
        next: z.object({ en: z.string(), zh: z.string() }),
      })
      .nullable(),
  }),
});
type Paper = NonNullable<z.infer<typeof paper>['ballot']>;

/** What is asked, or why this voter is not asked. */
async function paperOf(connection: Connection, id: string): Promise<Paper> {
  const { ballot, myBallot } = await ask(connection, documents.ballotPaper, { id }, paper);
  const { refusal } = myBallot;
  if (refusal) throw new Failure([{ code: refusal.code, ...refusal.message, next: refusal.next }]);
  if (!ballot) throw failure(ballotRefusals.BALLOT_BOX_LOST());
  return ballot;
}

const blank = /^(blank|空白)$/i;

/** Twice, since nothing is shown of it and nothing can be changed afterwards. */
async function askedAt(
  terminal: Terminal,
  askHidden: NonNullable<Terminal['askHidden']>,
  lang: Language,
  { question, choices, most }: Paper,
) {
  tell(terminal, question);
  for (const [number, choice] of choices.entries()) tell(terminal, `  ${number}  ${choice}`);
  const asked = say(lang, [
    `Numbers of your choices (${most} at most; “blank” for a blank ballot), not shown: `,
    `所选序号（最多${most}项；空白票输入“空白”），输入不显示：`,
  ]);
  const first = picksOf(await askHidden(asked));
  const second = picksOf(await askHidden(say(lang, ['Once more: ', '请再输入一次：'])));
  if (JSON.stringify(first) !== JSON.stringify(second))
    throw failure(cliRefusals.BALLOT_NOT_REPEATED(), exitCodes.wrongUse);
  return first;
}

function picksOf(line: string | undefined) {
  const words = (line ?? '').split(/[\s,，、]+/).filter((word) => word !== '');
  if (words.length === 1 && blank.test(words[0] ?? '')) return { picks: [] };
  const picks = words.map((word) => (/^\d{1,2}$/.test(word) ? Number(word) : Number.NaN));
  // An empty line is a slip of the hand, and no blank ballot.
  if (picks.length === 0) throw unreadable();
  return fitting({ picks });
}

function readBallot(text: string) {
  try {
    return fitting(JSON.parse(text));
  } catch {
    throw unreadable();
  }
}

function fitting(input: unknown) {
  const parsed = castInput.safeParse(input);
  if (!parsed.success) throw unreadable();
  return parsed.data;
}

/** Without what was read: it would stand in a log of errors. */
const unreadable = () => failure(cliRefusals.BALLOT_UNREADABLE(), exitCodes.wrongUse);
