import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "yaml";

/** Checks a value against a schema of the protocol's description. Returns the errors. */
export type CheckSchema = (schema: string, value: unknown) => readonly unknown[];

/** Reads the pinned description; `null` if it is not on this machine. */
export function protocolSchemas(): CheckSchema | null {
  const folder = conformanceFolder("openfeature");
  if (folder === null) return null;
  const text = readFileSync(join(folder, "openfeature", "ofrep-0.3.0.yaml"), "utf8");
  // The description's `oneOf` rejects every response with a value, because the schema of the code's default matches any object.
  const values = /oneOf:(\s+- \$ref: "#\/components\/schemas\/booleanFlag")/;
  if (!values.test(text)) throw new Error("the description has changed");
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(parse(text.replace(values, "anyOf:$1")), "ofrep");
  return (schema, value) => {
    const validate = ajv.getSchema(`ofrep#/components/schemas/${schema}`);
    if (validate === undefined) throw new Error(`no schema ${schema}`);
    return validate(value) === true ? [] : (validate.errors ?? []);
  };
}
