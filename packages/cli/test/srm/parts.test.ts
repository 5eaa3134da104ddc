import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import { describePeriods, describePlantedParts } from "./planted-parts.js";
import { experimentConfig } from "./simulated.js";

describePlantedParts(isWhole ? 20 : 3);
describePeriods(isWhole ? 20 : 3);

describe("srm of an experiment with bots in one variation", () => {
  const config = jsonFile("parts.json", experimentConfig(0.5));
  const people = Array.from({ length: 25_000 }, (_, i) => ({
    browser: "chrome",
    isA: i % 2 === 0,
  }));
  const bots = Array.from({ length: 250 }, () => ({ browser: "bot", isA: true }));
  const rows = ndjson(
    [...people, ...bots].map(({ browser, isA }, i) => ({
      ...{ featureFlag: "checkout", allocation: "split", experiment: "checkout-split" },
      ...{ subject: `user-${i}`, variation: isA ? "a" : "b", timestamp: "2026-02-01T00:00:00Z" },
      subjectAttributes: { browser },
    })),
  );
  const args = ["srm", "-", "--config", config, "--by", "browser"];

  it("says it, with a warning and the exit code 0", async () => {
    const { exitCode, stderr, stdout } = await run(args, rows);
    const text = stdout.replaceAll(/\s+/g, " ");
    expect(exitCode).toBe(0);
    expect(text).toMatch(
      /no overall mismatch, but browser = bot: (?:0 of 250 got b|250 of 250 got a), p = [\d.]+e-7\d/,
    );
    expect(text).toContain("An attribute that the treatment itself changes is also listed here");
    expect(stderr).toMatch(/^warning: checkout, split: no overall mismatch, but browser = bot: /m);
  });

  it("exits with 1 if --fail-on parts is given, and lists the part as JSON", async () => {
    const map = "flag=flag,allocation=allocation,variation=variation,count=n";
    const counts = [
      { flag: "checkout", allocation: "split", browser: "chrome", variation: "a", n: 12_500 },
      { flag: "checkout", allocation: "split", browser: "chrome", variation: "b", n: 12_500 },
      { flag: "checkout", allocation: "split", browser: "bot", variation: "a", n: 250 },
    ];
    const mapped = ["--map", `${map},attributes.browser=browser`, "--fail-on", "parts", "--json"];
    const { exitCode, stderr, stdout } = await run([...args, ...mapped], ndjson(counts));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: checkout, split: no overall mismatch, but browser = bot: /m);
    const { parts, verdict } = JSON.parse(stdout);
    expect(verdict).toBe("none");
    expect(parts).toEqual([
      expect.objectContaining({ kind: "attribute", name: "browser = bot", subjects: 250 }),
    ]);
  });

  it("rejects any other word for --fail-on", async () => {
    const { exitCode, stderr } = await run([...args, "--fail-on", "days"], rows);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--fail-on: expected parts, got "days"'),
    });
  });
});

describe("srm of a variation whose share is 0%", () => {
  const shares = experimentConfig(0.5) as { flags: { checkout: { variations: object } } };
  Object.assign(shares.flags.checkout.variations, { qa: { key: "qa", value: "qa" } });
  const config = jsonFile("qa.json", shares);
  const rowsOf = (testers: number): string =>
    ndjson(
      Array.from({ length: 2_000 }, (_, i) => ({
        ...{ featureFlag: "checkout", allocation: "split", timestamp: "2026-02-01T00:00:00Z" },
        ...{ subject: `user-${i}`, variation: i < testers ? "qa" : i % 2 === 0 ? "a" : "b" },
      })),
    );

  it.each([
    { testers: 1, verdict: "none", code: 0, says: "left out: 1 subject with the variation qa" },
    { testers: 20, verdict: "none", code: 0, says: "left out: 20 subjects with the variation qa" },
    {
      testers: 40,
      verdict: "mismatch",
      code: 1,
      says: "checkout, split: qa has 40 subjects, although its share is 0%",
    },
  ])("is $verdict with $testers testers, whom it names", async (row) => {
    const { code, says, testers, verdict } = row;
    const args = ["srm", "-", "--config", config];
    const { exitCode, stdout } = await run(args, rowsOf(testers));
    expect(exitCode).toBe(code);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(says);
    expect(stdout).not.toContain("Infinity");
    const json = await run([...args, "--json"], rowsOf(testers));
    const line = JSON.parse(json.stdout);
    expect(line.verdict).toBe(verdict);
    if (verdict === "mismatch") expect(line.largest.variation).toBe("qa");
  });
});
