import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A program that uses all types, options, methods and results of a vendor's package. */
export interface VendorProgram {
  readonly name: string;
  readonly path: string;
  /** Our specifiers by the vendor's. */
  readonly specifiers: Readonly<Record<string, string>>;
}

function programOf(
  name: string,
  path: string,
  specifiers: Readonly<Record<string, string>>,
): VendorProgram {
  return { name, path: join(root, "packages", name, "test", path), specifiers };
}

export const VENDOR_PROGRAMS: readonly VendorProgram[] = [
  programOf("amplitude", "surface/program.ts", {
    "@amplitude/experiment-node-server": "@sortition/amplitude",
  }),
  programOf("eppo", "surface/program.ts", { "@eppo/node-server-sdk": "@sortition/eppo" }),
  programOf("growthbook", "client/program.ts", {
    "@growthbook/growthbook/plugins": "@sortition/growthbook/plugins",
    "@growthbook/growthbook": "@sortition/growthbook",
  }),
  programOf("posthog", "surface/program.ts", { "posthog-node": "@sortition/posthog" }),
];

/** Returns the program after the migration, which only changes the import lines. */
export function movedText({ path, specifiers }: VendorProgram): string {
  return Object.entries(specifiers).reduce(
    (text, [vendor, ours]) => text.replaceAll(`from "${vendor}"`, `from "${ours}"`),
    readFileSync(path, "utf8"),
  );
}
