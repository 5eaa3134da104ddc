import { stringOf } from "@sortition/core/dialect-internal";
import { LEGACY_OPERATORS } from "../condition/legacy-operators.js";
import type { SdkRules } from "./sdk-rules.js";

/** The rules of `statsig-node`. */
export const LEGACY_RULES: SdkRules = {
  name: "legacy",
  appliesDisabled: false,
  mergesLayers: false,
  returnsLists: true,
  check() {},
  ownTypes: ["multi_pass_gate", "multi_fail_gate"],
  passed: () => true,
  failed: () => false,
  fieldOf(user, field) {
    const lower = field.toLowerCase();
    const sources = [user, user.custom, user.privateAttributes];
    for (const fields of sources) {
      const value = fields?.[field] ?? fields?.[lower];
      if (value !== undefined && value !== null) return value;
    }
    return user.privateAttributes?.[lower];
  },
  unitOf(user, idType) {
    if (typeof idType !== "string" || idType.toLowerCase() === "userid") return user.userID;
    const unit = user.customIDs?.[idType];
    return unit === undefined ? inAnyCase(user.customIDs, idType) : unit;
  },
  environmentOf(user, field, { fallback, own }) {
    const tier = own ?? fallback;
    return inAnyCase(tier === null ? user.statsigEnvironment : { tier }, field);
  },
  textOf: (unit) => stringOf(unit ?? ""),
  wordOf: (word) => stringOf(word).toLowerCase(),
  saltOf: stringOf, // "undefined" if it is missing
  timeFor: (_, nowMs) => nowMs,
  operators: LEGACY_OPERATORS,
};

function inAnyCase(
  object: Readonly<Record<string, unknown>> | null | undefined,
  name: string,
): unknown {
  const lower = name.toLowerCase();
  const found = Object.keys(object ?? {}).find((it) => it.toLowerCase() === lower);
  return found === undefined ? undefined : object?.[found];
}
