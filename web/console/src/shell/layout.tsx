/** Navigation at the left, the page, and what lies over all pages: messages, help, shortcuts. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { may, me } from "../api/index.ts";
import { Icon } from "../parts/icon.tsx";
import { type PageEntry, pages } from "../pages/index.ts";
import { AwaySwitch } from "./away_switch.tsx";
import { connection } from "./connection.ts";
import { ConnectionBar } from "./connection_bar.tsx";
import { HelpDialog } from "./help.tsx";
import { SignOutButton } from "./leaving.tsx";
import { useShortcuts } from "./shortcuts.ts";

const helpOpen = signal(false);
const menuOpen = signal(false);

export const allowed = (page: PageEntry): boolean => !page.needs.length || may(...page.needs);

/** The page of an address below /console. */
export const pageOf = (location: string): PageEntry | undefined => pages.find((page) => page.path === location.split("/")[1]);

export function Layout({ children, below }: { children: ComponentChildren; below?: ComponentChildren }) {
  const [location, go] = useLocation();
  const current = pageOf(location);
  const main = useRef<HTMLElement>(null);
  const shown = pages.filter((page) => allowed(page) && !page.apart);
  useShortcuts("Everywhere", [
    ...shown.map((page) => ({ keys: `g ${page.key}`, label: `Go to ${page.title}`, run: () => go(`/${page.path}`) })),
    { keys: "?", label: "Show these shortcuts", run: () => (helpOpen.value = true) },
  ]);
  useFocusOnPageChange(current?.path, main);
  useEffect(() => {
    menuOpen.value = false;
  }, [location]);
  return (
    <div class="layout" data-connection={connection.value}>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top-bar">
        <button type="button" class="icon-only quiet" aria-label="Menu" aria-expanded={menuOpen.value} aria-controls="sidebar" onClick={() => (menuOpen.value = !menuOpen.value)}>
          <Icon name={menuOpen.value ? "close" : "menu"} />
        </button>
        <span class="top-title">{current?.title ?? "Frontdesk"}</span>
      </header>
      <div class={menuOpen.value ? "sidebar open" : "sidebar"} id="sidebar">
        <header class="brand">
          <span class="brand-mark" aria-hidden="true" />
          Frontdesk
        </header>
        <nav aria-label="Pages">
          <ul>
            {shown.map((page) => (
              <li key={page.path}>
                <Link href={`/${page.path}`} class="nav-link" aria-current={page === current ? "page" : undefined}>
                  <Icon name={page.icon} />
                  {page.title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div class="sidebar-middle">{below}</div>
        <Bottom />
      </div>
      <main id="main" ref={main} tabIndex={-1}>
        <ConnectionBar />
        {children}
      </main>
      {helpOpen.value && <HelpDialog onClose={() => (helpOpen.value = false)} />}
    </div>
  );
}

/** A new page is read from its beginning. */
function useFocusOnPageChange(path: string | undefined, main: { current: HTMLElement | null }): void {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
}

function Bottom() {
  const [location] = useLocation();
  const account = me.value?.account;
  if (!account) return null;
  return (
    <section class="sidebar-bottom" aria-label="You">
      {may("answer") && <AwaySwitch away={account.away} />}
      <button type="button" class="nav-link" onClick={() => (helpOpen.value = true)}>
        <Icon name="keyboard" />
        Shortcuts
      </button>
      <Link href="/account" class="nav-link" aria-current={location.startsWith("/account") ? "page" : undefined}>
        <Icon name="account" />
        <span class="cut">{account.name}</span>
      </Link>
      <SignOutButton />
    </section>
  );
}
