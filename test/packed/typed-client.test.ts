import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { installTool } from "../../scripts/tools.mjs";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";
import { versionsOf } from "./versions.ts";

const packages = inject("packages");

const RESOLUTIONS = [
  { moduleResolution: "node16", module: "node16", name: "program.mts" },
  { moduleResolution: "nodenext", module: "nodenext", name: "program.cts" },
  { moduleResolution: "bundler", module: "esnext", name: "program.ts" },
];

/** A module that exports a typed client, so that its declarations must name the type. */
const PROGRAM = `
import { type Client, createClient, type EvaluationDetails, type TypedClient, typed } from "@sortition/node";
import { testFlags } from "@sortition/testing";

interface AppFlags {
  "test-checkout": { string: "fast" | "standard" };
  campaign: { json: { hero: string; discount?: number }; default?: null };
}

export const flags: TypedClient<AppFlags, EvaluationDetails> = typed<AppFlags>(createClient({ apiKey: "key" }));
export const answer: "fast" | "standard" = flags.getStringAssignment("test-checkout", "id", {}, "fast");
export const hero: string | undefined = flags.getJSONAssignment("campaign", "id", {}, null)?.hero;
export const code: string = flags.getStringAssignmentDetails("test-checkout", "id", {}, "fast").evaluationDetails.flagEvaluationCode;
// @ts-expect-error: there is no such flag
flags.getStringAssignment("test-chekout", "id", {}, "fast");
// @ts-expect-error: no variation
flags.getStringAssignment("test-checkout", "id", {}, "slow");

export const tested: TypedClient<AppFlags> = typed<AppFlags>(testFlags().client());
declare const stub: Pick<Client, "getStringAssignment">;
export const stubbed: TypedClient<AppFlags> = typed<AppFlags>(stub as Client);
`;

/** The same program without the annotations that `isolatedDeclarations` needs. */
const INFERRED = `
import { createClient, typed } from "@sortition/node";
export const flags = typed<{ ui: { boolean: boolean } }>(createClient({ apiKey: "key" }));
`;

let pnpmFolder = "";

/** Installs two packages like pnpm, so that their dependencies are not in the application's folder. */
beforeAll(async () => {
  pnpmFolder = mkdtempSync(join(tmpdir(), "sortition-pnpm-"));
  const files = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const named = ["@sortition/node", "@sortition/testing"];
  const dependencies = Object.fromEntries(named.map((name) => [name, files[name]]));
  const devDependencies = { "@types/node": "20.19.0" };
  const manifest = { name: "app", private: true, dependencies, devDependencies };
  const pnpm = { overrides: files };
  writeFileSync(join(pnpmFolder, "package.json"), JSON.stringify({ ...manifest, pnpm }));
  const program = join(installTool("pnpm", "10.34.9"), "node_modules/pnpm/bin/pnpm.cjs");
  const args = [program, "install", "--prefer-offline", "--ignore-scripts", "--no-lockfile"];
  const { exitCode, stderr, stdout } = await run(process.execPath, args, { cwd: pnpmFolder });
  expect(`${stdout}${stderr}${exitCode}`).toMatch(/0$/);
});
afterAll(() => rmSync(pnpmFolder, { recursive: true, force: true }));

describe.each(versionsOf("TypeScript"))("a typed client, in TypeScript %s", (version) => {
  const tsc = join(installTool("typescript", version), "node_modules/typescript/bin/tsc");

  describe.each(["npm", "pnpm"])("installed by %s", (manager) => {
    it.each(RESOLUTIONS)(
      "compiles with moduleResolution $moduleResolution",
      async ({ module, moduleResolution, name }) => {
        const isIsolated = version !== versionsOf("TypeScript")[0]; // this version does not have the option
        const compilerOptions = {
          ...{ module, moduleResolution, target: "ES2022", lib: ["ES2022"], types: ["node"] },
          ...{ strict: true, declaration: true, outDir: "out", skipLibCheck: true },
        };
        const base = manager === "npm" ? inject("consumer") : pnpmFolder;
        const folder = makeProject(base, {}, { [name]: PROGRAM, [`inferred-${name}`]: INFERRED });
        for (const [files, options] of [
          [[name], isIsolated ? { isolatedDeclarations: true } : {}],
          [[`inferred-${name}`], {}],
        ] as const) {
          const config = { compilerOptions: { ...compilerOptions, ...options }, files };
          writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
          const { exitCode, stdout } = await run(process.execPath, [tsc, "-p", folder], {
            cwd: folder,
          });
          expect(`${stdout}${exitCode}`).toBe("0");
        }
      },
    );
  });
});
