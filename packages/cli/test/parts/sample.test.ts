import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import { experimentConfig } from "../srm/simulated.js";

const config = (): string => jsonFile("flags.json", experimentConfig(0.5));

/** Two exposures of each subject, with both variations. */
const EVENTS = Array.from({ length: 4_000 }, (_, i) => ({
  featureFlag: "checkout",
  allocation: "split",
  variation: i < 2_000 ? "a" : "b",
  subject: `user-${i % 2_000}`,
  timestamp: 1_770_000_000_000 + i,
}));

const SUBJECTS = EVENTS.slice(0, 2_000).map(({ subject }) => ({ subjectKey: subject }));

const SAID =
  /^sample: 25% of the subjects, selected by a hash of their keys\. All numbers refer to this selection$/m;

describe("--sample 25%", () => {
  it("selects a quarter of the subjects with all of their exposures", async () => {
    const args = ["-", "--config", config(), "--json", "--sample", "25%"];
    const { stderr, stdout } = await run(["srm", ...args], ndjson(EVENTS));
    const { exposures, subjects } = JSON.parse(stdout);
    expect(stderr).toMatch(SAID);
    expect(exposures).toBe(2 * subjects);
    // The bound is five standard deviations.
    expect(Math.abs(subjects - 500)).toBeLessThan(100);
    const replayed = await run(["replay", ...args], ndjson(EVENTS));
    const { total, twoVariations } = JSON.parse(replayed.stdout.split("\n").at(-2) ?? "");
    expect(twoVariations).toBe(subjects);
    expect(total["right"] + total["wrong-variation"]).toBe(exposures);
    const compared = await run(
      ["diff", config(), jsonFile("new.json", experimentConfig(0.4))].concat([
        "--dialect",
        "eppo",
        "--subjects",
        "-",
        "--json",
        "--sample",
        "25%",
      ]),
      ndjson(SUBJECTS),
    );
    expect(compared.stderr).toMatch(SAID);
    expect(JSON.parse(compared.stdout).movement.total).toBe(subjects);
  });

  it.each(["10", "0%", "101%", "-1%"])("rejects %s", async (text) => {
    const { exitCode, stderr } = await run(["srm", "-", "--config", config(), `--sample=${text}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--sample: expected a percentage such as 10%, got ${text}`);
  });

  it("requires --subjects in diff", async () => {
    const { exitCode, stderr } = await run(["diff", config(), config(), "--sample", "25%"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--sample samples the rows of --subjects. Add --subjects FILE");
  });
});
