import { loadDialect } from "../dialects/load-dialect.js";
import { DIALECTS } from "../dialects/table.js";
import type { DiffPlan } from "../diff/diff-work.js";
import type { ReplayPlan } from "../replay/replay-work.js";
import type { SrmPlan } from "../srm/srm-work.js";
import type { RowWork } from "./row-work.js";

/** The work of a command, in a form that can be handed over to another thread. */
export type WorkPlan = DiffPlan | ReplayPlan | SrmPlan;

/** Opens the work of a command in another thread. What there is to warn of has been said by the first one. */
export async function openWork(plan: WorkPlan): Promise<RowWork<unknown>> {
  switch (plan.command) {
    case "diff": {
      const { openDiffWork } = await import("../diff/diff-work.js");
      return await openDiffWork(plan, await loadDialect(plan.dialect, DIALECTS), () => {});
    }
    case "replay": {
      const { openReplayWork } = await import("../replay/replay-work.js");
      const dialect = await loadDialect(plan.dialect, DIALECTS);
      return await openReplayWork(plan, dialect, () => {});
    }
    case "srm": {
      const { SrmWork } = await import("../srm/srm-work.js");
      return new SrmWork(plan);
    }
  }
}
