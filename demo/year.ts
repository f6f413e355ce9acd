import { playInspection, playIssueEscalation } from './inspection.js';
import { playMeeting } from './meeting.js';
import type { Stage } from './stage.js';
import { playCitySuggestion, playEscalation, playTownship } from './suggestions.js';

/** A story of several days: each `yield [day, headline]` waits until that day has come. */
export type Chapter = AsyncGenerator<readonly [day: string, headline: string], void, void>;

/** The chapters run side by side, as they would: whichever comes next in the calendar goes on. */
export async function playYear(stage: Stage): Promise<void> {
  const chapters = [playCitySuggestion, playEscalation, playTownship, playInspection, playIssueEscalation, playMeeting];
  const waiting = chapters.map((chapter) => ({ story: chapter(stage), day: '', headline: '' }));
  for (const one of waiting) await next(one);
  for (;;) {
    const soonest = waiting.filter((one) => one.day !== '').sort((a, b) => a.day.localeCompare(b.day))[0];
    if (!soonest) return;
    await stage.on(soonest.day, soonest.headline);
    await next(soonest);
  }
}

/** Plays to the next day of the story; an empty day: it has been told. */
async function next(one: { readonly story: Chapter; day: string; headline: string }): Promise<void> {
  const { done, value } = await one.story.next();
  [one.day, one.headline] = done ? ['', ''] : value;
}
