/** Open conversations as a strip over the conversation: who, whether they wait, whether something is unwritten. */

import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { me } from "../../api/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { conversations, nameParts } from "./conversations.ts";
import { isEmpty } from "./drafts.ts";
import { openRoom } from "./room.ts";
import { active, closeTab, tabs } from "./tabs.ts";
import { clock, shortDuration, urgencyOfWait } from "./words.ts";

export function TabsBar({ queue, tail }: { queue: string; tail: string }) {
  const [, go] = useLocation();
  const address = (id: string | null) => `/inbox/${queue}${id ? `/${id}` : ""}${tail}`;
  const step = (by: number) => {
    const all = tabs.value;
    const at = active.value ? all.indexOf(active.value) : by > 0 ? -1 : 0;
    go(address(all[(at + by + all.length) % all.length] ?? null));
  };
  const close = (id: string) => go(address(closeTab(id)));
  useShortcuts("Open conversations", [
    { keys: "]", label: "Next open conversation", run: () => step(1), when: tabs.value.length > 0 },
    { keys: "[", label: "Previous open conversation", run: () => step(-1), when: tabs.value.length > 0 },
    { keys: "w", label: "Close this conversation’s tab", run: () => active.value && close(active.value), when: active.value !== null },
  ]);
  if (!tabs.value.length) return null;
  return (
    <nav class="inbox-tabs" aria-label="Open conversations">
      <ul
        onKeyDown={(event) => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!by || !(event.target instanceof HTMLAnchorElement)) return;
          const all = [...event.currentTarget.querySelectorAll<HTMLElement>("a")];
          all[(all.indexOf(event.target) + by + all.length) % all.length]?.focus();
          event.preventDefault();
        }}
      >
        {tabs.value.map((id) => (
          <Tab key={id} id={id} href={address(id)} reachable={id === (active.value ?? tabs.value[0])} onClose={() => close(id)} />
        ))}
      </ul>
    </nav>
  );
}

interface TabProps {
  id: string;
  href: string;
  reachable: boolean;
  onClose: () => void;
}

function Tab({ id, href, reachable, onClose }: TabProps) {
  const conversation = conversations.value.get(id);
  const current = active.value === id;
  const tab = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) tab.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  const [first, handle] = conversation ? nameParts(conversation) : ["Conversation", ""];
  const name = `${first} ${handle}`.trim();
  const room = openRoom(id);
  const unsent = room && (!isEmpty(room.draft.value) || room.sending.pending.value.length > 0);
  // Whom a colleague answers now does not wait for anything here.
  const theirs = conversation?.agent && conversation.agent.id !== me.value?.account.id;
  const waits = theirs ? null : (conversation?.waiting_since ?? null);
  const seconds = waits === null ? null : (clock.value - waits) / 1000;
  return (
    <li ref={tab} class={current ? "inbox-tab current" : "inbox-tab"}>
      <Link href={href} aria-current={current ? "page" : undefined} tabIndex={reachable ? 0 : -1} title={name}>
        {!current && conversation && conversation.unread > 0 ? (
          <span class="count">
            {conversation.unread}
            <span class="for-readers"> unread from </span>
          </span>
        ) : unsent && !current ? (
          <Icon name="edit" class="small" label="Draft:" />
        ) : null}
        <span class="cut">{first}</span>
        {handle && <span class="inbox-tab-handle"> {handle}</span>}
        {seconds !== null && (
          <span class={`inbox-tab-wait figures ${urgencyOfWait(seconds)}`}>
            <span class="for-readers">, waits </span>
            {shortDuration(seconds)}
          </span>
        )}
      </Link>
      <button type="button" class="icon-only quiet" tabIndex={reachable ? 0 : -1} aria-label={`Close ${name}`} onClick={onClose}>
        <Icon name="close" class="small" />
      </button>
    </li>
  );
}
