/** The inbox: the list, open conversations as tabs, and the one that is shown. */

import { useEffect, useLayoutEffect } from "preact/hooks";
import { useLocation, useRoute, useSearchParams } from "wouter-preact";
import { Empty } from "../../parts/state.tsx";
import { useTitle } from "../../shell/page.tsx";
import { filtersOf } from "./filters.tsx";
import { focusRow, ListPane } from "./list_pane.tsx";
import { list, show } from "./list.ts";
import { ConversationPane } from "./conversation.tsx";
import { QUEUES } from "./queues.tsx";
import { QuestionsPage } from "./questions.tsx";
import { active, closeTab, openTab, tabs } from "./tabs.ts";
import { TabsBar } from "./tabs_bar.tsx";
import type { Queue } from "./wire.ts";
import "./inbox.css";
import "./list.css";
import "./conversation.css";
import "./composer.css";
import "./side_panel.css";

export function InboxPage() {
  const [, matched] = useRoute("/inbox/:queue?/:id?");
  return matched?.queue === "questions" ? <QuestionsPage /> : <Inbox queue={matched?.queue} id={matched?.id} />;
}

function Inbox({ queue, id }: { queue: string | undefined; id: string | undefined }) {
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const shown: Queue = QUEUES.find((one) => one.queue === queue)?.queue ?? "mine";
  const filters = filtersOf(search);
  const tail = search.toString() ? `?${search}` : "";
  useEffect(() => show(shown, filters), [shown, tail]);
  useLayoutEffect(() => {
    if (id) openTab(id);
    else active.value = null;
  }, [id]);
  useEffect(() => () => void (active.value = null), []);
  const leave = () => {
    const last = id ?? null;
    go(`/inbox/${shown}${tail}`);
    requestAnimationFrame(() => focusRow(document.querySelector<HTMLElement>(".inbox-list"), last));
  };
  const close = () => {
    const next = id ? closeTab(id) : null;
    go(`/inbox/${shown}${next ? `/${next}` : ""}${tail}`);
  };
  return (
    <div class={id ? "inbox reading" : "inbox"}>
      <ListPane filters={filters} />
      <div class="inbox-main">
        <TabsBar queue={shown} tail={tail} />
        {id ? <ConversationPane key={id} id={id} onLeave={leave} onClose={close} /> : <Nothing queue={shown} />}
      </div>
    </div>
  );
}

function Nothing({ queue }: { queue: Queue }) {
  useTitle(QUEUES.find((one) => one.queue === queue)?.title ?? "Inbox");
  return (
    <div class="inbox-nothing">
      <Empty title={list.value.length ? "Choose a conversation" : "Nothing to read"}>
        {tabs.value.length > 0 ? "Your open conversations are in the tabs above." : "j and k move through the list, Enter opens, ? shows all keys."}
      </Empty>
    </div>
  );
}
