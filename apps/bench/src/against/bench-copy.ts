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
import { packagesOf } from "./checkout.js";

/** A copy of a built bench that imports the packages of a checkout. */
export interface BenchCopy {
  /** Where its modules are. */
  readonly bench: string;
  remove(): void;
}

/**
 * Copies a built bench to where its imports lead to the packages of a checkout. Everything else that it imports,
 * such as the vendors' SDKs, is the same as for the original.
 *
 * @param home - the folder of the bench, with `package.json`, `dist` and `node_modules`.
 */
export function copyBench(home: string, checkout: string): BenchCopy {
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
  return {
    bench: join(folder, "dist"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function importsOf(home: string): readonly string[] {
  const { dependencies, devDependencies }: Readonly<Record<string, object>> = JSON.parse(
    readFileSync(join(home, "package.json"), "utf8"),
  );
  return Object.keys({ ...dependencies, ...devDependencies });
}
