import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Configuration, createClient, ndjsonLogger } from "../src/index.js";
import { flagsBody } from "./support/flags.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));

describe("two clients with one logger", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("count only their own lines, even if one of them overflows the buffer", async () => {
    const assignmentLogger = ndjsonLogger(join(folder, "x.ndjson"), {
      maxBufferedBytes: 3_000,
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("on") });
    const [a, b] = [0, 1].map(() => createClient({ initialConfiguration, assignmentLogger }));
    for (let i = 0; i < 3; i++) a?.getStringAssignment("flag-1", `a${i}`, {}, "d");
    await a?.flush();
    for (let i = 0; i < 30; i++) b?.getStringAssignment("flag-1", `b${i}`, {}, "d");
    await b?.flush();
    expect((await a?.flush())?.totals).toEqual({
      ...{ accepted: 3, delivered: 3, failed: 0, dropped: 0, pending: 0 },
    });
    const { dropped, ...ownTotals } = (await b?.flush())?.totals ?? { dropped: 0 };
    expect(dropped).toBeGreaterThan(0);
    expect(ownTotals).toMatchObject({ accepted: 30, delivered: 30 - dropped, pending: 0 });
    await a?.close();
    await b?.close();
  });

  it("each report their own exposures as lost when the process exits", async () => {
    const { stdout } = await startChild({
      cwd,
      script: `
        import { Configuration, createClient } from "@sortition/node";
        import { createVendorLogger } from "@sortition/core/kit";
        const assignmentLogger = createVendorLogger({}, {
          name: "warehouse",
          owned: true,
          readers: {},
          build: ({ id }) => id,
          plan: () => ({
            maxInFlight: 10,
            handOverAt: 100,
            flushIntervalMs: 60_000,
            open: () => ({ send() {}, flush: async () => {} }),
          }),
        });
        const said = [];
        const warn = (message) => said.push(message);
        const diagnostics = { debug() {}, info() {}, warn, error: warn };
        const initialConfiguration = Configuration.from({ flagsConfiguration: process.env.FLAGS });
        const [a, b] = [0, 1].map(() => createClient({ initialConfiguration, assignmentLogger, diagnostics }));
        for (let i = 0; i < 3; i++) a.getStringAssignment("flag-1", "a" + i, {}, "d");
        for (let i = 0; i < 2; i++) b.getStringAssignment("flag-1", "b" + i, {}, "d");
        process.on("exit", () => console.log(JSON.stringify(said)));
        process.exit(0);
      `,
      env: { FLAGS: flagsBody("on") },
    }).ended;
    expect(JSON.parse(stdout)).toEqual([
      expect.stringContaining("exposures lost: 3 not delivered"),
      expect.stringContaining("exposures lost: 2 not delivered"),
    ]);
  });
});
