import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { installTool } from "../../scripts/tools.mjs";
import { movedText, VENDOR_PROGRAMS } from "../vendor-programs/programs.ts";
import { ENTRIES_OF_APPLICATIONS } from "./entries-of-applications.ts";
import { run } from "./run.ts";
import { versionsOf } from "./versions.ts";

const packages = inject("packages");
const consumer = inject("consumer");
const entries = packages
  .flatMap((packed) => packed.entries)
  .filter((entry) => !ENTRIES_OF_APPLICATIONS.includes(entry));

/** Values of `moduleResolution`, with the module system and the file extensions that users have with them. */
const BUNDLER = { moduleResolution: "bundler", module: "esnext", extensions: ["ts"], strict: true };
const RESOLUTIONS = [
  { moduleResolution: "node10", module: "commonjs", extensions: ["ts"], strict: true },
  { moduleResolution: "node16", module: "node16", extensions: ["mts", "cts"], strict: true },
  { moduleResolution: "nodenext", module: "nodenext", extensions: ["mts", "cts"], strict: true },
  BUNDLER,
];

/** Returns a program that imports each entry, and fails to compile if one of them is `any`. */
function programOf(specifiers: readonly string[]): string {
  return specifiers
    .map(
      (entry, i) => `
import * as entry${i} from "${entry}";
// @ts-expect-error: ${entry} has types
export const absent${i} = entry${i}.thereIsNoSuchExport;
`,
    )
    .join("");
}

/** Returns a program that assigns what `import` returns for each entry to the type of what `require` returns. */
function exchangeOf(specifiers: readonly string[]): string {
  return specifiers
    .map(
      (entry, i) => `
import type * as imported${i} from "${entry}" with { "resolution-mode": "import" };
import type * as required${i} from "${entry}" with { "resolution-mode": "require" };
export const of${i}: (entry: typeof imported${i}) => Omit<typeof required${i}, "default"> = (entry) => entry;
`,
    )
    .join("");
}

/** CommonJS programs that load a drop-in lazily, and import its type. */
const LAZY = Object.entries({
  amplitude: { name: "LocalEvaluationClient", create: 'new loaded.LocalEvaluationClient("key")' },
  eppo: { name: "EppoClient", create: "loaded.getInstance()" },
  growthbook: { name: "GrowthBook", create: "new loaded.GrowthBook()" },
  posthog: { name: "PostHog", create: 'new loaded.PostHog("key")' },
}).map(
  ([drop, { create, name }]) => `
import type { ${name} } from "@sortition/${drop}";
let ${drop}: ${name} | undefined;
export async function load_${drop}(): Promise<${name}> {
  const loaded = await import("@sortition/${drop}");
  ${drop} ??= ${create};
  return ${drop};
}
`,
);

/** An application that uses a client. */
const USE = `
import { type Client, Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";

export async function ask(): Promise<boolean> {
  const initialConfiguration = Configuration.from({ dialect: eppo(), payloads: { flags: "{}" } });
  const client: Client = createClient({ initialConfiguration });
  // @ts-expect-error: a boolean flag has no string for a default
  client.getBooleanAssignment("flag", "subject", {}, "no");
  const answer: boolean = client.getBooleanAssignment("flag", "subject", {}, false);
  const end: () => Promise<void> = () => client[Symbol.asyncDispose]();
  await end();
  return answer;
}
`;

/** Compiles programs by file name with strict settings, including the declarations. Returns the output of tsc. */
async function compile(
  version: string,
  programs: Readonly<Record<string, string>>,
  options: object,
): Promise<string> {
  const tsc = join(installTool("typescript", version), "node_modules/typescript/bin/tsc");
  const folder = mkdtempSync(join(consumer, "types-"));
  for (const [name, program] of Object.entries(programs))
    writeFileSync(join(folder, name), program);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, ...options };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const { exitCode, stdout } = await run(process.execPath, [tsc, "-p", folder], { cwd: folder });
  return `${stdout}${exitCode}`;
}

// TypeScript 7 lacks `node10`.
const compilers = versionsOf("TypeScript").filter((version) => !version.startsWith("7."));

describe.each(compilers)("the declarations, in TypeScript %s", (version) => {
  it.each(RESOLUTIONS)(
    "compile with moduleResolution $moduleResolution",
    async ({ moduleResolution, module, extensions }) => {
      const isDeprecated = version.startsWith("6.") && moduleResolution === "node10";
      const program = programOf(entries) + USE;
      const programs = Object.fromEntries(extensions.map((it) => [`program.${it}`, program]));
      const printed = await compile(version, programs, {
        module,
        moduleResolution,
        target: "ES2022",
        lib: ["ES2022"],
        types: ["node"],
        ...(isDeprecated && { ignoreDeprecations: "6.0" }),
      });
      expect(printed).toBe("0");
    },
  );

  describe("and the programs of the vendors' users", () => {
    it.each([...RESOLUTIONS, { ...BUNDLER, strict: false }])(
      "compile with moduleResolution $moduleResolution, strict: $strict",
      async ({ moduleResolution, module, extensions, strict }) => {
        const isDeprecated = version.startsWith("6.") && moduleResolution === "node10";
        const programs = VENDOR_PROGRAMS.flatMap((program) =>
          extensions.map((it) => [`${program.name}.${it}`, movedText(program)]),
        );
        const printed = await compile(version, Object.fromEntries(programs), {
          strict,
          module,
          moduleResolution,
          target: "ES2022",
          lib: ["ES2022"],
          types: ["node"],
          skipLibCheck: true,
          ...(isDeprecated && { ignoreDeprecations: "6.0" }),
        });
        expect(printed).toBe("0");
      },
    );
  });

  it.each([
    { name: "ES2021", lib: ["ES2021"] },
    { name: "ES2022", lib: ["ES2022"] },
    { name: "ES2022, ESNext.Disposable and DOM", lib: ["ES2022", "ESNext.Disposable", "DOM"] },
  ])("of core compile with lib $name and without the types of Node", async ({ lib }) => {
    const own = entries.filter((entry) => /^@sortition\/core(\/|$)/.test(entry));
    const printed = await compile(
      version,
      { "program.ts": programOf(own) + USE },
      { module: "nodenext", moduleResolution: "nodenext", target: "ES2022", lib, types: [] },
    );
    expect(printed).toBe("0");
  });

  it("have the same types for import and require", async () => {
    // This package has separate declarations for test runners, which are ES modules.
    const shared = entries.filter((entry) => !entry.startsWith("@sortition/testing"));
    const programs = { "entries.mts": exchangeOf(shared), "lazy.cts": LAZY.join("") };
    const printed = await compile(version, programs, {
      ...{ module: "node16", moduleResolution: "node16", target: "ES2022", lib: ["ES2022"] },
      ...{ types: ["node"], skipLibCheck: true },
    });
    expect(printed).toBe("0");
  });
});
