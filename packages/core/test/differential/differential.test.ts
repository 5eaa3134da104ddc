import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { OPERATOR_NAMES } from "./condition-values.js";
import { seedOr } from "./random.js";
import { explanationOf, summaryOf } from "./report.js";
import { runDifferential } from "./run.js";
import { breakOperator } from "./sabotage.js";

const SEED = seedOr(20_251_120);

/** Enough to notice one broken operator. */
const BRIEF = { seed: SEED, configurations: 160, subjectsEach: 10 };

const findingsByOperator: string[] = [];

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterAll(() => {
  vi.useRealTimers();
  const findings = findingsByOperator.join(" · ");
  process.stderr.write(`differences found with one operator broken: ${findings}\n`);
});

describe(`our client and the vendor's (SORTITION_SEED=${SEED})`, () => {
  it("give the same values, details and events, but for deliberate differences", async () => {
    const result = await runDifferential({ seed: SEED, configurations: 1_000, subjectsEach: 21 });
    process.stderr.write(summaryOf(SEED, result));
    expect(explanationOf(result.unexplained)).toBe("");
    expect(result.unexplained).toHaveLength(0);
    expect(result.pairs).toBeGreaterThanOrEqual(20_000);
    expect(result.coverage.missing).toEqual([]);
  }, 60_000);

  it.each(OPERATOR_NAMES)("differ when %s is broken on purpose", async (operator) => {
    const sabotage: Parameters<typeof runDifferential>[0]["sabotage"] = (configuration) =>
      breakOperator(configuration, operator);
    const { unexplained } = await runDifferential({ ...BRIEF, sabotage });
    // The rule in the details is a copy of what we were given, and no result.
    const findings = unexplained.filter(({ differences }) =>
      differences.some(({ path }) => !path.includes("matchedRule")),
    );
    findingsByOperator.push(`${operator} ${findings.length}`);
    expect(findings.length).toBeGreaterThan(0);
  });

  it("do not differ when nothing is broken", async () => {
    const { unexplained } = await runDifferential(BRIEF);
    expect(unexplained).toHaveLength(0);
  });
});
