/** The list that "/" opens over the composer: canned replies and macros. The focus stays in the text. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { useUniqueId } from "../../parts/unique_id.ts";
import { sentence } from "../../api/errors.ts";
import { Icon } from "../../parts/icon.tsx";
import { announce, toast } from "../../shell/messages.ts";
import { runMacro } from "./acts.ts";
import { setFieldText } from "./field_text.ts";
import { blankIn, canned, cannedKnown, macros, type Offer, offersFor, rendered, type Trigger, triggerAt } from "./canned.ts";
import type { Room } from "./room.ts";

export interface Picker {
  open: boolean;
  /** A list is wanted, and nobody has written anything that it could show. */
  none: boolean;
  offers: Offer[];
  at: number;
  listId: string;
  activeId: string;
  look: (caret: number) => void;
  key: (event: KeyboardEvent) => void;
  choose: (offer: Offer) => void;
  browse: () => void;
  close: () => void;
}

const NONE = "There are no canned replies yet.";

export function useCanned(room: Room, field: { current: HTMLTextAreaElement | null }, text: string, write: (text: string) => void): Picker {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [at, setAt] = useState(0);
  const listId = useUniqueId();
  const newest = useRef(text);
  newest.current = text;
  const offers = trigger ? offersFor(trigger.words, canned.value, macros.value) : [];
  const open = offers.length > 0;
  const none = trigger?.words === "" && cannedKnown.value && !canned.value.length && !macros.value.length;
  useEffect(() => setTrigger(null), [room]);
  useEffect(() => {
    if (open) announce(`${offers.length} canned replies. Arrows choose, Enter takes.`);
    else if (none) announce(`${NONE} They are written under Replies.`);
  }, [open, none]);
  const close = () => setTrigger(null);
  const put = (from: number, to: number, words: string) => {
    const before = newest.current;
    const text = before.slice(0, from) + words + before.slice(to);
    // What had no value is a question in brackets: selected, to be written over or found missing before sending.
    const gap = blankIn(words);
    const at = gap ? from + gap.at : from + words.length;
    if (field.current) setFieldText(field.current, text, at, gap ? at + gap.words.length : at, write);
    else write(text);
  };
  const choose = (offer: Offer) => {
    const place = trigger;
    close();
    if (!place) return;
    const end = place.from + 1 + place.words.length;
    if (offer.kind === "macro") {
      put(place.from, end, "");
      void runMacro(room.id, offer.macro.id, offer.macro.title);
      return;
    }
    rendered(offer.canned.id, room.id).then(
      (words) => put(place.from, end, words),
      (error: unknown) => toast(sentence(error), "bad"),
    );
  };
  const key = (event: KeyboardEvent) => {
    if (!open || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offer = offers[at];
    if (step) setAt((at + step + offers.length) % offers.length);
    else if ((event.key === "Enter" || event.key === "Tab") && offer) choose(offer);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const look = (caret: number) => {
    // The text of this very key press is in the field already, not yet in the draft.
    setTrigger(triggerAt(field.current?.value ?? newest.current, caret));
    setAt(0);
  };
  const browse = () => {
    const place = field.current;
    if (!place) return;
    const before = place.value.slice(0, place.selectionStart);
    const from = place.selectionStart;
    const words = !before || /\s$/.test(before) ? "/" : " /";
    put(from, place.selectionEnd, words);
    look(from + words.length);
  };
  return { open, none, offers, at, listId, activeId: `${listId}-${at}`, look, key, choose, browse, close };
}

export function NoCanned() {
  return (
    // The pointer must not take the focus from the text, or this would close under it.
    <p class="canned-list canned-none" onPointerDown={(event) => event.preventDefault()}>
      {NONE} They are written under <Link href="/phrases">Replies</Link>.
    </p>
  );
}

export function CannedList({ picker }: { picker: Picker }) {
  return (
    <ul class="canned-list" role="listbox" aria-label="Canned replies and macros" id={picker.listId}>
      {picker.offers.map((offer, index) => (
        // The pointer must not take the focus from the text.
        <li
          key={offer.kind === "canned" ? offer.canned.id : offer.macro.id}
          id={`${picker.listId}-${index}`}
          role="option"
          aria-selected={index === picker.at}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => picker.choose(offer)}
        >
          {offer.kind === "canned" ? (
            <>
              <span class="canned-shortcut">/{offer.canned.shortcut}</span>
              <strong>{offer.canned.title}</strong>
              <span class="muted cut">{offer.canned.text}</span>
            </>
          ) : (
            <>
              <Icon name="bolt" class="small" />
              <strong>{offer.macro.title}</strong>
              <span class="muted cut">Macro: {offer.macro.actions.map((one) => one.kind).join(", ")}</span>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
