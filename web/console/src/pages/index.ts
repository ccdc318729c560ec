/** The console's pages, in the order of the navigation. A page is added here and in a folder beside. */

import type { ComponentType } from "preact";
import type { Permission } from "../api/account.ts";
import type { IconName } from "../parts/icon.tsx";
import { AccountPage } from "./account/page.tsx";
import { AdminPage } from "./admin/page.tsx";
import { ApprovedPage } from "./approved/page.tsx";
import { InboxPage } from "./inbox/page.tsx";
import { KnowledgePage } from "./knowledge/page.tsx";
import { NumbersPage } from "./numbers/page.tsx";
import { PhrasesPage } from "./phrases/page.tsx";
import { ReviewsPage } from "./reviews/page.tsx";

export interface PageEntry {
  /** First part of the address below /console. The page routes what comes after by itself. */
  path: string;
  title: string;
  icon: IconName;
  /** One of these is enough; empty: everybody who is signed in. */
  needs: readonly Permission[];
  /** Opened by pressing g, then this. */
  key: string;
  view: ComponentType;
  /** Not in the main navigation (it has a place of its own). */
  apart?: boolean;
}

export const pages: readonly PageEntry[] = [
  { path: "inbox", title: "Inbox", icon: "inbox", needs: ["answer"], key: "i", view: InboxPage },
  { path: "phrases", title: "Replies", icon: "bolt", needs: ["answer"], key: "c", view: PhrasesPage },
  { path: "reviews", title: "Reviews", icon: "reviews", needs: ["review"], key: "r", view: ReviewsPage },
  { path: "knowledge", title: "Knowledge", icon: "knowledge", needs: ["knowledge"], key: "k", view: KnowledgePage },
  { path: "approved", title: "Approved answers", icon: "check", needs: ["knowledge", "assign"], key: "p", view: ApprovedPage },
  { path: "numbers", title: "Numbers", icon: "numbers", needs: ["numbers"], key: "n", view: NumbersPage },
  { path: "admin", title: "Admin", icon: "admin", needs: ["admin"], key: "a", view: AdminPage },
  { path: "account", title: "My account", icon: "account", needs: [], key: "m", view: AccountPage, apart: true },
];
