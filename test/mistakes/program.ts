import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { root } from "../markdown.js";

/** Longer lines are hard to read in a log. */
const MAX_BYTES = 500;

/** A folder from which all packages except `@sortition/eppo` can be imported. */
const examples = join(root, "apps/examples");

/** A new user's program with one mistake. */
export interface Mistake {
  readonly mistake: string;
  /** An ES module. */
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Text that names the mistake. */
  readonly names: string;
  /** Text that proposes a solution. */
  readonly wayOut: string;
}

/** The beginning of a new user's program: a client with one flag. */
export const SET_UP = `
import { Configuration, init, getInstance, createClient } from "@sortition/node";
const flag = {
  key: "new-checkout", enabled: true, variationType: "BOOLEAN", totalShards: 10_000,
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
};
const initialConfiguration = Configuration.from({
  flagsConfiguration: JSON.stringify({ flags: { [flag.key]: flag } }),
});
const assignmentLogger = { logAssignment() {} };
`;
export const CLIENT = `${SET_UP}const client = await init({ initialConfiguration, assignmentLogger });\n`;

/** Runs a program in a folder, and returns its stderr. */
export function stderrOf(
  { env = {}, program }: Mistake,
  places: Readonly<Record<string, string>>,
  cwd: string = examples,
): Promise<string> {
  const script = withPlaces(program, places);
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: "", HTTP_PROXY: "", http_proxy: "", ...env },
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  // It only ends programs that hang: those that try all faults of a server take half a minute.
  const timer = setTimeout(() => child.kill(), 200_000);
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(timer);
      resolve(stderr);
    });
  });
}

/** Expects the first line of stderr to name the mistake, its place and a solution. */
export function expectWayOut(
  { names, wayOut }: Mistake,
  stderr: string,
  places: Readonly<Record<string, string>>,
): void {
  const line = firstLineOf(stderr);
  expect(line).toContain(withPlaces(names, places));
  expect(line).toContain(wayOut);
  expect(namesAPlace(line), line).toBe(true);
  expect(wayOut).not.toBe("");
  expect(Buffer.byteLength(line)).toBeLessThan(MAX_BYTES);
}

/** Skips the lines that Node prints above an uncaught error: the position, the line of code, and a caret. */
export function firstLineOf(stderr: string): string {
  const uncaught = /^\S.*:\d+\n[\s\S]*?\n *\^+\n\n([\s\S]*)$/.exec(stderr);
  return (uncaught?.[1] ?? stderr).split("\n", 1)[0] ?? "";
}

/**
 * Whether a line names the place of the mistake: a host, an option, a quoted key, a call or an argument. Names in camel case
 * are recognised; the other words are options and arguments.
 */
function namesAPlace(line: string): boolean {
  const words =
    "dialect|proxy|host|options|attributes|actions|user|key|keys|distinct id|token|deployment|primary|clients|redis|ready|collector";
  const place = new RegExp(`https?://|"[^"]+"|--\\w|\\b[a-z]+[A-Z]|\\w\\(|\\b(${words})\\b`);
  return place.test(line.replace(/^\S*(: | )/, "").replace(/ \{( .*\})?$/, ""));
}

/** Replaces words in capitals with their values. */
function withPlaces(text: string, places: Readonly<Record<string, string>>): string {
  return text.replace(/[A-Z]+_(?:URL|PORT|FILE)\b/g, (name) => places[name] ?? name);
}
