import {
  CoverageCounts,
  type DifferentialPlan,
  type DifferentialResult,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { generateSession } from "./calls.js";
import { FAMILIES } from "./conditions.js";
import { type Case, DELIBERATE } from "./deliberate.js";
import { askOurs } from "./ours.js";
import { FAULTS, generatePayload } from "./payloads.js";
import { askVendor } from "./vendor.js";

/** Number of cases to generate. */
export interface Extent {
  readonly payloads: number;
  readonly sessionsEach: number;
}

const SOURCES: readonly string[] = [
  "unknownFeature",
  "defaultValue",
  "force",
  "override",
  "experiment",
  "prerequisite",
  "cyclicPrerequisite",
];

const EVENTS: readonly string[] = [
  "viewed",
  "used",
  "saved",
  "throws",
  "sticky bucket used",
  "bandit leaf",
  "inline, in",
  "inline, out",
  "forced",
  "condition met",
  "condition not met",
];

class Counts extends CoverageCounts implements Tally<Case> {
  /** Evaluations for which both sides returned a result. */
  answers = 0;

  constructor() {
    super({
      sources: SOURCES,
      events: EVENTS,
      faults: Object.keys(FAULTS),
      operators: Object.values(FAMILIES).flat(),
      kinds: ["instance", "client"],
    });
  }

  override add(of: Case | string, name?: string): void {
    if (typeof of === "string") super.add(of, name ?? "");
    else this.#addCase(of);
  }

  #addCase({ generated: { conditions, faults, payload }, session, vendor }: Case): void {
    this.add("kinds", session.kind);
    const text = JSON.stringify([payload, conditions]);
    for (const operator of Object.values(FAMILIES).flat()) {
      if (text.includes(`"${operator}"`)) this.add("operators", operator);
    }
    session.asked.forEach((asked, i) => {
      const answer = vendor.answers[i];
      if (answer === undefined) return;
      this.answers += 1;
      const fault = "feature" in asked ? faults.get(asked.feature) : undefined;
      if (fault !== undefined) this.add("faults", fault);
      if ("throws" in answer) this.add("events", "throws");
      else if (typeof answer.result === "boolean") {
        this.add("events", answer.result ? "condition met" : "condition not met");
      } else this.#addResult(answer.result as Shown);
    });
    for (const [name] of vendor.calls) this.add("events", `${name}`);
    if (vendor.saved.length > 0) this.add("events", "saved");
  }

  #addResult({ experimentResult, inExperiment, source, ...shown }: Shown): void {
    if (source !== undefined) this.add("sources", source);
    else this.add("events", inExperiment ? "inline, in" : "inline, out");
    const result = experimentResult ?? shown;
    if (result.stickyBucketUsed) this.add("events", "sticky bucket used");
    if (result.leafId !== undefined) this.add("events", "bandit leaf");
    if (result.hashUsed === false && (inExperiment || experimentResult))
      this.add("events", "forced");
  }
}

/** Returns the number of compared evaluations, because a session has several. */
export function answersIn({ tally }: DifferentialResult<Case>): number {
  return (tally as Counts).answers; // created by the plan
}

interface Shown {
  readonly source?: string;
  readonly inExperiment?: boolean;
  readonly hashUsed?: boolean;
  readonly stickyBucketUsed?: boolean;
  readonly leafId?: number;
  readonly experimentResult?: Shown;
}

/** Evaluates generated payloads and users with our evaluator and with the vendor's SDK. */
export const PLAN: DifferentialPlan<Case, Extent> = {
  name: "growthbook",
  named: DELIBERATE,
  async *cases(random: Random, { payloads, sessionsEach }: Extent) {
    for (let i = 0; i < payloads; i++) {
      const generated = generatePayload(random);
      for (let j = 0; j < sessionsEach; j++) {
        const session = generateSession(random);
        yield {
          generated,
          session,
          ours: askOurs(generated, session),
          vendor: askVendor(generated, session),
        };
      }
    }
  },
  createTally: () => new Counts(),
  show: ({ generated, session }) => JSON.stringify({ ...session, ...generated }, null, 1),
};
