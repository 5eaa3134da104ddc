import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));
const github = join(root, ".github");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: unknown;
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Parses YAML strictly: a duplicate key or a warning fails, too. */
function parseYaml(path: string): unknown {
  const document = parseDocument(readFileSync(path, "utf8"), { strict: true, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings];
  expect(problems.map(({ message }) => message)).toEqual([]);
  return document.toJS();
}

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Whether a command belongs to this repository: `npm test`, `npm run NAME` or `bash .ci/run`. */
function isOurCommand(command: string): boolean {
  const name = /^npm run ([\w:-]+)$/.exec(command)?.[1] ?? (command === "npm test" ? "test" : null);
  return command === "bash .ci/run" || (name !== null && Object.hasOwn(scripts, name));
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const LOCAL = /^\.\/\.github\/workflows\/[\w-]+\.yml$/;

const workflowFiles = readdirSync(join(github, "workflows"));

describe.each(workflowFiles)("the workflow %s", (file) => {
  const path = join(github, "workflows", file);
  // GitHub defines the format. A missing field fails the test that needs it.
  const workflow = parseYaml(path) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);

  it("runs nothing but scripts of package.json and .ci/run", () => {
    const inputs = steps.flatMap((step) => [step.with?.["version"], step.with?.["publish"]]);
    const commands = [...steps.map((step) => step.run), ...inputs].filter(
      (command): command is string => typeof command === "string",
    );
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => !isOurCommand(command))).toEqual([]);
  });

  it("pins each action to a commit, and names its version", () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(PINNED);
    for (const { uses } of jobs) {
      if (uses === undefined) continue;
      expect(uses).toMatch(LOCAL);
      expect(existsSync(join(root, uses))).toBe(true);
    }
    const lines = readFileSync(path, "utf8").match(/uses: \S+@.*/g) ?? [];
    for (const line of lines) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("has only read permissions, unless a job declares others", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    const granted = jobs.flatMap(({ permissions }) => Object.entries(permissions ?? {}));
    const needed = new Set(["contents: read", ...(WRITES[file] ?? [])]);
    expect(granted.map((entry) => entry.join(": ")).filter((it) => !needed.has(it))).toEqual([]);
  });

  it("limits the duration of each job", () => {
    for (const job of jobs) {
      if (job.uses === undefined) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    }
  });
});

/** Write permissions by workflow. Only the job that needs one has it. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "snapshot.yml": ["id-token: write"],
  "release.yml": ["contents: write", "pull-requests: write", "id-token: write"],
};

describe("the workflow for changes", () => {
  it("tests each supported Node on each operating system", () => {
    const { jobs } = parseYaml(join(github, "workflows/ci.yml")) as {
      jobs: { test: { strategy: { matrix: unknown } } };
    };
    expect(jobs.test.strategy.matrix).toEqual({
      node: [20, 22, 24, 26],
      os: ["ubuntu-latest", "macos-latest", "windows-latest"],
    });
  });
});

describe("the issue forms", () => {
  const forms = readdirSync(join(github, "ISSUE_TEMPLATE"));

  it.each(["dependabot.yml", ...forms.map((name) => `ISSUE_TEMPLATE/${name}`)])(
    "are valid YAML: %s",
    (name) => {
      expect(parseYaml(join(github, name))).toBeTypeOf("object");
    },
  );

  it.each(forms.filter((name) => name !== "config.yml"))(
    "have a label on each field: %s",
    (name) => {
      const form = parseYaml(join(github, "ISSUE_TEMPLATE", name)) as {
        name: string;
        description: string;
        body: readonly { type: string; id?: string; attributes: { label?: string } }[];
      };
      expect(form.name).toBeTruthy();
      expect(form.description).toBeTruthy();
      const fields = form.body.filter(({ type }) => type !== "markdown");
      expect(fields.length).toBeGreaterThan(0);
      for (const { id, attributes } of fields) expect(id && attributes.label).toBeTruthy();
    },
  );
});
