import { fileURLToPath } from "node:url";
import { isInPart, startChild } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import { LocalEvaluationClient } from "../../../src/index.js";

const cwd: string = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs a script in a separate process and parses its output as JSON. */
async function printed(script: string): Promise<unknown> {
  const { exitCode, stderr, stdout } = await startChild({ script, cwd }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

const EXPOSURES = `{ exposureConfig: { apiKey: "analytics" } }`;

describe.each(
  [
    { module: "ES", load: `await import("@sortition/amplitude")` },
    { module: "CommonJS", load: `createRequire(process.cwd() + "/x.cjs")("@sortition/amplitude")` },
  ].filter((_, i) => isInPart(i)),
)("the library that uploads events, as an $module module", ({ load }) => {
  it("is named in an error with the command that installs it", async () => {
    const seen = await printed(`
      import Module, { createRequire } from "node:module";
      const resolve = Module._resolveFilename;
      Module._resolveFilename = (name, ...rest) => {
        if (name.startsWith("@amplitude/")) throw new Error("not installed");
        return resolve(name, ...rest);
      };
      const { LocalEvaluationClient } = ${load};
      new LocalEvaluationClient("key", {});
      try {
        new LocalEvaluationClient("key", ${EXPOSURES});
      } catch ({ name, option, message }) {
        console.log(JSON.stringify({ name, option, message }));
      }
    `);
    expect(seen).toEqual({
      name: "OptionError",
      option: "exposureConfig",
      message: expect.stringContaining("npm install @amplitude/analytics-node"),
    });
  });

  it("is loaded with the first event", async () => {
    const seen = await printed(`
      import { createRequire } from "node:module";
      const { LocalEvaluationClient } = ${load};
      const { cache } = createRequire(process.cwd() + "/x.cjs");
      const isLoaded = () => Object.keys(cache).some((file) => /analytics-node/.test(file));
      const flag = { key: "f", variants: { on: { key: "on" } }, segments: [{ variant: "on" }] };
      const client = new LocalEvaluationClient("key", { bootstrap: { f: flag }, ...${EXPOSURES} });
      const seen = [];
      for (const tracksExposure of [false, true]) {
        client.evaluateV2({ user_id: "alice" }, ["f"], { tracksExposure });
        for (let i = 0; i < 10 || (i < 2_000 && isLoaded() !== tracksExposure); i++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        seen.push(isLoaded());
      }
      console.log(JSON.stringify(seen));
      process.exit(0);
    `);
    expect(seen).toEqual([false, true]);
  });
});

describe("a library that fails to load", () => {
  it("loses the events of each client, with one log line about the reason, but affects no evaluation", async () => {
    let loads = 0;
    vi.doMock("@amplitude/analytics-node", () => {
      loads += 1;
      throw new Error("a broken file");
    });
    const error = vi.fn();
    const loggerProvider = { verbose() {}, debug() {}, info() {}, warn() {}, error };
    const f = { key: "f", variants: { on: { key: "on" } }, segments: [{ variant: "on" }] };
    const exposureConfig = { apiKey: "analytics" };
    const config = { bootstrap: { f }, exposureConfig, loggerProvider };
    const client = new LocalEvaluationClient("key", config);
    for (const user_id of ["alice", "bob"]) {
      const options = { tracksExposure: true };
      expect(client.evaluateV2({ user_id }, ["f"], options)).toMatchObject({ f: { key: "on" } });
      await client.stop({ timeoutMs: 5_000 });
    }
    vi.doUnmock("@amplitude/analytics-node");
    expect(error.mock.calls).toEqual([
      [expect.stringContaining("the library cannot be loaded"), [expect.any(Error)]],
    ]);
    expect(loads).toBe(1);
  });
});
