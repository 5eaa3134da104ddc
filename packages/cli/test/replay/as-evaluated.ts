import { seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import { bruteForce, NOW } from "../generated/brute-force.js";
import type { GeneratedDialect } from "../generated/dialects.js";
import { generatedFlags, generatedSubjects } from "../generated/flags.js";
import { jsonFile, ndjson, run } from "../run.js";

/**
 * Replays generated exposures of this many flags, and compares the judgements with the answers of `sortition
 * evaluate`.
 */
export async function expectAsEvaluated(
  dialect: GeneratedDialect,
  flagCount: number,
  seed = 5,
): Promise<void> {
  const random = seededRandom(seed);
  const flags = generatedFlags(random, flagCount);
  const subjects = generatedSubjects(random, 20);
  const answers = await bruteForce(dialect, flags, subjects);
  const events = flags.flatMap(({ key }) =>
    subjects.map(({ subjectAttributes, subjectKey }) => ({
      f: key,
      s: subjectKey,
      v: random() < 0.5 ? "a" : "b",
      t: NOW,
      a: subjectAttributes,
    })),
  );
  const expected = answers.flat().map((answer, i) => {
    if (answer === null) return dialect.outside;
    return answer.variation === events[i]?.v ? "right" : "wrong-variation";
  });
  const config = jsonFile("replay.json", dialect.configOf(flags));
  const map = "flag=f,subject=s,variation=v,time=t,attributes=a";
  const { stdout, stderr } = await run(
    ["replay", "-", "--config", config, "--map", map, "--json", "--list"],
    ndjson(events),
  );
  // Half of the variations were drawn, so some are wrong.
  expect(stderr).toMatch(
    /^dialect: \w+ \(detected from .*\)\nerror: [\d,]+ of [\d,]+ exposures of known flags are wrong, .*--max-wrong allows\n$/,
  );
  const lines = stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const wrong = new Map(
    lines.flatMap(({ kind, line }) => (line === undefined ? [] : [[line, kind] as const])),
  );
  expect(events.map((_, i) => wrong.get(i + 1) ?? "right")).toEqual(expected);
  const right = expected.filter((kind) => kind === "right").length;
  expect(right).toBeGreaterThan(flagCount);
}
