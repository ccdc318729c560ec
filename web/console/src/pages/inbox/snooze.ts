/** Moments that people snooze to, in their own time zone. */

export interface Choice {
  words: string;
  at: Date;
}

const MORNING = 9;

export function snoozeChoices(now: Date): Choice[] {
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const morning = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const choices = [
    { words: "In one hour", at: inHours(1) },
    { words: "In three hours", at: inHours(3) },
    { words: "Tomorrow morning", at: morning(1) },
  ];
  if (toMonday !== 1) choices.push({ words: "Monday morning", at: morning(toMonday) });
  return choices;
}
