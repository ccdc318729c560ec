/** The numbers' part of console-api, as it goes over the wire. */

export type Unit = "share" | "count" | "seconds" | "money" | "score";

export interface Point {
  at: string;
  value: number | null;
}

export interface Target {
  op: ">" | "<";
  value: number;
}

export interface Figure {
  id: string;
  name: string;
  definition: string;
  value: number | null;
  unit: Unit;
  /** Of money, which is in minor units. */
  currency?: string | null;
  previous: number | null;
  /** How many conversations are decided, of how many, where it is a share of those. */
  decided?: { count: number; of: number } | null;
  target: Target | null;
  series: Point[];
  conversations_url: string | null;
}

export interface VersionFigures {
  kind: string;
  version: string;
  figures: { id: string; name: string; value: number | null; unit: Unit; currency?: string | null }[];
}

export interface AgentLoad {
  id: string;
  name: string;
  open: number;
  resolved: number;
  /** Seconds. */
  first_response_median: number | null;
}

export interface Numbers {
  figures: Figure[];
  escalations: { reason: string; count: number }[];
  intents: { intent: string; series: Point[] }[];
  versions: VersionFigures[];
  agents: AgentLoad[];
  channels?: string[];
  models?: string[];
  /** False while older conversations are still being counted. */
  complete?: boolean;
}

export interface Savings {
  saved: number | null;
  currency: string;
  /** Arithmetic with the names of the parameters and of what is counted. */
  formula: string;
  parameters: Record<string, number>;
}

export interface Behind {
  id: string;
  at: string;
  first_text: string | null;
  channel?: string | null;
}
