import {
  type FlagCompiler,
  type PatternGuard,
  patternGuard,
  type ReportProblem,
} from "@sortition/core/dialect";
import { isObject } from "@sortition/core/dialect-internal";
import type { EvaluationCall, PropertyGroup } from "../evaluation/evaluation-call.js";
import { type CompiledFilter, compileFilter, reportFilter } from "./filter.js";
import {
  FALSE,
  isUnknown,
  joinUnknown,
  not,
  REQUIRES_SERVER,
  requiresServer,
  TRUE,
  type Tri,
  triOf,
} from "./tri.js";

interface GroupWire {
  readonly type?: unknown;
  readonly values?: unknown;
}

/** Creates the compiler. Create only one per dialect, so that unchanged cohorts can be adopted. */
export function createCohortCompiler(refuses: boolean): FlagCompiler<PropertyGroup> {
  return {
    compile: (source) =>
      compileGroup(source.raw, source.path, patternGuard(refuses, source), source.report),
    // A cohort that nests too deeply fails when it is tested.
    compileBroken(_id, { cause }) {
      const fail = (): never => {
        throw cause;
      };
      return { test: fail, isUnsupported: fail };
    },
  };
}

type Member = Pick<CompiledFilter, "test" | "isUnsupported">;

/** For filters that are never tested. */
const UNGUARDED: PatternGuard = () => null;

/**
 * Compiles a group of properties.
 *
 * @param wire - as received, any JSON value.
 * @see src/README.md, "Cohorts"
 */
function compileGroup(
  wire: unknown,
  path: string,
  guard: PatternGuard,
  report: ReportProblem,
): PropertyGroup {
  // An array has `values` too, which is a method.
  const { type, values } = (wire ?? {}) as GroupWire;
  const list = Array.isArray(values) ? values : [];
  const first: unknown = list[0];
  const isNested = isObject(first) && "values" in first;
  const members: Member[] = [];
  // A loop, because a function that uses `guard` would make the cohort retain the configuration that compiled it.
  for (const [i, value] of list.entries()) {
    members.push(compileMember(value, isNested, `${path}.values[${i}]`, guard, report));
  }
  // Each value decides separately whether it is unsupported, regardless of the kind of the first one.
  const isUnsupported: Member["isUnsupported"] = (definitions, cohorts) => {
    if (list !== values && values !== null && values !== undefined) return unusable(path);
    return list.some((value, i) => {
      const member =
        "values" in value === isNested
          ? members[i]
          : compileMember(value, !isNested, `${path}.values[${i}]`, UNGUARDED, () => {});
      return (member as Member).isUnsupported(definitions, cohorts); // members and list have the same length
    });
  };
  if (!wire || Object.keys(wire).length === 0) return { test: () => TRUE, isUnsupported };
  const isAnd = type === "AND" || type === "property";
  if (!isAnd && type !== "OR") return { test: () => REQUIRES_SERVER, isUnsupported };
  if (isEmpty(values)) return { test: () => triOf(isAnd), isUnsupported };
  if (!isObject(first)) return { test: () => unusable(path), isUnsupported };
  return { test: (call) => testMembers(members, isAnd, call), isUnsupported };
}

/** Tests members from left to right until one decides. Unknown members matter only if no other member decides. */
function testMembers(members: readonly Member[], isAnd: boolean, call: EvaluationCall): Tri {
  const deciding = isAnd ? FALSE : TRUE;
  let unknown = 0;
  for (const member of members) {
    const outcome = member.test(call);
    if (outcome === deciding) return outcome;
    if (!isUnknown(outcome)) continue;
    if (requiresServer(outcome)) return outcome;
    unknown = joinUnknown(unknown, outcome);
  }
  return unknown === 0 ? triOf(isAnd) : unknown;
}

function compileMember(
  value: unknown,
  isGroup: boolean,
  path: string,
  guard: PatternGuard,
  report: ReportProblem,
): Member {
  if (isGroup) return compileGroup(value, path, guard, report);
  reportFilter(value, path, report);
  if (value === null || value === undefined) {
    return { test: () => unusable(path), isUnsupported: () => unusable(path) };
  }
  const filter = compileFilter(value, path, guard);
  if (!(value as { readonly negation?: unknown }).negation) return filter;
  return { ...filter, test: (call) => not(filter.test(call)) };
}

/** Throws for a value that the vendor's code cannot read as a list of filters. The vendor throws when it is reached. */
function unusable(path: string): never {
  throw new TypeError(`${path}: expected a filter or a group`);
}

function isEmpty(values: unknown): boolean {
  return !values || (values as { readonly length?: unknown }).length === 0;
}
