import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { parse } from "yaml";

type Members = Readonly<Record<string, unknown>>;

/** One evaluation of the vendor's data. */
export interface Case {
  readonly name: string;
  readonly flagKey: string;
  readonly context: unknown;
  readonly valueType?: string;
  readonly default?: unknown;
  readonly expect: Members;
}

/** A file of the vendor's data, with one combination of its parameters. */
export interface CaseGroup {
  readonly name: string;
  readonly sdkData: Readonly<Record<"flags" | "segments", Record<string, Members>>>;
  readonly evaluations: readonly Case[];
}

const folder = conformanceFolder("launchdarkly");

/** Whether the data exists on this machine. */
export const hasData: boolean = folder !== null;

/** Reads all files. */
export function readGroups(): readonly CaseGroup[] {
  const path = join(folder ?? "", "launchdarkly");
  return readdirSync(path)
    .filter((name) => name.endsWith(".yml"))
    .flatMap((name) => groupsOf(parse(readFileSync(join(path, name), "utf8"), { merge: true })));
}

function groupsOf({ constants = {}, parameters = [], ...content }: Members): readonly CaseGroup[] {
  return combinations(parameters as readonly unknown[]).map((values) => {
    const group = replaced(content, { ...(constants as Members), ...values }) as CaseGroup;
    return { ...group, sdkData: { ...group.sdkData, segments: completed(group.sdkData.segments) } };
  });
}

/** The vendor's harness decodes segments and writes them again, so a rule without clauses gets an empty list. */
function completed(segments: CaseGroup["sdkData"]["segments"] = {}): typeof segments {
  const complete = ({ rules = [], ...segment }: Members) => ({
    ...segment,
    rules: (rules as readonly Members[]).map((rule) => ({ clauses: [], ...rule })),
  });
  return Object.fromEntries(Object.entries(segments).map(([key, it]) => [key, complete(it)]));
}

/** A list of lists is their product. */
function combinations(parameters: readonly unknown[]): readonly Members[] {
  if (parameters.length === 0) return [{}];
  const lists = parameters.every(Array.isArray) ? parameters : [parameters];
  return (lists as readonly (readonly Members[])[]).reduce<readonly Members[]>(
    (all, list) => all.flatMap((first) => list.map((second) => ({ ...first, ...second }))),
    [{}],
  );
}

/** Replaces `<NAME>`, also in constants and in keys. */
function replaced(value: unknown, constants: Members): unknown {
  if (typeof value === "string") {
    const name = /^<(\w+)>$/.exec(value)?.[1];
    if (name !== undefined && Object.hasOwn(constants, name)) {
      return replaced(constants[name], constants);
    }
    return value.replace(/<(\w+)>/g, (text, inner: string) => {
      return Object.hasOwn(constants, inner) ? String(constants[inner]) : text;
    });
  }
  if (Array.isArray(value)) return value.map((it) => replaced(it, constants));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, it]) => {
    return [replaced(key, constants), replaced(it, constants)];
  });
  return Object.fromEntries(entries);
}
