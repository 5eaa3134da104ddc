import { type ContextSubject, isJsonObject } from "@sortition/core/dialect";

type Members = Readonly<Record<string, unknown>>;

const USER = "user";

/** Types of the members that LaunchDarkly gives a meaning. */
const BUILT_IN: Readonly<Record<string, string>> = { name: "string", anonymous: "boolean" };
/** Members that are not attributes. */
const RESERVED: readonly string[] = ["targetingKey", "key", "kind"];

/**
 * Returns the subject of an evaluation context as LaunchDarkly's own provider reads it. Values that it cannot read are
 * left out, such as a context of several that is not an object.
 *
 * @param members - the members of the context, as plain JSON.
 * @param defaultKey - the key if a single context has none.
 */
export function openFeatureSubject(members: Members, defaultKey: string | null): ContextSubject {
  const leftOut: string[] = [];
  const { kind = "user", targetingKey: _, ...others } = members;
  const isMulti = kind === "multi";
  const contexts = isMulti
    ? contextsOf(others, leftOut)
    : { [USER]: contextOf(members, leftOut, defaultKey) };
  const named = contexts[USER] ?? Object.values(contexts)[0];
  const key = named?.["key"];
  return {
    key: typeof key === "string" && key !== "" ? key : null,
    attributes: {
      ...(members["kind"] !== undefined && { kind }),
      ...others,
    } as ContextSubject["attributes"], // plain JSON
    leftOut,
    extras: {
      context: isMulti
        ? { kind, ...contexts }
        : { ...contexts[USER], kind: typeof kind === "string" ? kind : USER },
    },
  };
}

function contextsOf(members: Members, leftOut: string[]): Readonly<Record<string, Members>> {
  const contexts = Object.entries(members).flatMap(([kind, context]) => {
    if (isJsonObject(context)) return [[kind, contextOf(context, leftOut)] as const];
    leftOut.push(kind);
    return [];
  });
  return Object.fromEntries(contexts);
}

function contextOf(members: Members, leftOut: string[], defaultKey: string | null = null): Members {
  const given = members["targetingKey"] ?? members["key"] ?? null;
  const key = given === null || given === "" ? (defaultKey ?? given) : given;
  const own = Object.entries(members).filter(([name, value]) => {
    const type = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
    if (RESERVED.includes(name) || name === "privateAttributes") return false;
    if (type === undefined || typeof value === type) return true;
    leftOut.push(name);
    return false;
  });
  const { privateAttributes } = members;
  const meta = privateAttributes === undefined ? {} : { _meta: { privateAttributes } };
  return { ...Object.fromEntries(own), ...meta, key };
}
