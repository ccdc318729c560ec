/** Here or away. Going away gives up the conversations one has, so that is asked first. */

import { useState } from "preact/hooks";
import { sentence } from "../api/errors.ts";
import { api } from "../api/index.ts";
import { Dialog } from "../parts/dialog.tsx";
import { setAway } from "./away.ts";
import { toast } from "./messages.ts";

export function AwaySwitch({ away }: { away: boolean }) {
  const [giveUp, setGiveUp] = useState(0);
  const tell = async (next: boolean, given: number) => {
    setGiveUp(0);
    await api.post("/me/away", { away: next }, { again: true });
    setAway(next);
    toast(next ? `You are away. ${wentBack(given)}` : "You are here again. New conversations may be given to you.");
  };
  const change = async () => {
    const given = away ? 0 : await heldByMe();
    if (given) setGiveUp(given);
    else await tell(!away, 0);
  };
  const trying = (run: () => Promise<void>) => () => void run().catch((error: unknown) => toast(sentence(error), "bad"));
  return (
    <>
      <button type="button" class="nav-link" role="switch" aria-checked={!away} onClick={trying(change)}>
        <span class={away ? "presence-dot off" : "presence-dot"} aria-hidden="true" />
        {away ? "Away" : "Here for customers"}
      </button>
      {giveUp > 0 && (
        <Dialog title="Go away?" onClose={() => setGiveUp(0)}>
          <p>{giveUp === 1 ? "1 conversation goes back to the queue, and its customer is told." : `${giveUp} conversations go back to the queue, and their customers are told.`} What you snoozed stays yours until it is back.</p>
          <div class="form-end">
            <button type="button" data-first-focus onClick={() => setGiveUp(0)}>
              Stay here
            </button>
            <button type="button" class="danger" onClick={trying(() => tell(true, giveUp))}>
              Go away
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

const wentBack = (count: number): string =>
  count === 0 ? "No new conversations are given to you." : count === 1 ? "1 conversation went back to the queue." : `${count} conversations went back to the queue.`;

/** The server knows how many, whatever page is open; what is snoozed stays, and is not counted. */
async function heldByMe(): Promise<number> {
  const { counts } = await api.get<{ counts: { mine: number } }>("/inbox", { queue: "mine", limit: 1 });
  return counts.mine;
}
