import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { transform } from "esbuild";
import { expect, it } from "vitest";
import { ProgramServer, type SentRequest } from "./program-server.js";

const PROGRAM: string = fileURLToPath(new URL("user-program.ts", import.meta.url));
const PACKAGE: string = fileURLToPath(new URL("../..", import.meta.url));
const VENDOR = "@amplitude/experiment-node-server";
/** Five assignments, and the exposures of three users. */
const EVENTS = 15;

interface Run {
  readonly journal: readonly (readonly unknown[])[];
  readonly requests: readonly unknown[];
  readonly events: readonly string[];
}

/** Runs the program in a separate process, with its SDK imported from `sdk`. */
async function runWith(sdk: string): Promise<Run> {
  const lines = (await readFile(PROGRAM, "utf8")).split("\n");
  const moved = lines.map((line) => line.replace(`from "${VENDOR}"`, `from "${sdk}"`));
  expect(moved.filter((line, i) => line !== lines[i])).toHaveLength(sdk === VENDOR ? 0 : 1);
  const { code } = await transform(moved.join("\n"), { loader: "ts", format: "esm" });
  const server = await ProgramServer.start();
  try {
    const env = { EXPERIMENT_URL: server.url, EXPERIMENT_EVENTS: String(EVENTS) };
    const { exitCode, stderr, stdout } = await startChild({ script: code, cwd: PACKAGE, env })
      .ended;
    expect([exitCode, exitCode === 0 ? "" : stderr]).toEqual([0, ""]);
    return {
      journal: JSON.parse(stdout),
      requests: server.requests.filter(({ method }) => method === "GET").map(comparable),
      events: server.events.map(withoutTimes).sort(),
    };
  } finally {
    server.close();
  }
}

/** Removes the library's name and version and the headers of the connection from a request. */
function comparable({ headers, method, target }: SentRequest): unknown {
  const named = (start: string) =>
    Object.entries(headers).filter(([name]) => name.startsWith(start));
  const user = Buffer.from(String(headers["x-amp-exp-user"] ?? ""), "base64url").toString();
  return {
    ...{ method, target, authorization: headers["authorization"] },
    user: user.replace(/experiment-node-server\/[^"]*/, "library"),
    names: named("x-amp-exp").map(([name]) => name),
    options: [
      headers["x-amp-exp-flag-keys"],
      ...named("x-amp-exp-track"),
      ...named("x-amp-exp-exposure"),
    ],
  };
}

/** Removes the user's data that the vendor's two debug lines contain, which ours omit. */
function withoutData([what, value]: readonly unknown[]): readonly unknown[] {
  const isDebug = `${what}`.endsWith("logs debug");
  return [what, isDebug ? `${value}`.replace(/(?: for user)?: $/, "") : value];
}

/** Removes the hint that our line about a failed fetch contains. */
function withoutHint([what, value]: readonly unknown[]): readonly unknown[] {
  const isHint = /(?<=^\[Experiment\] Fetch failed: )http\S+ answered with status .*/;
  return [what, typeof value === "string" ? value.replace(isHint, "") : value];
}

/** The program's only mistake, which the vendor does not report. */
const MISTAKE: readonly unknown[] = [
  "local logs warn",
  '[Experiment] no such flag "unknown": default returned; the configuration has 5 flags, is it for the right environment?',
];

function withoutTimes(event: Record<string, unknown>): string {
  const { event_id: _, library: __, time: ___, ...rest } = event;
  return JSON.stringify(rest);
}

it("a user's program behaves the same with one changed import line, and so do the servers", async () => {
  const [theirs, ours] = await Promise.all([runWith(VENDOR), runWith("@sortition/amplitude")]);
  const isMistake = (entry: readonly unknown[]): boolean => `${entry}` === `${MISTAKE}`;
  expect(ours.journal.filter(isMistake)).toHaveLength(1);
  expect(ours.journal.filter((entry) => !isMistake(entry)).map(withoutHint)).toEqual(
    theirs.journal.map(withoutData),
  );
  expect(ours.requests).toEqual(theirs.requests);
  expect(ours.events).toEqual(theirs.events);
  expect(ours.events).toHaveLength(EVENTS);
  const levels = new Set(
    ours.journal.map(([what]) => what).filter((it) => `${it}`.includes("logs")),
  );
  expect([...levels]).toContain("remote logs debug");
});
