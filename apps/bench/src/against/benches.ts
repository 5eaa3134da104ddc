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
  /** Packages that the other checkout lacks: the bench of the other build imports ours. */
  readonly lent: readonly string[];
  remove(): void;
}

/**
 * Provides two copies of one bench, each with the packages of its checkout: what differs is the packages alone. A package
 * that the other checkout lacks is ours in both. If the other packages cannot run the bench, say because a name that it
 * imports is new, each checkout has its own bench.
 *
 * @param home - the folder of the bench of this checkout.
 */
export function provideBenches(home: string, { folder, bench }: Checkout): Benches {
  const own = packagesOf(join(home, "../.."));
  const other = packagesOf(folder);
  const lent = importsOf(home).filter((name) => own.has(name) && !other.has(name));
  const copies = [own, new Map([...own, ...other])].map((packages) => copyBench(home, packages));
  const [ours = "", theirs = ""] = copies.map((copy) => join(copy, "dist"));
  const remove = (): void => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  };
  try {
    cellIdsOf(theirs);
    return { ours, theirs, difference: null, lent, remove };
  } catch (cause) {
    const difference = (cause as Error).message; // cellIdsOf throws errors
    return { ours: join(home, "dist"), theirs: bench, difference, lent: [], remove };
  }
}

/**
 * Copies a built bench to where its imports lead to the given packages. Everything else that it imports,
 * such as the vendors' SDKs, is the same as for the original.
 *
 * @param home - the folder of the bench, with `package.json`, `dist` and `node_modules`.
 */
function copyBench(home: string, packages: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  cpSync(join(home, "dist"), join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const name of importsOf(home)) {
    const target = name.startsWith("@sortition/")
      ? packages.get(name)
      : join(home, "node_modules", name);
    // What is missing fails when it is imported.
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
