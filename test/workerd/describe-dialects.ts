import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningWorker, startWorker } from "./start-worker.ts";

const programs = join(import.meta.dirname, "programs");
const examples = join(import.meta.dirname, "../../apps/examples");
/** Payloads of the vendors' servers by dialect. */
const PAYLOADS: Readonly<Record<string, string>> = {
  eppo: "flags.json",
  growthbook: "features.json",
  amplitude: "amplitude-flags.json",
  posthog: "posthog-definitions.json",
};

/**
 * Compares evaluations in workerd with those on Node.
 *
 * @param modules - the `node_modules` that contains the packages.
 */
export function describeDialects(modules: string): void {
  describe.each(Object.keys(PAYLOADS))("%s in workerd", (dialect) => {
    const payload = readFileSync(join(examples, PAYLOADS[dialect] ?? ""), "utf8");
    let vendor: TestServer;
    let worker: RunningWorker;
    let onNode: unknown;

    beforeAll(async () => {
      vendor = await startTestServer({ kind: "answer", body: payload });
      const program = join(programs, "dialects-worker.mjs");
      worker = await startWorker(program, { VENDOR: vendor.url }, modules);
      onNode = await answerOnNode(dialect, payload, modules);
    });

    afterAll(async () => {
      await worker?.close();
      await vendor?.close();
    });

    it.each(["?module", ""])(
      "evaluates flags for 200 subjects as on Node, with the client of %j",
      async (how) => {
        const response = await fetch(`${worker.url}/${dialect}${how}`);
        const answers = (await response.json()) as unknown[][];
        expect(answers).toHaveLength(200);
        // At least one flag has several results.
        const distinct = new Set(answers.flat().map((it) => JSON.stringify(it)));
        expect(distinct.size).toBeGreaterThan(answers[0]?.length ?? 0);
        expect(answers).toEqual(onNode);
      },
    );
  });
}

/** Evaluates the same payload with a client on Node. */
async function answerOnNode(dialect: string, payload: string, modules: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { Configuration, createClient } from "@sortition/core";
        import { answersOf, DIALECTS } from "./answers.mjs";
        export async function answer(name, flags) {
          const configuration = await Configuration.load({ dialect: DIALECTS[name](), payloads: { flags } });
          return answersOf(createClient({ initialConfiguration: configuration }));
        }`,
      resolveDir: programs,
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    nodePaths: [modules],
  });
  const text = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
  const { answer } = await import(`data:text/javascript;base64,${text}`);
  return await answer(dialect, payload);
}
