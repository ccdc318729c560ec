/** Which page is shown: sign-in, a page of the registry, or words why none is. */

import { useEffect, useState } from "preact/hooks";
import { Redirect, Route, Router, Switch, useLocation } from "wouter-preact";
import { loadSession, may, me } from "./api/index.ts";
import { InboxLife } from "./pages/inbox/life.tsx";
import { QueueNav } from "./pages/inbox/queues.tsx";
import { pages } from "./pages/index.ts";
import { OwnPasswordPage } from "./pages/sign_in/own_password.tsx";
import { SignInPage } from "./pages/sign_in/page.tsx";
import { Empty, Failed, Loading } from "./parts/state.tsx";
import { allowed, Layout, pageOf } from "./shell/layout.tsx";
import { Page } from "./shell/page.tsx";
import { Messages } from "./shell/toasts.tsx";

export function App() {
  const [failed, setFailed] = useState<unknown>(null);
  const load = () => {
    setFailed(null);
    loadSession().catch(setFailed);
  };
  useEffect(load, []);
  return (
    <Router base="/console">
      {me.value?.account.must_change ? <OwnPasswordPage /> : me.value ? <SignedIn /> : <main class="alone">{failed ? <Failed error={failed} again={load} /> : me.value === null ? null : <Loading />}</main>}
      {me.value === null && <SignInPage />}
      <Messages />
    </Router>
  );
}

function SignedIn() {
  const [location] = useLocation();
  const first = pages.find(allowed);
  const current = pageOf(location);
  return (
    <Layout below={may("answer") && <QueueNav />}>
      {may("answer") && <InboxLife />}
      <Switch>
        <Route path="/">{first && <Redirect to={`/${first.path}`} replace />}</Route>
        {pages.map((page) => (
          <Route key={page.path} path={`/${page.path}/*?`}>
            {allowed(page) ? <page.view /> : <NotAllowed title={page.title} />}
          </Route>
        ))}
        <Route>{!current && <NotHere />}</Route>
      </Switch>
    </Layout>
  );
}

function NotAllowed({ title }: { title: string }) {
  return (
    <Page title={title}>
      <Empty icon="admin" title="This page is not open to you">
        Somebody with the role “admin” can change what you may do here.
      </Empty>
    </Page>
  );
}

function NotHere() {
  return (
    <Page title="Not found">
      <Empty icon="search" title="There is no page at this address" />
    </Page>
  );
}
