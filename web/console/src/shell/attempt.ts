import { sentence } from "../api/errors.ts";
import { toast } from "./messages.ts";

/** Runs a change, says how it went; true when it was done. */
export async function attempt(run: () => Promise<unknown>, done: string): Promise<boolean> {
  try {
    await run();
    if (done) toast(done, "good");
    return true;
  } catch (error) {
    toast(sentence(error), "bad");
    return false;
  }
}
