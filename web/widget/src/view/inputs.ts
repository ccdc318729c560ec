/** What the customer is asked for, as a small form below the question. Typing the answer works as well. */

import type { Input, Order } from "../wire.ts";
import type { View } from "./context.ts";
import { type Child, h, icon, type Props } from "./dom.ts";

export function inputForm(view: View, input: Input): HTMLElement | null {
  if (input.kind === "orders") return input.orders?.length ? orderList(view, input.orders) : null;
  if (input.kind === "date") {
    return field(view, view.say("date"), { type: "date", min: input.min || null, max: input.max || null });
  }
  if (input.kind === "email") return field(view, view.say("email"), { type: "email", autocomplete: "email" });
  if (input.kind !== "code") return null;
  const length = { maxlength: input.digits || 12, ...(input.digits ? { minlength: input.digits } : {}) };
  return field(view, view.say("code"), {
    ...{ type: "text", inputmode: "numeric", autocomplete: "one-time-code", class: "code", dir: "ltr" },
    ...length,
  });
}

/** Where colleagues write to when nobody is there; it goes to them and is no message. */
export function contactForm(view: View): HTMLElement {
  const email = { type: "email", autocomplete: "email", "data-k": "email" };
  return labelled(view.say("email"), email, view.say("send"), (value) => void view.attempt(view.session.leaveContact(value)));
}

let numbered = 0;

function field(view: View, label: string, props: Props): HTMLElement {
  return labelled(label, props, view.say("send"), (value) => view.send({ text: value }));
}

/** One field with its button; the label stands above and stays. */
export function labelled(label: string, props: Props, action: string, submit: (value: string) => void): HTMLElement {
  const id = `field-${++numbered}`;
  const input = h("input", { id, required: true, ...props });
  const onsubmit = (event: Event) => {
    event.preventDefault();
    if (input.value.trim()) submit(input.value.trim());
  };
  const row = h("div", { class: "field-row" }, input, h("button", { class: "primary" }, action));
  return h("form", { class: "field", onsubmit }, h("label", { for: id }, label), row);
}

function orderList(view: View, orders: readonly Order[]): HTMLElement {
  const label = view.say("orders");
  const rows = orders.map((order) => {
    const name = view.say("order", { number: order.number });
    const words: Child[] = [
      h("strong", {}, name),
      order.title && h("span", { dir: "auto" }, order.title),
      order.subtitle && h("small", { dir: "auto" }, order.subtitle),
    ];
    const button = h(
      "button",
      { type: "button", class: "order", onclick: () => view.send({ text: order.number }) },
      h("span", { class: "order-words" }, ...words),
      icon("chevron"),
    );
    return h("li", {}, button);
  });
  return h("ul", { class: "orders", "aria-label": label }, ...rows);
}
