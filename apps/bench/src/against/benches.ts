import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Checkout, cellIdsOf, packagesOf } from "./checkout.js";

/** The built benches that measure this build and another one. */
export interface Benches {
  readonly ours: string;
  readonly theirs: string;
  /** Why the other build is measured by a bench of its own, which may differ; `null`: it is not. */
  readonly difference: string | null;
  remove(): void;
}

/**
 * Provides two copies of one bench, each with the packages of its checkout: what differs is the packages alone. If
 * the other packages cannot run it, say because a name that it imports is new, each checkout has its own bench.
 *
 * @param home - the folder of the bench of this checkout.
 */
export function provideBenches(home: string, { folder, bench }: Checkout): Benches {
  const copies = [join(home, "../.."), folder].map((checkout) => copyBench(home, checkout));
  const [ours = "", theirs = ""] = copies.map((copy) => join(copy, "dist"));
  const remove = (): void => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  };
  try {
    cellIdsOf(theirs);
    return { ours, theirs, difference: null, remove };
  } catch (cause) {
    const difference = (cause as Error).message; // cellIdsOf throws errors
    return { ours: join(home, "dist"), theirs: bench, difference, remove };
  }
}

/**
 * Copies a built bench to where its imports lead to the packages of a checkout. Everything else that it imports,
 * such as the vendors' SDKs, is the same as for the original.
 *
 * @param home - the folder of the bench, with `package.json`, `dist` and `node_modules`.
 */
function copyBench(home: string, checkout: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  cpSync(join(home, "dist"), join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const packages = packagesOf(checkout);
  for (const name of importsOf(home)) {
    const target = name.startsWith("@sortition/")
      ? packages.get(name)
      : join(home, "node_modules", name);
    // A package that the checkout lacks fails when it is imported.
    if (target === undefined || !existsSync(target)) continue;
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, "junction"); // the one kind of link that Windows allows everybody
  }
  return folder;
}

function importsOf(home: string): readonly string[] {
  const { dependencies, devDependencies }: Readonly<Record<string, object>> = JSON.parse(
    readFileSync(join(home, "package.json"), "utf8"),
  );
  return Object.keys({ ...dependencies, ...devDependencies });
}
