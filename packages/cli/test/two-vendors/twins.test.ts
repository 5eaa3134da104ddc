import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ndjson } from "../run.js";
import { compare, expectOnlySplits, reportsOf } from "./compare.js";
import { completeSubjects, generatedTwins, PAIRS } from "./twins.js";

/** Number of flags for each pair of dialects. 25 make 300 in total. */
const TWINS = Number(process.env["SORTITION_TWINS"] ?? 5);
const SUBJECTS = 400;

describe("sortition diff with the same flags in the formats of two vendors", () => {
  it.each(PAIRS.map((pair, i) => ({ pair, i })).filter(({ i }) => isInPart(i)))(
    "finds differences only in splits: $pair",
    async ({ i, pair }) => {
      const random = seededRandom(100 + i);
      const twins = generatedTwins(random, TWINS);
      const input = ndjson(completeSubjects(random, SUBJECTS));
      const more = ["--subjects", "-", "--json", "--max-moved", "0"];
      const { exitCode, stderr, stdout } = await compare(pair, [twins, twins], { more, input });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      const reports = reportsOf(stdout);
      expect(reports.size).toBe(TWINS);
      expectOnlySplits(reports);
    },
  );
});
