/** Approved answers as the server tells them. */

import type { PageAnswer } from "../../parts/paged.ts";
import type { Audience } from "../knowledge/wire.ts";

export interface Approval {
  number: number;
  question: string;
  answer: string;
  /** public, customer or staff: who may be told. */
  audience: Audience;
  locale: string;
  by: string;
  at: string | null;
  valid_from: string | null;
  /** The first moment at which it is not told any more. */
  valid_until: string | null;
  withdrawn_by: string | null;
  withdrawn_at: string | null;
}

export interface ApprovalList extends PageAnswer<Approval> {
  total: number;
}
