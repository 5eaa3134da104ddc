import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./markdown.js";
import { bundleSnippets, programOf } from "./snippets/bundle.js";
import { type Snippet, snippets } from "./snippets/snippet.js";

const TIMEOUT_MS = 60_000;

/** Parts of programs, and programs that need a vendor's service. They are compiled, but not run. */
const COMPILED_ONLY = [
  { because: "it is a test file", pattern: /from "vitest"/ },
  { because: "the reader declares the rest", pattern: /^declare /m },
  {
    because: "needs Amplitude's service",
    pattern: /amplitude(Origin|Source)\(|Experiment\.initialize/,
  },
  {
    because: "needs PostHog's service",
    pattern: /new PostHog\(|from "posthog-node"|posthogOrigin\(/,
  },
  { because: "needs GrowthBook's service", pattern: /GROWTHBOOK_CLIENT_KEY/ },
] as const;

const reasonToSkip = ({ text }: Snippet): string | undefined =>
  COMPILED_ONLY.find(({ pattern }) => pattern.test(text))?.because;

const programs = snippets.filter((snippet) => reasonToSkip(snippet) === undefined);

/** Serves the configurations of the examples at any path. */
const server = createServer((request, response) => {
  const path = request.url ?? "";
  const file = path.includes("bandit") ? "shoe-bandits.json" : "flags.json";
  response.setHeader("content-type", "application/json");
  response.end(readFileSync(join(root, "apps/examples", file)));
});

describe("TypeScript in the documentation runs", () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "sortition-snippets-")));
  const outcomes = new Map<string, { readonly code: number | null; readonly stderr: string }>();

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    copyFileSync(join(root, "apps/examples/flags.json"), join(folder, "flags.json"));
    await bundleSnippets(programs, folder);
    const waiting = programs.values();
    const work = async (): Promise<void> => {
      for (const snippet of waiting) outcomes.set(snippet.place, await run(snippet));
    };
    await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  });

  afterAll(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(snippet: Snippet) {
    const keys = [...snippet.text.matchAll(/process\.env\["(\w+)"\]/g)].map(([, key = ""]) => [
      key,
      // Nothing listens on this port, because a fleet polls on its own without Redis.
      key === "REDIS_URL" ? "redis://127.0.0.1:1" : "example",
    ]);
    const preload = pathToFileURL(join(root, "test/snippets/preload.mjs")).href;
    const child = spawn(
      process.execPath,
      ["--no-warnings", "--import", preload, programOf(snippet)],
      {
        cwd: folder,
        stdio: ["ignore", "ignore", "pipe"],
        timeout: TIMEOUT_MS,
        killSignal: "SIGKILL",
        env: {
          ...process.env,
          ...Object.fromEntries(keys),
          SNIPPET_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      },
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stderr };
  }

  it.each(programs)("until it ends: $place", ({ place }) => {
    const { code, stderr } = outcomes.get(place)!;
    expect(code, stderr).toBe(0);
  });

  it("except parts of programs, and programs that need a service", () => {
    expect(programs.length).toBeGreaterThan(snippets.length * 0.7);
    for (const { because, pattern } of COMPILED_ONLY) {
      expect(
        snippets.some(({ text }) => pattern.test(text)),
        because,
      ).toBe(true);
    }
  });
});
