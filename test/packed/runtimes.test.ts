import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { installTool } from "../../scripts/tools.mjs";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";

const consumer = inject("consumer");
const conformance = conformanceFolder("eppo");

/** One evaluation in the vendor's conformance files, with its expected value. */
interface Case {
  readonly type: string;
  readonly flag: string;
  readonly subject: string;
  readonly attributes: object;
  readonly fallback: unknown;
  readonly expected: unknown;
}

/** A file of the vendor's conformance cases. */
interface CaseFile {
  readonly flag: string;
  readonly variationType: string;
  readonly defaultValue: unknown;
  readonly subjects: readonly {
    readonly subjectKey: string;
    readonly subjectAttributes: object;
    readonly assignment: unknown;
  }[];
}

/** Returns evaluations of a flag of the examples, for machines without the vendor's files. */
function ownCases(): readonly Case[] {
  return Array.from({ length: 20 }, (_, i) => ({
    ...{ type: "STRING", flag: "payment", fallback: "default", expected: null },
    ...{
      subject: `user-${i}`,
      attributes: { browser_type: "Firefox", country: i % 2 === 0 ? "NL" : "DE" },
    },
  }));
}

/** Reads up to five subjects of each file, which cover all types of flags and all operators. */
function readCases(ufc: string): readonly Case[] {
  return readdirSync(join(ufc, "tests")).flatMap((name) => {
    const file: CaseFile = JSON.parse(readFileSync(join(ufc, "tests", name), "utf8"));
    return file.subjects.slice(0, 5).map((subject) => ({
      type: file.variationType,
      flag: file.flag,
      subject: subject.subjectKey,
      attributes: subject.subjectAttributes,
      fallback: file.defaultValue,
      expected: subject.assignment,
    }));
  });
}

/** Installs a program from npm. Returns its file, or `null` if it cannot be installed or does not run. */
async function find(name: string, version: string, path: string): Promise<string | null> {
  try {
    const file = join(installTool(name, version), "node_modules", name, path);
    const { exitCode } = await run(file, ["--version"], { cwd: consumer });
    return exitCode === 0 ? file : null;
  } catch {
    return null; // npm has printed the reason
  }
}

const [bun, deno, workerd] = await Promise.all([
  find("bun", "1.4.5", "bin/bun.exe"),
  find("deno", "2.9.6", "deno"),
  find("workerd", "1.20261117.1", "bin/workerd"),
]);

/** workerd resolves modules by name, without `package.json`, so the files of core are listed next to the program. */
function workerdConfig(files: readonly string[]): string {
  const modules = files.map((file) => `(name = "${file}", esModule = embed "${file}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${modules.join(", ")}],
    compatibilityDate = "2026-01-01"))]
);
`;
}

function makeWorkerd(data: string): string {
  const core = join(consumer, "node_modules/@sortition/core/dist");
  const parts = readdirSync(core).filter((file) => file.endsWith(".js"));
  const texts = Object.fromEntries(
    parts.map((file) => [file, readFileSync(join(core, file), "utf8")]),
  );
  const own = ["worker.mjs", "answer.mjs", "data.mjs"];
  const answer = readFileSync(join(import.meta.dirname, "projects/answer.mjs"), "utf8");
  return makeProject(
    consumer,
    { "worker.mjs": "worker.mjs" },
    {
      ...texts,
      "answer.mjs": answer.replace(
        /"@sortition\/core\/?(\w*)"/g,
        (_, entry) => `"./${entry || "index"}.js"`,
      ),
      "data.mjs": data,
      "config.capnp": workerdConfig([...own, ...parts]),
    },
  );
}

describe("core and edge as published, on other runtimes", () => {
  const examples = join(import.meta.dirname, "../../apps/examples/flags.json");
  const ufc = conformance === null ? null : join(conformance, "eppo/ufc");
  const cases = ufc === null ? ownCases() : readCases(ufc);
  let data: string;
  let project: string;
  let onNode: string;
  beforeAll(async () => {
    const flags = readFileSync(ufc === null ? examples : join(ufc, "flags-v1.json"), "utf8");
    data = `export const flags = ${JSON.stringify(flags)};\nexport const cases = ${JSON.stringify(cases)};\n`;
    project = makeProject(
      consumer,
      { "print.mjs": "print.mjs", "answer.mjs": "answer.mjs" },
      { "data.mjs": data },
    );
    onNode = (await run(process.execPath, ["print.mjs"], { cwd: project })).stdout;
  });

  it("evaluate and log on Node", () => {
    const [inCore = "", onEdge = ""] = onNode.split("\n");
    const answers: { values: unknown[]; events: unknown[] } = JSON.parse(inCore);
    expect(answers.events).not.toEqual([]);
    expect(new Set(JSON.parse(onEdge)).size).toBeGreaterThan(1);
    if (ufc === null) return;
    expect(cases.length).toBeGreaterThan(60);
    expect(answers.values).toEqual(cases.map(({ expected }) => expected));
  });

  it.skipIf(bun === null)("evaluate and log on Bun as on Node", async () => {
    const { stdout } = await run(bun ?? "", ["print.mjs"], { cwd: project });
    expect(stdout).toBe(onNode);
  });

  it.skipIf(deno === null)("evaluate and log on Deno as on Node, without permissions", async () => {
    const args = ["run", "--no-prompt", "--no-remote", "--node-modules-dir=manual", "print.mjs"];
    const { stdout } = await run(deno ?? "", args, { cwd: project });
    expect(stdout).toBe(onNode);
  });

  it.skipIf(workerd === null)("core evaluates and logs on workerd as on Node", async () => {
    const cwd = makeWorkerd(data);
    const { exitCode, stdout } = await run(workerd ?? "", ["test", "config.capnp"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout.trim()).toBe(onNode.split("\n")[0]);
  });
});
