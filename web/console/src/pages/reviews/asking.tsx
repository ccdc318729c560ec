import { CorrectEntities } from "./entities.tsx";
import { ChooseEntry, CorrectIntent } from "./correcting.tsx";
import { CommentDialog, ScenarioDialog, TagsDialog } from "./dialogs.tsx";
import type { Asked } from "./judging.tsx";
import type { Reviewing } from "./reviewing.ts";

/** The dialog that is open, if any. */
export function Asking({ asked, reviewing, onClose }: { asked: Asked; reviewing: Reviewing; onClose: () => void }) {
  const turn = reviewing.current;
  const common = { reviewing, onClose };
  if (asked === "about") return <CommentDialog {...common} turn={null} />;
  if (asked === "tags") return <TagsDialog {...common} />;
  if (asked === "scenario") return <ScenarioDialog {...common} />;
  if (!turn) return null;
  if (asked === "intent") return <CorrectIntent {...common} turn={turn} />;
  if (asked === "entities") return <CorrectEntities {...common} turn={turn} />;
  if (asked === "entry") return <ChooseEntry {...common} turn={turn} />;
  if (asked === "comment") return <CommentDialog {...common} turn={turn} />;
  return null;
}
