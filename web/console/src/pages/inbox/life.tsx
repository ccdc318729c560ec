/** The part of the inbox that goes on while other pages are shown: the stream, the tabs, the mark in the title. */

import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { me } from "../../api/index.ts";
import { keepsUnsent } from "../../shell/leaving.tsx";
import { waitingForMe } from "../../shell/tab_title.ts";
import { opener } from "./alerts.ts";
import { loadCanned } from "./canned.ts";
import { loadHelps } from "./helps.ts";
import { countDrafts, dropDrafts, dropOldDrafts } from "./drafts.ts";
import { useFollowing } from "./following.ts";
import { loadList } from "./list.ts";
import { restoreTabs, waiting } from "./tabs.ts";

export function InboxLife() {
  const [location, go] = useLocation();
  useFollowing();
  useEffect(() => {
    dropOldDrafts(Date.now());
    keepsUnsent({ count: countDrafts, drop: dropDrafts });
    restoreTabs();
    void loadCanned();
    void loadHelps();
    // The inbox loads its own list; other pages show the counts too.
    if (!location.startsWith("/inbox") || location.startsWith("/inbox/questions")) void loadList();
    opener.value = (id) => go(`/inbox/mine/${id}`);
  }, [me.value?.account.id]);
  useEffect(() => {
    waitingForMe.value = waiting.value;
  }, [waiting.value]);
  return null;
}
