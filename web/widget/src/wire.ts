/** What goes over the wire, as docs/gateway.md describes it. Fields the widget does not use are left out. */

export type Speaker = "customer" | "bot" | "agent" | "system";

export interface Choice {
  title: string;
  payload: string;
}

export interface Citation {
  entry_id: string;
  title: string;
  path: string[];
  url: string | null;
}

export interface Card {
  title: string;
  subtitle?: string | null;
  image?: string | null;
  buttons?: Choice[];
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  url: string;
}

export interface Order {
  number: string;
  title?: string;
  subtitle?: string;
}

/** What the bot waits for. Kinds this widget does not know are answered by typing. */
export interface Input {
  kind: string;
  min?: string;
  max?: string;
  digits?: number;
  orders?: Order[];
}

export interface Item {
  position: number;
  id: string;
  speaker: Speaker;
  name: string | null;
  client_id: string | null;
  text: string;
  buttons: Choice[];
  citations: Citation[];
  cards: Card[];
  image: string | null;
  attachments: Attachment[];
  input: Input | null;
  event: string | null;
  at: string;
}

export interface Opening {
  open: boolean;
  text: string;
  opens_at: string | null;
}

export interface Conversation {
  id: string;
  state: "bot" | "queued" | "agent" | "closed";
  agent: { name: string } | null;
  queue: { position: number; wait_seconds: number | null } | null;
  opening: Opening;
  position: number;
  identified: boolean;
}

export interface Config {
  company: string;
  bot_name: string;
  greeting: string;
  suggestions: Choice[];
  opening: Opening;
  features: { attachments: boolean; rating: boolean; person: boolean };
  limits: { message_chars: number; attachment_bytes: number; attachment_types: string[] };
}

/** A message on its way to the server; the same `client_id` is the same message, however often it is sent. */
export interface Outgoing {
  client_id: string;
  text?: string;
  payload?: string;
  title?: string;
  attachments?: string[];
}

export interface PageContext {
  url: string;
  title: string;
}
