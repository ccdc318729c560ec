/** What agents say again and again: canned replies, and macros that do several steps at once. */

import { useEffect } from "preact/hooks";
import { Page } from "../../shell/page.tsx";
import { loadCanned } from "../inbox/canned.ts";
import { CannedReplies } from "./canned_replies.tsx";
import { Macros } from "./macros.tsx";
import "./phrases.css";

export function PhrasesPage() {
  useEffect(() => void loadCanned(), []);
  return (
    <Page title="Replies and macros" about="Words and steps for conversations to come.">
      <div class="phrases-sections">
        <CannedReplies />
        <Macros />
      </div>
    </Page>
  );
}
