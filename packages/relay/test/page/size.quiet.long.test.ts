import { describe, expect, it } from "vitest";
import { evaluating } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { Visitor } from "./visitor.js";

const FLAGS = 10_000;
/** Time below which differences are noise. */
const LEAST_MS = 10;

/** Creates an Eppo configuration with many flags. */
function manyFlags(length: number): object {
  const flags = Array.from({ length }, (_, i) => ({
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

/** Returns the CPU time and the size of each page of an environment with this many flags. */
async function pagesOf(flags: number): Promise<Readonly<Record<string, Figures>>> {
  const relay = await relayOf({ environments: [evaluating("eppo", manyFlags(flags))] });
  const visitor = new Visitor(relay);
  const subject = { key: "user-1", name: "country", value: "DE" };
  const last = `flag-${flags - 1}`;
  const views: Record<string, () => Promise<{ readonly text: string; readonly status: number }>> = {
    flags: () => visitor.get("/page/eppo/flags"),
    search: () => visitor.get("/page/eppo/flags?search=flag-99"),
    flag: () => visitor.get(`/page/eppo/flag?key=${last}`),
    subject: () => visitor.post("/page/eppo/subject", subject),
    opened: () => visitor.post("/page/eppo/subject", { ...subject, flag: last }),
    compared: () => visitor.post("/page/eppo/subject", { ...subject, compare: "served" }),
    last: () => visitor.post(`/page/eppo/subject?from=${flags - 100}`, subject),
    unknown: () => visitor.get("/page/eppo/flag?key=flag-99999"),
    changes: () => visitor.get("/page/eppo/changes"),
    relay: () => visitor.get("/page"),
    filtered: () => visitor.get("/page/eppo/flags?state=disabled"),
  };
  const figures: Record<string, Figures> = {};
  for (const [name, view] of Object.entries(views)) {
    await view(); // compiles the code first, and reads what is read once per configuration
    const before = process.cpuUsage();
    const { text } = await view();
    const { system, user } = process.cpuUsage(before);
    figures[name] = {
      ms: Math.round((system + user) / 1_000),
      kB: Math.round(text.length / 1_000),
    };
  }
  return figures;
}

interface Figures {
  readonly ms: number;
  readonly kB: number;
}

describe(`pages of ${FLAGS} flags`, () => {
  it("take at most twenty times the CPU time of a tenth of the flags, and 300 kB each", async () => {
    const few = await pagesOf(FLAGS / 10);
    const many = await pagesOf(FLAGS);
    console.log({ few, many });
    for (const [name, { kB, ms }] of Object.entries(many)) {
      expect(ms).toBeLessThan(20 * Math.max(LEAST_MS, few[name]?.ms ?? 0));
      expect(kB).toBeLessThan(300);
    }
  });
});
