import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { transform } from "esbuild";
import { expect, it } from "vitest";
import { type SeenRequest, ShopServer } from "./shop-server.js";

const PROGRAM: string = fileURLToPath(new URL("user-program.ts", import.meta.url));
const PACKAGE: string = fileURLToPath(new URL("../..", import.meta.url));
const VENDOR = "posthog-node";

/** What the program and its servers have recorded. */
interface Run {
  readonly journal: readonly (readonly unknown[])[];
  readonly requests: readonly SeenRequest[];
}

/** Runs the program in a separate process, with its SDK imported from `sdk`. */
async function runWith(sdk: string): Promise<Run> {
  const source = await readFile(PROGRAM, "utf8");
  const lines = source.split("\n");
  const moved = lines.map((line) => line.replace(`from "${VENDOR}"`, `from "${sdk}"`));
  expect(moved.filter((line, i) => line !== lines[i])).toHaveLength(sdk === VENDOR ? 0 : 1);
  expect(moved.join("\n").includes(VENDOR)).toBe(sdk === VENDOR);
  const { code } = await transform(moved.join("\n"), { loader: "ts", format: "esm" });
  const server = await new ShopServer().start();
  try {
    const env = { POSTHOG_HOST: server.url };
    const { exitCode, stderr, stdout } = await startChild({ script: code, cwd: PACKAGE, env })
      .ended;
    expect([exitCode, exitCode === 0 ? "" : stderr]).toEqual([0, ""]);
    return { journal: JSON.parse(stdout), requests: server.requests };
  } finally {
    await server.close();
  }
}

it("a user's program has the same results and requests with one changed import line", async () => {
  const [theirs, ours] = await Promise.all([runWith(VENDOR), runWith("@sortition/posthog")]);
  expect(ours.journal.length).toBeGreaterThan(45);
  // The vendor notifies listeners of an event some turns after the call, and we do so within it.
  for (const isHeard of [true, false]) {
    const [seen, expected] = [ours, theirs].map(({ journal }) =>
      journal.filter(([what]) => (what === "captured") === isHeard),
    );
    expect(seen).toEqual(expected);
  }
  const requests = ours.requests.map(comparable);
  expect(requests).toEqual(theirs.requests.map(comparable));
  for (const path of ["/flags/definitions", "/flags/?v=2", "/batch/", "/api/projects/"]) {
    expect(ours.requests.filter(({ target }) => target.startsWith(path))).not.toHaveLength(0);
  }
});

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** Removes identifiers, times, ports, the version of this library, and its own frames. */
function comparable({ method, target, headers, body }: SeenRequest): unknown {
  const text = JSON.stringify(body, (key, value: unknown) => {
    if (key === "sortition_version") return undefined;
    if (["sent_at", "timestamp"].includes(key)) return "-";
    if (/^\$feature_flag_(evaluated|definitions_loaded)_at$/.test(key)) return typeof value;
    if (key === "frames") return framesOfProgram(value as readonly Frame[]);
    return value;
  });
  const { authorization, "content-encoding": encoding, "content-type": type } = headers;
  return {
    ...{ method, target, authorization, encoding, type },
    body: JSON.parse(text.replaceAll(UUID, "uuid").replaceAll(/127\.0\.0\.1:\d+/g, "host")),
  };
}

interface Frame {
  readonly filename: string;
  readonly function: string;
  readonly lineno: number;
}

function framesOfProgram(frames: readonly Frame[]): unknown {
  return frames
    .filter(({ filename }) => filename.includes("[eval"))
    .map(({ function: name, lineno }) => [name, lineno]);
}
