/** What the bot knows: entries, what is missing, and where they come from. */

import { Route, Switch } from "wouter-preact";
import { SubNav } from "../../parts/sub_nav.tsx";
import { decoded } from "../reviews/trail.ts";
import { Editor, NewEntry } from "./editor.tsx";
import { Gaps } from "./gaps.tsx";
import { Import } from "./import.tsx";
import { Entries } from "./list.tsx";
import { TryPage } from "./try.tsx";
import "./knowledge.css";

export function KnowledgePage() {
  return (
    <Switch>
      <Route path="/knowledge/e/*">{(params) => <Opened part={params["*"] ?? ""} />}</Route>
      <Route path="/knowledge/new" component={NewEntry} />
      <Route path="/knowledge/gaps" component={Gaps} />
      <Route path="/knowledge/import" component={Import} />
      <Route path="/knowledge/try" component={TryPage} />
      <Route component={Entries} />
    </Switch>
  );
}

function Opened({ part }: { part: string }) {
  const id = decoded(part);
  return <Editor key={id} id={id} />;
}

const VIEWS = [
  { href: "/knowledge", title: "Entries" },
  { href: "/knowledge/gaps", title: "Gaps" },
  { href: "/knowledge/try", title: "Try a question" },
  { href: "/knowledge/import", title: "Import" },
];

export const KnowledgeViews = () => <SubNav label="Knowledge" views={VIEWS} />;
