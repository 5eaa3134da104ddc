import { describe, expect, it } from "vitest";
import { evaluating } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { Visitor } from "./visitor.js";

const FLAGS = 10_000;

/** Creates an Eppo configuration with many flags. */
function manyFlags(): object {
  const flags = Array.from({ length: FLAGS }, (_, i) => ({
    key: `flag-${i}`,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: `on-${i}` }, off: { key: "off", value: "off" } },
    allocations: Array.from({ length: 3 }, (_, j) => ({
      key: `allocation-${j}`,
      rules: [
        { conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE", `C${j}`] }] },
      ],
      splits: [{ variationKey: "on", shards: [{ salt: "s", ranges: [{ start: 0, end: 5_000 }] }] }],
      doLog: true,
    })),
  }));
  return {
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
  };
}

describe(`pages of ${FLAGS} flags`, () => {
  it("take at most 600 ms of CPU time and 300 kB each", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", manyFlags())] });
    const visitor = new Visitor(relay);
    const subject = { key: "user-1", name: "country", value: "DE" };
    const views: Record<string, () => Promise<{ readonly text: string; readonly status: number }>> =
      {
        flags: () => visitor.get("/page/eppo/flags"),
        search: () => visitor.get("/page/eppo/flags?search=flag-99"),
        flag: () => visitor.get("/page/eppo/flag?key=flag-9999"),
        subject: () => visitor.post("/page/eppo/subject", subject),
        opened: () => visitor.post("/page/eppo/subject", { ...subject, flag: "flag-9999" }),
        compared: () => visitor.post("/page/eppo/subject", { ...subject, otherKey: "user-2" }),
        last: () => visitor.post("/page/eppo/subject?from=9900", subject),
        unknown: () => visitor.get("/page/eppo/flag?key=flag-99999"),
        changes: () => visitor.get("/page/eppo/changes"),
        relay: () => visitor.get("/page"),
        filtered: () => visitor.get("/page/eppo/flags?state=disabled"),
      };
    await views["flags"]?.(); // compiles the code first
    const figures: Record<string, readonly [ms: number, kB: number]> = {};
    for (const [name, view] of Object.entries(views)) {
      // The states of all flags are read once per configuration.
      if (name === "filtered") await view();
      const before = process.cpuUsage();
      const { text } = await view();
      const { system, user } = process.cpuUsage(before);
      figures[name] = [Math.round((system + user) / 1_000), Math.round(text.length / 1_000)];
    }
    console.log(figures);
    for (const [ms, kB] of Object.values(figures)) {
      expect(ms).toBeLessThan(600);
      expect(kB).toBeLessThan(300);
    }
  });
});
