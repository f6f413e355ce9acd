const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });

/** Beijing time, `2026-03-02 10:00`. */
export const timeOf = (instant: string): string => clock.format(new Date(instant));
