import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { run } from "./run.ts";

const consumer = inject("consumer");
const installed = join(consumer, "node_modules/@sortition");
const manifestOf = (name: string) =>
  JSON.parse(readFileSync(join(installed, name, "package.json"), "utf8"));
const { version } = manifestOf("core");
const NEXT = "999.0.0";

/** Copies a package. With `next`, changes its version to the next one. */
function place(name: string, folder: string, next = false): void {
  const target = join(folder, "node_modules/@sortition", name);
  cpSync(join(installed, name), target, { recursive: true, dereference: true });
  if (!next) return;
  const files = readdirSync(join(target, "dist")).map((file) => `dist/${file}`);
  for (const file of ["package.json", ...files.filter((file) => /\.c?js$/.test(file))]) {
    const path = join(target, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll(/("?version"?: )"[^"]+"/g, `$1"${NEXT}"`));
  }
}

/** Writes a program with the next version of `node` and this version of the others. As with npm, each has its own `core`. */
function program(withNext: boolean): string {
  const folder = mkdtempSync(join(consumer, "mixed-"));
  mkdirSync(join(folder, "node_modules/@sortition"), { recursive: true });
  for (const name of ["core", "node"]) place(name, folder, withNext);
  for (const name of ["segment", "growthbook"]) {
    place(name, folder);
    if (!withNext) continue;
    const own = join(folder, "node_modules/@sortition", name);
    for (const dependency of Object.keys(manifestOf(name).dependencies)) {
      if (dependency.startsWith("@sortition/")) place(dependency.slice("@sortition/".length), own);
    }
  }
  return folder;
}

const USE = `
const warnings = [];
const diagnostics = { debug() {}, info() {}, error() {}, warn: (message) => warnings.push(message) };
const track = [];
const analytics = { track: (event, done) => { track.push(event.event); done?.(); }, flush: async () => {} };
const client = createClient({
  dialect: growthbook(),
  source: growthbookSource({ clientKey: "sdk-1", apiHost: "http://127.0.0.1:9", pollIntervalMs: null }),
  assignmentLogger: segmentLogger({ analytics }),
  diagnostics,
});
const features = { f: { defaultValue: "off", rules: [{ key: "e", variations: ["on", "on"], hashAttribute: "id", seed: "s", hashVersion: 2, coverage: 1, weights: [0.5, 0.5] }] } };
client.setConfiguration(Configuration.from({ dialect: growthbook(), payloads: { flags: JSON.stringify({ features }) } }));
const value = client.getStringAssignment("f", "u", { id: "u" }, "default");
client.close().then(() => console.log(JSON.stringify({ value, exposures: track.length, warnings })));
`;

const NAMES = [
  ["{ createClient, Configuration }", "@sortition/node"],
  ["{ growthbook }", "@sortition/growthbook/dialect"],
  ["{ growthbookSource }", "@sortition/growthbook/source"],
  ["{ segmentLogger }", "@sortition/segment"],
] as const;

describe.each([
  { form: "module", load: (names: string, from: string) => `import ${names} from "${from}";` },
  {
    form: "commonjs",
    load: (names: string, from: string) => `const ${names} = require("${from}");`,
  },
])("packages of two versions in one program, as $form", ({ form, load }) => {
  const results = async (folder: string) => {
    const text = NAMES.map(([names, from]) => load(names, from)).join("\n") + USE;
    const args = [`--input-type=${form}`, "--eval", text];
    const { stdout } = await run(process.execPath, args, { cwd: folder });
    return JSON.parse(stdout);
  };

  it("work together, and the client names packages of another version once", async () => {
    const { warnings, ...rest } = await results(program(true));
    expect(rest).toEqual({ value: "on", exposures: 1 });
    const mixed = warnings.filter((it: string) => it.includes("the same version"));
    expect(mixed).toHaveLength(1);
    expect(mixed[0]).toContain(`version ${NEXT}`);
    for (const name of ["@sortition/growthbook", "@sortition/segment"]) {
      expect(mixed[0]).toContain(`${name} ${version}`);
      expect(mixed[0]).toContain(`${name}@${NEXT}`);
    }
  });

  it("are not mentioned if all have one version", async () => {
    const { warnings, ...rest } = await results(program(false));
    expect(rest).toEqual({ value: "on", exposures: 1 });
    expect(warnings.filter((it: string) => it.includes("the same version"))).toEqual([]);
  });
});

it("each package depends on exactly its own version of the others", () => {
  for (const name of readdirSync(installed)) {
    for (const [dependency, range] of Object.entries(manifestOf(name).dependencies ?? {})) {
      if (dependency.startsWith("@sortition/"))
        expect(range, `${name}: ${dependency}`).toBe(version);
    }
  }
});
