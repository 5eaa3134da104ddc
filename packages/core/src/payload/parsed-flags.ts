import { isJsonObject, type JsonObject, unexpected } from "../conditions/decode.js";
import { withErrorBudget } from "../conditions/error-budget.js";
import { IssueList } from "./issue-list.js";
import { inObjectOrder } from "./object-order.js";
import type { FlagsDocument, FlagsPlace, RawFlags } from "./raw-flags.js";
import { hasSameValue } from "./same-value.js";

/** The flags of a payload that was parsed as a whole. */
class ParsedFlags implements RawFlags {
  readonly keys: ReadonlySet<string>;
  readonly strays: IssueList;
  readonly #flags: ReadonlyMap<string, unknown>;
  /** Created when a flag is first used, so that the first configuration is available earlier. */
  #numbers: ReadonlyMap<string, number> | null = null;

  constructor(flags: ReadonlyMap<string, unknown>, strays = new IssueList(null)) {
    this.strays = strays;
    this.keys = new Set(flags.keys());
    this.#flags = flags;
  }

  numberOf(key: string): number | undefined {
    this.#numbers ??= new Map([...this.keys].map((it, number) => [it, number]));
    return this.#numbers.get(key);
  }

  read(key: string): unknown {
    return this.#flags.get(key);
  }

  isSame(key: string, there: RawFlags): boolean {
    return hasSameValue(key, this, there);
  }
}

export function documentOf(root: unknown, place: FlagsPlace): FlagsDocument {
  const { member, shape } = place;
  const flags = member === null ? root : isJsonObject(root) ? ownMember(root, member) : undefined;
  if (shape === "map") {
    return {
      root,
      flags: isJsonObject(flags) ? new ParsedFlags(new Map(Object.entries(flags))) : null,
    };
  }
  if (!Array.isArray(flags)) return { root, flags: null };
  const path = member === null ? "$" : `$.${member}`;
  return { root, flags: withErrorBudget(path, () => listedFlags(flags, path, place)) };
}

function listedFlags(
  flags: readonly unknown[],
  path: string,
  { exists, keyMember = "" }: FlagsPlace,
): ParsedFlags {
  const byKey = new Map<string, unknown>();
  const strays = new IssueList(null);
  for (const [i, flag] of flags.entries()) {
    if (!isJsonObject(flag)) {
      strays.add(unexpected(`${path}[${i}]`, "an object", flag), "malformed");
      continue;
    }
    const key = ownMember(flag, keyMember);
    if (typeof key !== "string") {
      strays.add(unexpected(`${path}[${i}].${keyMember}`, "a string", key), "malformed");
    } else if (exists === undefined || !byKey.has(key) || exists(flag)) byKey.set(key, flag);
  }
  return new ParsedFlags(inObjectOrder(byKey), strays);
}

function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
