import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { jsonFile, run, tempFolder } from "../run.js";
import { DIALECT_NAMES, type DialectName, generatedConfiguration } from "./generated-flags.js";

/** The schema of one flag type. */
function flagOf(flagType: string, defaultValue: object): object {
  const description = { type: "string" };
  return {
    type: "object",
    properties: { flagType: { const: flagType }, description, defaultValue },
  };
}

/** The format of OpenFeature's manifest (`schema/v0/flag-manifest.json` in the repository of its CLI). */
const isManifest = new Ajv({ strict: false }).compile({
  type: "object",
  required: ["flags"],
  properties: {
    flags: {
      type: "object",
      additionalProperties: false,
      patternProperties: {
        "^.{1,}$": {
          required: ["flagType", "defaultValue"],
          oneOf: [
            flagOf("boolean", { type: "boolean" }),
            flagOf("string", { type: "string" }),
            flagOf("integer", { type: "integer" }),
            flagOf("float", { type: "number" }),
            flagOf("object", {}),
          ],
        },
      },
    },
  },
});

const EXAMPLES: Readonly<Partial<Record<DialectName, string>>> = {
  eppo: "flags.json",
  growthbook: "features.json",
  amplitude: "amplitude-flags.json",
  posthog: "posthog-definitions.json",
};

/** Default values that a developer might set, by flag type. */
const OTHERS: Readonly<Record<string, unknown>> = {
  boolean: true,
  string: "of the code",
  integer: 77,
  float: 0.125,
  object: { ofTheCode: [1] },
};

interface Manifest {
  readonly flags: Readonly<Record<string, { readonly flagType: string; defaultValue: unknown }>>;
}

function read(path: string): Manifest {
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  isManifest(manifest);
  expect(isManifest.errors).toBeNull();
  return manifest;
}

function inputsOf(dialect: DialectName): readonly string[] {
  const { payload } = generatedConfiguration(dialect, seededRandom(9_100 + dialect.length), 60);
  const generated = jsonFile(`schema-${dialect}.json`, payload);
  const example = EXAMPLES[dialect];
  const folder = fileURLToPath(new URL("../../../../apps/examples", import.meta.url));
  return example === undefined ? [generated] : [generated, join(folder, example)];
}

describe("OpenFeature's manifest", () => {
  it.each(DIALECT_NAMES.filter((_, i) => isInPart(i)))(
    "of %s fits the schema, and keeps changed default values through three runs",
    async (dialect) => {
      for (const [i, config] of inputsOf(dialect).entries()) {
        const path = join(tempFolder(), `schema-${dialect}-${i}-manifest.json`);
        const args = ["types", "--config", config, "--dialect", dialect, "--manifest", path];
        expect(await run(args)).toMatchObject({ exitCode: 0 });
        const manifest = read(path);
        expect(Object.keys(manifest.flags)).not.toHaveLength(0);
        for (const flag of Object.values(manifest.flags)) {
          flag.defaultValue = OTHERS[flag.flagType];
        }
        writeFileSync(path, JSON.stringify(manifest));
        for (let n = 0; n < 3; n++) await run(args);
        expect(read(path)).toEqual(manifest);
      }
    },
  );

  it("omits keys that the schema rejects, with a warning", async () => {
    const path = join(tempFolder(), "odd-keys.json");
    const features = { "": { defaultValue: 1 }, "two\nlines": { defaultValue: 1 } };
    const config = jsonFile("odd-keys-config.json", {
      features: { ...features, __proto__x: { defaultValue: 1 } },
    });
    const { exitCode, stderr } = await run(["types", "--config", config, "--manifest", path]);
    expect(exitCode).toBe(0);
    expect(Object.keys(read(path).flags)).toEqual(["__proto__x"]);
    expect(stderr).toContain('"" is left out of the manifest');
    expect(stderr).toContain('"two\\nlines" is left out of the manifest');
  });
});
