import { describe, expect, it } from "vitest";
import type { Surface } from "./surface.js";
import { unusedNames } from "./used-names.js";

/**
 * The vendor's public names, sorted. `Type.*` includes all members of a type that are not listed.
 */
export interface SurfaceLists {
  /** Available under the same name with the same behaviour. */
  readonly works: readonly string[];
  /** Available under the same or another name, with a description of the difference. */
  readonly differs: Readonly<Record<string, string>>;
  /** Not offered, with what to do instead. */
  readonly notThere: Readonly<Record<string, string>>;
  /** Public only by its declaration, and of no use to users. */
  readonly inner: readonly string[];
  /**
   * Places with a type that TypeScript does not accept and the reason, named as in the comparison.
   */
  readonly otherTypes?: Readonly<Record<string, string>>;
}

/** Mistakes in the lists of a surface. */
export interface SurfaceFindings {
  /** Names of the vendor that are in no list. */
  readonly unsorted: readonly string[];
  /** Listed names that the vendor does not have. */
  readonly unknown: readonly string[];
  /** Names in more than one list. */
  readonly repeated: readonly string[];
}

/** Compares the vendor's names with the lists. */
export function checkSurface(names: readonly string[], lists: SurfaceLists): SurfaceFindings {
  const listed = [
    ...lists.works,
    ...Object.keys(lists.differs),
    ...Object.keys(lists.notThere),
    ...lists.inner,
  ];
  const isCovered = isIn(listed);
  const isKnown = (entry: string): boolean =>
    entry.endsWith("*")
      ? names.some((name) => name.startsWith(entry.slice(0, -1)) && !listed.includes(name))
      : names.includes(entry);
  return {
    unsorted: names.filter((name) => !isCovered(name)),
    unknown: listed.filter((entry) => !isKnown(entry)),
    repeated: listed.filter((entry, index) => listed.indexOf(entry) !== index),
  };
}

/** Returns a function that checks whether a name is in a list, including entries like `Type.*`. */
function isIn(entries: readonly string[]): (name: string) => boolean {
  const exact = new Set(entries);
  const prefixes = entries.filter((it) => it.endsWith("*")).map((it) => it.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * Finds exports with a different type that are not listed, and listed ones that no longer differ.
 */
function checkTypes(surface: Surface, lists: SurfaceLists): readonly string[] {
  const { otherTypes = {} } = lists;
  const findings = surface.typeFindings(isIn([...Object.keys(lists.notThere), ...lists.inner]));
  const places = new Set(findings.map(({ place }) => place));
  return [
    ...findings
      .filter(({ place }) => !Object.hasOwn(otherTypes, place))
      .map(({ place, problem }) => `${place}: ${problem}`),
    ...Object.keys(otherTypes)
      .filter((place) => !places.has(place))
      .map((place) => `${place}: is listed, and has the vendor's type`),
  ];
}

/**
 * Declares tests that each public name of a vendor's SDK is in exactly one list, and that names
 * which work or differ have the vendor's type.
 *
 * @param program - path of a program that is compiled with both packages. It must use all of these
 * names.
 */
export function describeSurface(
  vendor: string,
  surface: Surface,
  lists: SurfaceLists,
  program?: string,
): void {
  describe(`the surface of ${vendor}`, () => {
    it("lists each name as working, different, not offered or internal", () => {
      const names = surface.vendorNames();
      const { works, differs, notThere, inner } = lists;
      process.stderr.write(
        `${vendor}: ${names.length} names; lists: ${works.length} work, ${Object.keys(differs).length} differ, ${Object.keys(notThere).length} are not offered, ${inner.length} are internal\n`,
      );
      expect(checkSurface(names, lists)).toEqual({ unsorted: [], unknown: [], repeated: [] });
    });

    it("has types with which programs for the vendor's SDK compile", () => {
      expect(checkTypes(surface, lists)).toEqual([]);
    });

    it.runIf(program !== undefined)("is completely used by a program", () => {
      const isElsewhere = isIn([...Object.keys(lists.notThere), ...lists.inner]);
      const names = surface.vendorNames().filter((name) => !isElsewhere(name));
      expect(unusedNames(names, program ?? "")).toEqual([]);
    });
  });
}
