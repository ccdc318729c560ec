/** The queues in the sidebar, with how many wait in each, and the teams. */

import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { Link, useLocation, useSearchParams } from "wouter-preact";
import { api } from "../../api/index.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { counts } from "./conversations.ts";
import { type Listed, listed, type Question, type Queue, type Team } from "./wire.ts";

export const QUEUES: readonly { queue: Queue; title: string; icon: IconName }[] = [
  { queue: "mine", title: "Mine", icon: "mine" },
  { queue: "unassigned", title: "Unassigned", icon: "unassigned" },
  { queue: "missed", title: "Missed", icon: "ticket" },
  { queue: "bot", title: "With the bot", icon: "bot" },
  { queue: "snoozed", title: "Snoozed", icon: "snooze" },
  { queue: "resolved", title: "Resolved", icon: "resolved" },
  { queue: "all", title: "All", icon: "all" },
];

export const teams = signal<readonly Team[]>([]);
export const openQuestions = signal(0);

export async function loadTeams(): Promise<void> {
  try {
    teams.value = listed(await api.get<Listed<Team>>("/teams"));
  } catch {
    // The queues do without; the next look asks again.
  }
}

export async function loadQuestions(): Promise<void> {
  try {
    openQuestions.value = listed(await api.get<Listed<Question>>("/questions")).filter((one) => one.answer === null).length;
  } catch {
    // As with the teams.
  }
}

/** No event tells of teams and questions. */
const REFRESH = 60_000;

export function QueueNav() {
  const [location] = useLocation();
  const [search] = useSearchParams();
  useEffect(() => {
    const load = () => {
      if (!document.hidden) void Promise.all([loadTeams(), loadQuestions()]);
    };
    load();
    const timer = setInterval(load, REFRESH);
    return () => clearInterval(timer);
  }, []);
  const [, page, current] = location.split("/");
  const team = search.get("team") ?? "";
  const here = (queue: string, name = "") => page === "inbox" && (current ?? "mine") === queue && team === name;
  return (
    <>
      <nav aria-label="Queues" class="queues">
        <h2>Queues</h2>
        <ul>
          {QUEUES.map(({ queue, title, icon }) => (
            <li key={queue}>
              <QueueLink href={`/inbox/${queue}`} current={here(queue)} icon={icon} title={title} count={queue === "all" ? 0 : (counts.value?.[queue] ?? 0)} loud={queue === "unassigned" || queue === "mine"} />
            </li>
          ))}
          <li>
            <QueueLink href="/inbox/questions" current={here("questions")} icon="question" title="Bot’s questions" count={openQuestions.value} loud />
          </li>
        </ul>
      </nav>
      {teams.value.length > 0 && (
        <nav aria-label="Teams" class="queues">
          <h2>Teams</h2>
          <ul>
            {teams.value.map((one) => (
              <li key={one.id}>
                <QueueLink href={`/inbox/unassigned?team=${encodeURIComponent(one.id)}`} current={here("unassigned", one.id)} title={one.name} count={one.queued} />
              </li>
            ))}
          </ul>
        </nav>
      )}
    </>
  );
}

interface LinkProps {
  href: string;
  current: boolean;
  title: string;
  count: number;
  icon?: IconName;
  loud?: boolean;
}

function QueueLink({ href, current, title, count, icon, loud }: LinkProps) {
  return (
    <Link href={href} class="nav-link" aria-current={current ? "page" : undefined}>
      {icon ? <Icon name={icon} /> : <span class="team-dot" aria-hidden="true" />}
      <span class="cut">{title}</span>
      {count > 0 && <span class={loud ? "queue-count loud" : "queue-count"}>{count}</span>}
    </Link>
  );
}
