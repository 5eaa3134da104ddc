import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTool, installTools } from "../../scripts/tools.mjs";
import { makeProject, placeLibraries } from "./project.ts";
import { run } from "./run.ts";
import { newestOf, versionsOf } from "./versions.ts";

const consumer = inject("consumer");
const nodes = inject("nodes");

const CONFIGURATION = JSON.stringify({
  ...{ createdAt: "2026-01-15T09:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
  flags: {
    checkout: {
      ...{ key: "checkout", enabled: true, variationType: "BOOLEAN", totalShards: 10 },
      variations: { on: { key: "on", value: true } },
      allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
    },
  },
});

/** A program that uses OpenFeature. */
const IMPORTS = `
import { OpenFeature } from "@openfeature/server-sdk";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { SortitionProvider } from "@sortition/openfeature";
`;
const ASK = `
async function ask() {
  const initialConfiguration = Configuration.from({ dialect: eppo(), payloads: { flags: ${JSON.stringify(CONFIGURATION)} } });
  const provider = SortitionProvider.create(() => createClient({ initialConfiguration, assignmentLogger: null }));
  await OpenFeature.setProviderAndWait(provider);
  const { reason, value } = await OpenFeature.getClient().getBooleanDetails("checkout", false, { targetingKey: "user-1" });
  await OpenFeature.close();
  return \`\${value} \${reason}\`;
}
`;
const PRINTED = "true STATIC";
const MODULE = `${IMPORTS}${ASK}console.log(await ask());`;
const SCRIPT = `${IMPORTS.replaceAll(/import (.*) from (.*);/g, "const $1 = require($2);")}${ASK}ask().then(console.log);`;
const JEST_TEST = `${IMPORTS}${ASK}
test("asks", async () => expect(await ask()).toBe("${PRINTED}"));`;

/** Creates a project with this version of the SDK, next to the package that imports it. */
function makeApplication(sdk: string, texts: Readonly<Record<string, string>>): string {
  const cwd = makeProject(consumer, {}, texts);
  const name = "@openfeature/server-sdk";
  const library = join(installTool(name, sdk), "node_modules", name);
  placeLibraries(consumer, cwd, ["core", "openfeature"], { [name]: library });
  return cwd;
}

describe.each(versionsOf("OpenFeature"))("the provider under @openfeature/server-sdk %s", (sdk) => {
  it.each(nodes)("evaluates in an ES module and in CommonJS on Node $version", async ({ file }) => {
    const cwd = makeApplication(sdk, { "program.mjs": MODULE, "program.cjs": SCRIPT });
    for (const program of ["program.mjs", "program.cjs"]) {
      const { exitCode, stderr, stdout } = await run(file, [program], { cwd });
      expect({ program, exitCode, stderr, stdout }).toEqual({
        ...{ program, exitCode: 0, stderr: "" },
        stdout: `${PRINTED}\n`,
      });
    }
  });

  it("evaluates in Jest, with CommonJS by swc", async () => {
    const tools = installTools("jest", {
      jest: newestOf("Jest"),
      "@swc/core": "1.16.22",
      "@swc/jest": "0.2.39",
    });
    const transform = { "\\.ts$": join(tools, "node_modules/@swc/jest/index.js") };
    const config = JSON.stringify({ rootDir: ".", transform, cacheDirectory: "./cache" });
    const cwd = makeApplication(sdk, { "jest.config.json": config, "ask.test.ts": JEST_TEST });
    const program = join(tools, "node_modules/jest/bin/jest.js");
    const { exitCode, stderr } = await run(process.execPath, [program], { cwd });
    expect({ exitCode, output: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, output: "" });
  });

  it.each([versionsOf("TypeScript")[0], newestOf("TypeScript")])(
    "compiles strictly in TypeScript %s",
    async (typescript) => {
      const cwd = makeApplication(sdk, { "program.mts": `${MODULE}\nexport {};` });
      const compilerOptions = {
        ...{ module: "nodenext", moduleResolution: "nodenext", target: "ES2022", types: ["node"] },
        ...{ noEmit: true, skipLibCheck: false, strict: true },
      };
      writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions }));
      const tsc = join(installTool("typescript", typescript), "node_modules/typescript/bin/tsc");
      const { exitCode, stdout } = await run(process.execPath, [tsc, "-p", cwd], { cwd });
      expect(`${stdout}${exitCode}`).toBe("0");
    },
  );
});
