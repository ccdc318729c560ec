/** Transcripts: the list, one conversation, and what comes of reading them. */

import { Route, Switch } from "wouter-preact";
import { may } from "../../api/index.ts";
import { SubNav } from "../../parts/sub_nav.tsx";
import { Confused } from "./confusion.tsx";
import { Conversation } from "./conversation.tsx";
import { Corrections } from "./corrections.tsx";
import { List } from "./list.tsx";
import { Teach } from "./teach.tsx";
import { decoded } from "./trail.ts";
import "./reviews.css";
import "./turns.css";

export function ReviewsPage() {
  return (
    <Switch>
      <Route path="/reviews/c/*">{(params) => <Opened part={params["*"] ?? ""} />}</Route>
      <Route path="/reviews/corrections" component={Corrections} />
      <Route path="/reviews/confusion" component={Confused} />
      <Route path="/reviews/teach" component={Teach} />
      <Route component={List} />
    </Switch>
  );
}

function Opened({ part }: { part: string }) {
  const id = decoded(part);
  return <Conversation key={id} id={id} />;
}

export function ReviewViews() {
  const views = [
    { href: "/reviews", title: "Transcripts" },
    { href: "/reviews/corrections", title: "Corrections" },
    { href: "/reviews/confusion", title: "Confusion" },
  ];
  if (may("teach")) views.push({ href: "/reviews/teach", title: "Teach" });
  return <SubNav label="Reviews" views={views} />;
}
