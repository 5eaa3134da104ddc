import { stringOf } from "@sortition/core/dialect-internal";
import { CORE_OPERATORS } from "../condition/core-operators.js";
import { coreText } from "../condition/core-values.js";
import { checkMembers } from "../core-members.js";
import type { SdkRules } from "./sdk-rules.js";

/** Fields of a user by their lower-case names. They come before custom fields. */
const OWN: Readonly<Record<string, string>> = {
  ...{ userid: "userID", email: "email", ip: "ip", country: "country", locale: "locale" },
  ...{ appversion: "appVersion", useragent: "userAgent" },
};
/** Further names of fields, which come after custom fields. */
const ALSO: Readonly<Record<string, string>> = {
  ...{ user_id: "userID", app_version: "appVersion", user_agent: "userAgent" },
};

/** Quirk: other operators do not see the time (statsig, core). */
const TIMES: readonly unknown[] = ["before", "after", "on"];

/** The rules of `@statsig/statsig-node-core`. */
export const CORE_RULES: SdkRules = {
  name: "core",
  appliesDisabled: true,
  mergesLayers: true,
  returnsLists: false,
  check: checkMembers,
  ownTypes: ["experiment_group"],
  passed: (returnValue) => returnValue !== false,
  failed: (defaultValue) => defaultValue === true,
  fieldOf(user, field) {
    const lower = field.toLowerCase();
    const own = member(user, member(OWN, lower) as string | undefined);
    if (coreText(own)) return own;
    for (const fields of [user.custom, user.privateAttributes]) {
      for (const name of [field, lower]) {
        const value = member(fields, name);
        if (value !== undefined) return value;
      }
    }
    return member(user, member(ALSO, lower) as string | undefined);
  },
  unitOf(user, idType) {
    const name = stringOf(idType);
    if (name.toLowerCase() === "userid") return user.userID;
    return member(user.customIDs, name) ?? member(user.customIDs, name.toLowerCase());
  },
  environmentOf(user, field, { fallback, own }) {
    const value = member(user.statsigEnvironment, field);
    if (value !== undefined) return value;
    const tier = own ?? fallback;
    return tier !== null && field.toLowerCase() === "tier" ? tier : undefined;
  },
  textOf: (unit) => coreText(unit) ?? "",
  wordOf: stringOf,
  saltOf: (salt) => stringOf(salt ?? ""),
  timeFor: (operator, nowMs) => (TIMES.includes(operator) ? nowMs : undefined),
  operators: CORE_OPERATORS,
};

function member<T>(
  object: Readonly<Record<string, T>> | null | undefined,
  name: string | undefined,
): T | undefined {
  return object && name !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}
