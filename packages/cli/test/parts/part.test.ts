import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import { experimentConfig } from "../srm/simulated.js";

const config = (): string => jsonFile("flags.json", experimentConfig(0.5));

/**
 * Exposures of 500 subjects on two days. Some subjects have two variations, some messages are repeated, and some rows
 * name an unknown flag.
 */
const EVENTS = Array.from({ length: 3_000 }, (_, i) => ({
  featureFlag: i % 97 === 0 ? "chekout" : "checkout",
  allocation: "split",
  variation: i % 13 === 0 ? "a" : "b",
  subject: `user-${i % 500}`,
  timestamp: 1_770_000_000_000 + i * 60_000,
  messageId: `event-${i % 2_500}`,
}));

type Counts = Record<string, number>;

async function replayed(...more: readonly string[]): Promise<Counts> {
  const args = ["replay", "-", "--config", config(), "--json", ...more];
  const { stderr, stdout } = await run(args, ndjson(EVENTS));
  const counts: Counts = {};
  const add = (path: string, value: unknown): void => {
    if (typeof value === "number") counts[path] = value;
    if (typeof value !== "object" || value === null) return;
    for (const [name, member] of Object.entries(value)) add(`${path} ${name}`, member);
  };
  for (const line of stdout.split("\n").slice(0, -1)) {
    const { day = "", flag = "", ...rest } = JSON.parse(line);
    add(`${day} ${flag}`, rest);
  }
  if (more[0] === "--part") {
    expect(stderr).toMatch(/^part \d of 8 of the subjects, selected by a hash of their keys\. /m);
  }
  return counts;
}

describe("--part I/N", () => {
  it("splits the input into eight parts whose counts add up to the total", async () => {
    const { "  outOfOrder": _, ...all } = await replayed();
    const sum: Counts = {};
    for (let i = 1; i <= 8; i++) {
      const { "  outOfOrder": __, ...part } = await replayed("--part", `${i}/8`);
      expect(Object.values(part).some((count) => count > 0)).toBe(true);
      for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count;
    }
    expect(sum).toEqual(all);
    expect(all["  twoVariations"]).toBeGreaterThan(50);
    expect(all["  duplicates"]).toBeGreaterThan(50);
  });

  it.each(["9/8", "0/8", "1/0", "1", "1/8/2", "a/b", "1/99999999999999999999"])(
    "rejects %s",
    async (text) => {
      const { exitCode, stderr } = await run(["srm", "-", "--config", config(), "--part", text]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        `--part: expected a part and the number of parts, such as 3/8, got ${text}`,
      );
    },
  );

  it("cannot be combined with --sample", async () => {
    const more = ["--part", "1/2", "--sample", "10%"];
    const { exitCode, stderr } = await run(["srm", "-", "--config", config(), ...more]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--sample and --part cannot be combined");
  });

  it("requires --subjects in diff", async () => {
    const { exitCode, stderr } = await run(["diff", config(), config(), "--part", "1/2"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--part samples the rows of --subjects. Add --subjects FILE");
  });
});
