import { spelled } from "./words.ts";

/** answering/ladder names them. */
const RUNGS: Record<string, string> = {
  approved: "an approved answer",
  entry: "a knowledge entry, word for word",
  generated: "written by the language model",
  did_you_mean: "several near entries offered",
  none: "nothing was good enough",
};

export const rungWords = (rung: string): string => RUNGS[rung] ?? spelled(rung);
