import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { amplitude } from "../../packages/amplitude/src/dialect.ts";
import type { Dialect } from "../../packages/core/src/dialect.ts";
import { eppo } from "../../packages/core/src/eppo.ts";
import { datadog } from "../../packages/datadog/src/dialect.ts";
import { growthbook } from "../../packages/growthbook/src/dialect.ts";
import { launchdarkly } from "../../packages/launchdarkly/src/dialect.ts";
import { posthog } from "../../packages/posthog/src/dialect.ts";
import { split, testFlags } from "../../packages/testing/src/index.ts";
import { type FlagServer, flagServer } from "../../packages/testing/src/server.ts";
import { installTool } from "../../scripts/tools.mjs";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";
import { newestOf } from "./versions.ts";

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
  find("bun", newestOf("Bun"), "bin/bun.exe"),
  find("deno", newestOf("Deno"), "deno"),
  find("workerd", newestOf("Cloudflare Workers"), "bin/workerd"),
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

const DIALECTS: Readonly<Record<string, () => Dialect>> = {
  amplitude,
  datadog,
  eppo,
  growthbook,
  launchdarkly,
  posthog,
};

/** The servers that `refresh-and-send.mjs` uses: one for each client. */
const SERVERS = [...Object.keys(DIALECTS), "class amplitude", "class eppo", "class posthog"];

/** Serves a flag whose value changes after the first response. */
async function startChangingServer(dialect: Dialect): Promise<FlagServer> {
  const [first, later] = ["old", "new"].map((value) => {
    const flags = testFlags({ dialect });
    const shares = split({ old: value === "old" ? 100 : 0, new: value === "new" ? 100 : 0 });
    flags.string("checkout").variations("old", "new").otherwise(shares);
    return flags;
  }) as [ReturnType<typeof testFlags>, ReturnType<typeof testFlags>];
  const served = new Set<string>();
  const payload = (part: string): string => {
    const flags = served.has(part) ? later : first;
    served.add(part);
    return flags.payload(part);
  };
  const server = await flagServer({ flags: { dialect, payload } });
  onTestFinished(() => server.close());
  return server;
}

/** Runs the program, and returns what it printed and which requests of its classes contained events. */
async function refreshAndSend(file: string, args: readonly string[]) {
  const cwd = makeProject(consumer, { "main.mjs": "refresh-and-send.mjs" });
  const servers: Record<string, FlagServer> = {};
  for (const name of SERVERS) {
    const create = DIALECTS[name.replace("class ", "")] as () => Dialect; // it has all vendors
    servers[name] = await startChangingServer(create());
  }
  const urls = Object.fromEntries(Object.entries(servers).map(([name, it]) => [name, it.url]));
  const env = { FLAG_URLS: JSON.stringify(urls) };
  const { exitCode, stderr, stdout } = await run(file, [...args, "main.mjs"], { cwd, env });
  const posted = Object.entries(servers).flatMap(([name, { requests }]) =>
    requests.filter(({ method }) => method === "POST").map(({ path }) => `${name} ${path}`),
  );
  const hasAdvice = /external: undici/.test(stderr);
  return { exitCode, hasAdvice, posted, ...JSON.parse(stdout || "{}") };
}

const CHANGED = { first: "old", outcome: "updated", second: "new", logged: 2 };

describe("the clients as published, on runtimes without undici", () => {
  it.for([
    { runtime: "Node", file: process.execPath, args: [], proxy: /ECONNREFUSED/ },
    {
      runtime: "Node with --jitless",
      file: process.execPath,
      args: ["--jitless"],
      proxy: /^proxy: needs undici, which needs WebAssembly: start Node\.js without --jitless$/,
    },
    {
      runtime: "Bun",
      file: bun,
      args: [],
      proxy: /^proxy: needs undici, which this runtime replaces with its own module: use Node\.js$/,
    },
  ])("refresh flags and send events on $runtime", async ({ args, file, proxy }, { skip }) => {
    if (file === null) return skip();
    expect(await refreshAndSend(file, args)).toEqual({
      exitCode: 0,
      hasAdvice: false,
      seen: {
        ...Object.fromEntries(Object.keys(DIALECTS).map((vendor) => [vendor, CHANGED])),
        "class amplitude": "old",
        "class eppo": ["old"],
        "class posthog": ["old", "new"],
      },
      posted: ["class posthog /batch/"],
      proxy: expect.stringMatching(proxy),
    });
  });
});
