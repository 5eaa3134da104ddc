import { inspect } from "node:util";
import {
  CoverageCounts,
  type DifferentialPlan,
  jsonTextOf,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { clientOf, evaluate, type Outcome } from "../ours.js";
import { CONTEXT_FORMS, type GeneratedContext, generateContext } from "./contexts.js";
import { FLAG_KEYS, type GeneratedPayload, generatePayload } from "./payloads.js";
import { type GetterType, membershipsOf, Vendor } from "./vendor.js";

/** Number of cases to compare. */
export interface Extent {
  readonly payloads: number;
  readonly contextsEach: number;
}

type Result = Outcome | { readonly throws: true };

/** One flag for one context. */
export interface Case {
  readonly payload: GeneratedPayload;
  readonly flagKey: string;
  readonly context: GeneratedContext;
  readonly type: GetterType;
  readonly ours: Result;
  readonly vendor: Result;
}

/** A default for each getter, which no variation has. */
const DEFAULTS: readonly (readonly [GetterType, unknown])[] = [
  [null, "the default"],
  [null, "the default"],
  [null, "the default"],
  [null, "the default"],
  ["boolean", true],
  ["numeric", -7],
  ["string", "the default"],
];

/** Evaluates generated payloads for generated contexts. */
export const PLAN: DifferentialPlan<Case, Extent> = {
  name: "launchdarkly flags",
  named: [
    {
      name: "an unknown flag for an invalid context",
      because:
        "flags are looked up before the context is read; the caller gets the default in both",
      explains: ({ path }, { context, flagKey, payload }) =>
        path === "reason.errorKind" &&
        context.form === "invalid" &&
        Boolean(payload.body.flags[flagKey]?.["deleted"] ?? true),
    },
    {
      name: "an object, a text or a number instead of a list",
      because:
        "we report an error of the flag; the vendor takes it for an empty list, searches in the text, or rejects",
      explains: (_, { payload }) => payload.isMalformed && hasOtherList(payload.body),
    },
    {
      name: "a fraction as the index of a variation",
      because: "the flag is malformed; the vendor returns undefined",
      explains: (_, { payload }) =>
        payload.isMalformed && /[vV]ariation":1\.5/.test(JSON.stringify(payload.body)),
    },
  ],
  cases: compareFlags,
  createTally: () => new Coverage(),
  show: ({ context, flagKey, payload, type }) =>
    `${flagKey} ${type}\n${inspect(context, { depth: 8 })}\n${JSON.stringify(payload.body.flags[flagKey])}\n${JSON.stringify(payload.body)}`,
};

/** Members that are lists. */
const LISTS: ReadonlySet<string> = new Set([
  ...["prerequisites", "targets", "contextTargets", "rules", "clauses", "variations", "values"],
  ...["included", "excluded", "includedContexts", "excludedContexts"],
]);

function hasOtherList(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, it]) => {
    const isOther = LISTS.has(name) && it !== null && !Array.isArray(it);
    return isOther || hasOtherList(it);
  });
}

async function* compareFlags(random: Random, extent: Extent): AsyncGenerator<Case> {
  const vendor = new Vendor();
  await vendor.start();
  try {
    for (let i = 0; i < extent.payloads; i++) {
      const payload = generatePayload(random);
      const text = jsonTextOf(payload.body);
      if (!vendor.load(text)) continue; // the vendor's SDK rejects it as a whole
      const ours = clientOf(text, { bigSegments: membershipsOf });
      for (let j = 0; j < extent.contextsEach; j++) {
        const context = generateContext(random);
        for (const flagKey of [...FLAG_KEYS, "absent"]) {
          const [type, fallback] = random.pick(DEFAULTS);
          const theirs = await vendor.evaluate(flagKey, context.context, fallback, type);
          const own = evaluate(ours, flagKey, context.context, fallback, type);
          yield { payload, flagKey, context, type, ours: comparable(own, theirs), vendor: theirs };
        }
      }
    }
  } finally {
    vendor.close();
  }
}

/** Where the vendor's promise rejects, ours returns the default with an error. */
function comparable(own: Outcome, theirs: Result): Result {
  const { errorKind } = own.reason as { readonly errorKind?: string };
  const isError = errorKind === "EXCEPTION" || errorKind === "MALFORMED_FLAG";
  return "throws" in theirs && isError ? { throws: true } : own;
}

/** Counts forms of contexts and reasons. */
class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts(
    {
      contexts: CONTEXT_FORMS,
      reasons: [
        ...["OFF", "FALLTHROUGH", "TARGET_MATCH", "RULE_MATCH", "PREREQUISITE_FAILED"],
        ...["FLAG_NOT_FOUND", "MALFORMED_FLAG", "USER_NOT_SPECIFIED", "WRONG_TYPE"],
        ...["inExperiment", "bigSegmentsStatus", "throws"],
      ],
      getters: ["boolean", "numeric", "string", "any"],
      payloads: ["malformed", "well-formed"],
    },
    [],
  );

  add({ context, payload, type, vendor }: Case): void {
    this.#counts.add("contexts", context.form);
    this.#counts.add("getters", type ?? "any");
    this.#counts.add("payloads", payload.isMalformed ? "malformed" : "well-formed");
    if ("throws" in vendor) {
      this.#counts.add("reasons", "throws");
      return;
    }
    const { errorKind, kind, ...others } = vendor.reason as Record<string, string>;
    this.#counts.add("reasons", errorKind ?? kind ?? "");
    const isCounted = (name: string) => name === "inExperiment" || name === "bigSegmentsStatus";
    this.#counts.addAll("reasons", Object.keys(others).filter(isCounted));
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}
