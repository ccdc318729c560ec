/** What staff did, in words. The technical names stay as tooltips. */

import type { Colleague } from "../../api/account.ts";
import { spelled } from "../inbox/words.ts";

/** What is not here is spelled. */
const DONE: Record<string, string> = {
  "account.away": "Went away",
  "account.back": "Came back",
  "account.change": "Changed an account",
  "account.create": "Made an account",
  "account.password": "Changed the own password",
  "account.password_reset": "Reset a password",
  "account.recovery_codes": "Made new recovery codes",
  "account.sessions_ended": "Ended sessions",
  "account.totp_off": "Switched the second factor off",
  "account.totp_on": "Switched the second factor on",
  "account.totp_reset": "Reset a second factor",
  "approval.until": "Changed an approval's last day",
  "approval.withdraw": "Withdrew an approved answer",
  "assignment.off": "Switched assignment off",
  "assignment.on": "Switched assignment on",
  "canned.add": "Wrote a canned reply",
  "canned.change": "Changed a canned reply",
  "canned.remove": "Removed a canned reply",
  "conversation.attach": "Attached a file",
  "conversation.macro": "Ran a macro",
  "conversation.merge": "Merged a conversation",
  "conversation.note": "Wrote a private note",
  "conversation.open": "Opened a conversation",
  "conversation.priority": "Set a priority",
  "conversation.reopen": "Opened a conversation again",
  "conversation.reply": "Replied",
  "conversation.resolve": "Resolved a conversation",
  "conversation.return": "Handed back to the bot",
  "conversation.snooze": "Snoozed a conversation",
  "conversation.take": "Took a conversation",
  "conversation.ticket": "Made a ticket",
  "conversation.transfer": "Gave a conversation on",
  "corrections.export": "Exported corrections",
  "customer.erase": "Began to erase a customer's data",
  "customer.erased": "Erased a customer's data",
  "customer.export": "Exported a customer's data",
  "customer.find": "Looked for a customer's data",
  "knowledge.draft": "Began a draft",
  "knowledge.gap_done": "Called a gap done",
  "knowledge.gap_open": "Listed a gap again",
  "knowledge.import": "Imported knowledge",
  "knowledge.restore": "Put a version back",
  "knowledge.retire": "Retired an entry",
  "knowledge.save": "Saved an entry",
  "macro.add": "Wrote a macro",
  "macro.change": "Changed a macro",
  "macro.remove": "Removed a macro",
  "numbers.export": "Exported figures",
  "numbers.savings": "Changed the savings formula",
  "question.answer": "Answered the bot's question",
  "question.ask": "Asked for an approved answer",
  "review.change": "Took up, closed or tagged a review",
  "review.comment": "Commented on a transcript",
  "review.correct": "Corrected what the bot understood",
  "review.judge": "Judged an answer",
  "review.read": "Read a transcript",
  "review.scenario": "Exported a transcript as a test",
  "session.begin": "Signed in",
  "session.end": "Signed out",
  "teach.begin": "Began a training",
};

/** All acts by their technical names, in the order of their words. */
export const ACTIONS: readonly (readonly [string, string])[] = Object.entries(DONE).sort(([, one], [, other]) => one.localeCompare(other));

export const actionWords = (action: string): string => DONE[action] ?? spelled(action.replaceAll(".", " "));

/** Whether the act was done to a conversation. */
export const isConversation = (action: string): boolean => action.startsWith("conversation.") || action.startsWith("review.") || action === "question.ask";

/** A conversation by the handle that the inbox shows, a colleague by name, everything else by its id. */
export function subjectName(action: string, subject: string, people: readonly Colleague[]): string {
  if (isConversation(action) && /[0-9a-f]{8}$/.test(subject)) return `Conversation ${subject.slice(-3).toUpperCase()}`;
  return people.find((one) => one.id === subject)?.name ?? subject;
}
