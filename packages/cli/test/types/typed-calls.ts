import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@sortition/proof";
import { jsonFile, run } from "../run.js";
import { type DialectName, generatedConfiguration, UNIVERSE } from "./generated-flags.js";
import {
  clientFor,
  GETTERS,
  type GetterType,
  type Observed,
  observe,
  opened,
} from "./observed-calls.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const SUBJECTS = 240;
/** Defaults that are not values of a variation. */
const ODD: Readonly<Record<GetterType, readonly unknown[]>> = {
  boolean: [],
  string: ["none"],
  integer: [77],
  numeric: [7.75],
  json: [null, "plain"],
};

/**
 * Generates payloads, and writes the types of each with a program that calls all getters of its flags. Calls for
 * values that no subject gets must not compile, and all others must.
 *
 * @returns the number of calls of each kind.
 */
export async function writeCalls(
  folder: string,
  dialect: DialectName,
  payloads: number,
): Promise<{ readonly good: number; readonly bad: number }> {
  const random = seededRandom(7_100 + dialect.length);
  mkdirSync(folder, { recursive: true });
  let good = 0;
  let bad = 0;
  for (let i = 0; i < payloads; i++) {
    const { keys, payload } = generatedConfiguration(dialect, random, 3);
    const config = jsonFile(`${dialect}-${i}.json`, payload);
    const { stdout } = await run(["types", "--config", config, "--dialect", dialect]);
    const client = clientFor(await opened(dialect, payload));
    const lines = keys.flatMap((key) => {
      const types = Object.keys(GETTERS) as GetterType[];
      const observed = new Map(types.map((type) => [type, observe(client, key, type, SUBJECTS)]));
      const scalars = types.filter((type) => type !== "json");
      const others = new Set(scalars.flatMap((type) => [...(observed.get(type)?.values ?? [])]));
      return types.flatMap((type) => {
        const { hasDefault, values } = observed.get(type) as Observed; // every type was observed above
        // GrowthBook's JSON getter is not needed for a value that another getter returns.
        const isRepeated = type === "json" && [...values].every((value) => others.has(value));
        const exists = values.size > 0 && !isRepeated;
        const kinds = new Set([...values].map((value) => typeof JSON.parse(value)));
        return [...UNIVERSE[type], ...ODD[type]].map((value) => {
          const text = JSON.stringify(value);
          // A getter that may return its default accepts any default, except that a JSON default must be a variation
          // or null.
          const isDefault = hasDefault && (type !== "json" || value === null);
          // A JSON value that is a string is typed as any string.
          const isScalar = type === "json" && typeof value !== "object" && kinds.has(typeof value);
          const isGood =
            exists && (values.has(text) || isDefault || isScalar || type === "boolean");
          if (isGood) good += 1;
          else bad += 1;
          const call = `client.${GETTERS[type]}(${JSON.stringify(key)}, "id", {}, ${text});`;
          return isGood ? call : `// @ts-expect-error\n${call}`;
        });
      });
    });
    const head = `import { type Client, typed } from "@sortition/core";\ndeclare const untyped: Client;\nconst client = typed<AppFlags>(untyped);\n`;
    writeFileSync(join(folder, `${dialect}-${i}.ts`), `${head}${stdout}${lines.join("\n")}\n`);
  }
  return { good, bad };
}

/** Type-checks the programs in a folder against the packages of this repository. */
export function compileFolder(folder: string): string {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ["ES2022"] },
    ...{ module: "esnext", moduleResolution: "bundler", target: "ES2022" },
    paths: { "@sortition/core": [join(root, "packages/core/dist/index.d.ts")] },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}
