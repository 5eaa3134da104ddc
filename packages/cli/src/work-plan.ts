import { type BetweenPlan, openBetweenWork } from "./between/between-work.js";
import { loadDialect } from "./dialects/load-dialect.js";
import { DIALECTS } from "./dialects/table.js";
import { type DiffPlan, openDiffWork } from "./diff/diff-work.js";
import type { RecordWork } from "./parts/record-work.js";
import { openReplayWork, type ReplayPlan } from "./replay/replay-work.js";
import { type EvaluatePlan, openEvaluateWork } from "./requests/evaluate-work.js";
import { type SrmPlan, SrmWork } from "./srm/srm-work.js";

/** The work of any command. */
export type CommandPlan = BetweenPlan | DiffPlan | EvaluatePlan | ReplayPlan | SrmPlan;

/**
 * Opens the work of a command in another thread. Warnings are suppressed, because the first thread has already
 * reported them.
 */
export async function openWork(plan: CommandPlan): Promise<RecordWork<unknown>> {
  if (plan.command === "srm") return new SrmWork(plan);
  if (plan.command === "between") {
    const [old, now] = plan.sides;
    const dialects = [
      await loadDialect(old.dialect, DIALECTS),
      await loadDialect(now.dialect, DIALECTS),
    ] as const;
    return await openBetweenWork(plan, dialects, () => {});
  }
  const dialect = await loadDialect(plan.dialect, DIALECTS);
  if (plan.command === "diff") return await openDiffWork(plan, dialect, () => {});
  if (plan.command === "evaluate") return await openEvaluateWork(plan, dialect);
  return await openReplayWork(plan, dialect, () => {});
}
