/** Who the customer is by the back office, and what is set on this conversation. */

import { Link } from "wouter-preact";
import { Icon } from "../../parts/icon.tsx";
import type { ActName } from "./act_dialogs.tsx";
import type { Conversation } from "./conversations.ts";
import { Fact } from "./handoff.tsx";
import type { Room } from "./room.ts";
import type { Customer, Order } from "./wire.ts";
import { languageOf, minuteClock, momentOf, OUTCOMES, PRIORITY_WORDS, spelled } from "./words.ts";

interface Props {
  room: Room;
  conversation: Conversation;
  onAct: (act: ActName) => void;
}

export function SidePanel({ room, conversation, onAct }: Props) {
  const customer = room.customer.value;
  return (
    <>
      <section>
        <h2>Customer</h2>
        {customer ? <CustomerFacts customer={customer} /> : <Unknown conversation={conversation} />}
      </section>
      {customer && (
        <section>
          <h2>Orders</h2>
          {customer.orders.length ? customer.orders.map((order) => <OrderCard key={order.number} order={order} />) : <p class="muted">No orders.</p>}
        </section>
      )}
      <Tickets customer={customer} own={room.tickets.value} onAct={onAct} />
      <section>
        <h2>Conversation</h2>
        <dl class="facts">
          <Fact name="Priority">{PRIORITY_WORDS[conversation.priority]}</Fact>
          {conversation.team && <Fact name="Team">{spelled(conversation.team)}</Fact>}
          <Fact name="Channel">{spelled(conversation.channel)}</Fact>
          {conversation.locale && <Fact name="Language">{languageOf(conversation.locale)}</Fact>}
          <Fact name="Began">{momentOf(conversation.created_at, minuteClock.value)}</Fact>
          {conversation.snoozed_until && <Fact name="Snoozed to">{momentOf(conversation.snoozed_until, minuteClock.value)}</Fact>}
          {conversation.outcome && (
            <Fact name="Outcome">
              {OUTCOMES[conversation.outcome.reason] ?? spelled(conversation.outcome.reason)}
              {conversation.outcome.comment && <p class="muted">{conversation.outcome.comment}</p>}
            </Fact>
          )}
          {conversation.merged_into && (
            <Fact name="Merged">
              <Link href={`/inbox/all/${conversation.merged_into}`}>Goes on in another</Link>
            </Fact>
          )}
          {conversation.rating !== null && <Fact name="Rating">{`${conversation.rating} of 5`}</Fact>}
        </dl>
        <div class="tag-list">
          {conversation.tags.map((tag) => (
            <span class="badge" key={tag}>
              {tag}
            </span>
          ))}
          <button type="button" class="link small" onClick={() => onAct("tags")}>
            {conversation.tags.length ? "Change tags" : "Add tags"}
          </button>
        </div>
      </section>
    </>
  );
}

function CustomerFacts({ customer }: { customer: Customer }) {
  return (
    <>
      <p class="customer-name">
        <strong>{customer.name}</strong>
        <span class={customer.verified ? "badge good" : "badge warn"}>
          <Icon name={customer.verified ? "check" : "warning"} />
          {customer.verified ? "Verified" : "Not verified"}
        </span>
      </p>
      <dl class="facts">
        {customer.email && (
          <Fact name="E-mail">
            <a href={`mailto:${encodeURIComponent(customer.email).replace("%40", "@")}`}>
              {customer.email.split("@").flatMap((part, at) => (at ? [<wbr />, `@${part}`] : [part]))}
            </a>
          </Fact>
        )}
        {customer.phone && <Fact name="Phone">{customer.phone}</Fact>}
        {customer.since && <Fact name="Since">{new Date(customer.since).toLocaleDateString([], { month: "long", year: "numeric" })}</Fact>}
      </dl>
    </>
  );
}

function Unknown({ conversation }: { conversation: Conversation }) {
  return (
    <>
      <p class="muted">
        {conversation.customer.id ? "The back office shows nothing about this customer to you." : "A visitor who has not signed in: the back office does not know who this is."}
      </p>
      {conversation.customer.email && (
        <dl class="facts">
          <Fact name="E-mail left">{conversation.customer.email}</Fact>
        </dl>
      )}
    </>
  );
}

const ORDER_BADGE: Record<string, string> = { delivered: "good", shipped: "accent", cancelled: "", refunded: "", delayed: "warn", lost: "bad", returned: "warn" };

function OrderCard({ order }: { order: Order }) {
  return (
    <details class="order">
      <summary>
        <Icon name="order" class="small" />
        <strong>{order.number}</strong>
        <span class={`badge ${ORDER_BADGE[order.state] ?? ""}`}>{spelled(order.state)}</span>
        <span class="figures order-total">{order.total}</span>
      </summary>
      <dl class="facts">
        <Fact name="Placed">{momentOf(order.placed_at, minuteClock.value)}</Fact>
        <Fact name="Items">{order.items}</Fact>
        {order.tracking && <Fact name="Tracking">{order.tracking}</Fact>}
      </dl>
    </details>
  );
}

function Tickets({ customer, own, onAct }: { customer: Customer | null; own: readonly string[]; onAct: (act: ActName) => void }) {
  const known = customer?.tickets ?? [];
  const rest = own.filter((number) => !known.some((one) => one.number === number));
  return (
    <section>
      <h2>Tickets</h2>
      {known.length + rest.length > 0 && <ul class="ticket-list">
        {known.map((one) => (
          <li key={one.number}>
            <span>
              <strong>{one.number}</strong> {one.subject}
            </span>
            <span class="badge">{spelled(one.state)}</span>
          </li>
        ))}
        {rest.map((number) => (
          <li key={number}>
            <strong>{number}</strong>
            <span class="badge">From this conversation</span>
          </li>
        ))}
      </ul>}
      <button type="button" class="link small" onClick={() => onAct("ticket")}>
        Make a ticket
      </button>
    </section>
  );
}
