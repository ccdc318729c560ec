import { me } from "../api/index.ts";

/** Whether the person here takes conversations at this moment. */
export function setAway(away: boolean): void {
  const now = me.peek();
  if (now) me.value = { ...now, account: { ...now.account, away } };
}
