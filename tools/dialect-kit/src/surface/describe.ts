import { describe, expect, it } from "vitest";
import type { Surface } from "./surface.js";
import { unusedNames } from "./used-names.js";

/** The vendor's public names, sorted. `Type.*` stands for all members of a type that are not listed. */
export interface SurfaceLists {
  /** The same name with the same behaviour is here. */
  readonly works: readonly string[];
  /** Here under the same or another name, and how it differs. */
  readonly differs: Readonly<Record<string, string>>;
  /** Not offered, and what to do instead. */
  readonly notThere: Readonly<Record<string, string>>;
  /** Public by its declaration alone: users have no use for it. */
  readonly inner: readonly string[];
  /**
   * Places whose type is another one here, and why, as the comparison names them. `Type.*` stands for all
   * that begin so. A program that uses them may have to change.
   */
  readonly otherTypes?: Readonly<Record<string, string>>;
}

/** Finds what is wrong with the lists of a surface. */
export interface SurfaceFindings {
  /** The vendor's names that are in no list. */
  readonly unsorted: readonly string[];
  /** Listed names that the vendor does not have. */
  readonly unknown: readonly string[];
  /** Names in more than one list. */
  readonly repeated: readonly string[];
}

/** Compares a vendor's names with the lists. */
export function checkSurface(names: readonly string[], lists: SurfaceLists): SurfaceFindings {
  const listed = [
    ...lists.works,
    ...Object.keys(lists.differs),
    ...Object.keys(lists.notThere),
    ...lists.inner,
  ];
  const exact = new Set(listed);
  const wildcards = listed.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  const isCovered = (name: string): boolean =>
    exact.has(name) || wildcards.some((prefix) => name.startsWith(prefix));
  const isKnown = (entry: string): boolean =>
    entry.endsWith("*")
      ? names.some((name) => name.startsWith(entry.slice(0, -1)) && !exact.has(name))
      : names.includes(entry);
  return {
    unsorted: names.filter((name) => !isCovered(name)),
    unknown: listed.filter((entry) => !isKnown(entry)),
    repeated: listed.filter((entry, index) => listed.indexOf(entry) !== index),
  };
}

/** Tells whether a name is in a list, in which `Type.*` stands for all that begin so. */
function isIn(entries: readonly string[]): (name: string) => boolean {
  const exact = new Set(entries);
  const prefixes = entries.filter((it) => it.endsWith("*")).map((it) => it.slice(0, -1));
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** Finds the places of other types that are not in the lists, and the listed ones that are no longer. */
export function checkTypes(
  surface: Pick<Surface, "typeFindings">,
  lists: SurfaceLists,
): readonly string[] {
  const accepted = Object.keys(lists.otherTypes ?? {});
  const unused = new Set(accepted);
  const findings = surface.typeFindings({
    isLeftOut: isIn([...Object.keys(lists.notThere), ...lists.inner]),
    isAccepted: (place) => {
      const entry = accepted.find((it) => isIn([it])(place));
      if (entry !== undefined) unused.delete(entry);
      return entry !== undefined;
    },
  });
  return [
    ...findings.map(({ name, problem }) => `${name}: ${problem}`),
    ...[...unused].map((entry) => `${entry}: is listed, and has the vendor's type`),
  ];
}

/**
 * Declares the tests that each public name of a vendor's SDK is in exactly one list, and that what works or
 * differs has the vendor's type.
 *
 * @param program - path of a program that is compiled with both packages: it has to use all of these names.
 */
export function describeSurface(
  vendor: string,
  surface: Surface,
  lists: SurfaceLists,
  program?: string,
): void {
  describe(`the surface of ${vendor}`, () => {
    it("is sorted into what works, differs, is not there and is inner", () => {
      const names = surface.vendorNames();
      const { works, differs, notThere, inner } = lists;
      process.stderr.write(
        `${vendor}: ${names.length} names; lists: ${works.length} work, ${Object.keys(differs).length} differ, ${Object.keys(notThere).length} are not there, ${inner.length} inner\n`,
      );
      expect(checkSurface(names, lists)).toEqual({ unsorted: [], unknown: [], repeated: [] });
    });

    it("has types with which programs for the vendor's compile", () => {
      expect(checkTypes(surface, lists)).toEqual([]);
    });

    it.runIf(program !== undefined)("is used as a whole by a program", () => {
      const isElsewhere = isIn([...Object.keys(lists.notThere), ...lists.inner]);
      const names = surface.vendorNames().filter((name) => !isElsewhere(name));
      expect(unusedNames(names, program ?? "")).toEqual([]);
    });
  });
}
