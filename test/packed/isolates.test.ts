import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type RunningWorker, startWorker } from "../workerd/start-worker.ts";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";

const consumer = inject("consumer");

/** Prints a payload with the same flag in each format. */
const WRITE_PAYLOADS = `
import { amplitude } from "@sortition/amplitude/dialect";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { split, testFlags } from "@sortition/testing";
const payloadsOf = (dialect) => {
  const flags = testFlags({ dialect });
  flags.string("kept").variations("a", "b").otherwise(split({ a: 30, b: 70 }));
  const { payloads } = flags.client().getConfiguration();
  return Object.fromEntries(payloads.map(({ part, bytes }) => [part, new TextDecoder().decode(bytes)]));
};
const payloads = Object.fromEntries(Object.entries({ eppo, growthbook, amplitude, posthog }).map(([name, of]) => [name, payloadsOf(of())]));
console.log(\`export const payloads = \${JSON.stringify(payloads)};\`);
`;

const ANSWER = `
import { answersOf, makeClients } from "./isolate.mjs";
import { payloads } from "./payloads.mjs";
console.log(JSON.stringify(await answersOf(makeClients(payloads))));
`;

describe("core in an isolate, where timers and promises end with their request", () => {
  let onNode: unknown;
  let worker: RunningWorker;
  const ask = async (path: string): Promise<string> => (await fetch(`${worker.url}${path}`)).text();
  beforeAll(async () => {
    const project = makeProject(
      consumer,
      { "isolate.mjs": "isolate.mjs", "worker.mjs": "isolate-worker.mjs" },
      { "write-payloads.mjs": WRITE_PAYLOADS, "answer.mjs": ANSWER },
    );
    const node = async (file: string): Promise<string> =>
      (await run(process.execPath, [file], { cwd: project })).stdout;
    writeFileSync(join(project, "payloads.mjs"), await node("write-payloads.mjs"));
    onNode = JSON.parse(await node("answer.mjs"));
    worker = await startWorker(join(project, "worker.mjs"), {}, join(consumer, "node_modules"));
  });
  afterAll(() => worker?.close());

  it("returns the same values as on Node in each dialect, with clients created at module scope", async () => {
    const answers: unknown = JSON.parse(await ask("/module"));
    expect(answers).toEqual(onNode);
    expect(Object.keys(onNode as object)).toHaveLength(8);
    expect(Object.keys(onNode as object).every((key) => key.endsWith("ready true"))).toBe(true);
  });

  it("returns the same values as on Node in each dialect, with clients created in a request", async () => {
    expect(JSON.parse(await ask("/handler"))).toEqual(onNode);
  });

  it.each(["flush", "option"])(
    "delivers the exposures of 200 requests and of 20 later ones, with %s",
    async (way) => {
      for (let i = 0; i < 200; i += 1) await ask(`/${way}?subject=${i}`);
      const delivered = async (): Promise<readonly string[]> =>
        JSON.parse(await ask("/delivered"))[way];
      await vi.waitFor(async () => expect(await delivered()).toHaveLength(200), {
        timeout: 20_000,
      });
      for (let i = 200; i < 220; i += 1) await ask(`/${way}?subject=${i}`);
      await vi.waitFor(async () => expect(await delivered()).toHaveLength(220), {
        timeout: 20_000,
      });
      expect(new Set(await delivered()).size).toBe(220);
    },
  );

  it("warns that a source in the background stops with its request", async () => {
    expect(JSON.parse(await ask("/polling"))).toEqual([
      expect.stringContaining("use edgeClient from @sortition/edge"),
    ]);
  });
});
