/** Signing out: what was written and not sent goes with it, so that is asked first. */

import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { sentence } from "../api/errors.ts";
import { me, signOut } from "../api/index.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { toast } from "./messages.ts";

interface Unsent {
  count(account: string): number;
  drop(account: string): void;
}

/** Set by the page that keeps drafts. */
let unsent: Unsent = { count: () => 0, drop: () => undefined };

export function keepsUnsent(keeper: Unsent): void {
  unsent = keeper;
}

export function SignOutButton() {
  const [, go] = useLocation();
  const [asks, setAsks] = useState(false);
  const account = me.value?.account.id ?? "";
  const count = asks ? unsent.count(account) : 0;
  const leave = async () => {
    try {
      await signOut();
      unsent.drop(account);
      go("/");
    } catch (error) {
      toast(sentence(error), "bad");
    }
  };
  return (
    <>
      <button type="button" class="nav-link" onClick={() => (unsent.count(account) ? setAsks(true) : void leave())}>
        <Icon name="leave" />
        Sign out
      </button>
      {asks && (
        <Dialog title="Sign out?" onClose={() => setAsks(false)}>
          <p>{count === 1 ? "One message is" : `${count} messages are`} written and not sent. Signing out deletes drafts from this browser.</p>
          <div class="form-end">
            <button type="button" data-first-focus onClick={() => setAsks(false)}>
              Stay
            </button>
            <button type="button" class="danger" onClick={() => void leave()}>
              Sign out and delete
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
