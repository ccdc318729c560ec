/** What every part of the view is given. */

import type { Session } from "../session.ts";
import type { Settings } from "../settings.ts";
import type { Language } from "../texts/language.ts";
import type { Attachment, Choice, Outgoing } from "../wire.ts";

export interface View {
  readonly session: Session;
  readonly settings: Settings;
  readonly language: Language;
  say: Language["say"];
  botName(): string;
  send(message: Omit<Outgoing, "client_id">, files?: Attachment[]): void;
  choose(choice: Choice): void;
  /** Carries out what may fail, and says so when it does. */
  attempt(act: Promise<unknown>): Promise<boolean>;
  save(blob: Blob, name: string): void;
  announce(text: string): void;
  /** Where the focus goes when what had it is gone. */
  refocus(): void;
}
