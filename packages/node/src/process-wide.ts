import type { RELEASE } from "./version.js";

/**
 * Returns a value of a package, and creates it at the first call. It is shared by the ES module, the
 * CommonJS module, all reloads, and all installed copies of the same major version.
 *
 * @param suffix - distinguishes the values of a package.
 */
export function processWide<T extends object>(
  { name, version }: typeof RELEASE,
  create: () => T,
  suffix = "",
): T {
  const key = Symbol.for(`${name} ${version.split(".", 1)[0]}${suffix}`);
  const known = (globalThis as { [key: symbol]: T | undefined })[key]; // no other package uses it
  if (known !== undefined) return known;
  const value = create();
  Object.defineProperty(globalThis, key, { value, configurable: true });
  return value;
}
