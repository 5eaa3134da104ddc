import { flattened } from "../../conditions/bandit-subject.js";
import { md5Hex } from "../../hash/md5.js";
import { hasLoneSurrogate } from "../../hash/utf8.js";
import type { ScalarAttributes } from "../../model/attributes.js";
import type { BanditActions } from "../../model/bandit.js";
import type { BanditChoice } from "../../model/exposure.js";
import type { PrecomputeRequest } from "../../model/precompute.js";
import type { Scope } from "../../model/scope.js";
import { contextual } from "../bandit/attributes.js";
import type { UfcConfiguration } from "../configuration.js";
import type { UfcFlag } from "../flag.js";
import { encodeBase64 } from "../obfuscation/base64.js";
import { type Match, UfcTrace } from "../trace.js";

/** The match of a flag for the subject, with the value as a string. */
interface PrecomputedFlag extends Match {
  readonly variationType: unknown;
  readonly variationKey: string;
  readonly value: string;
}

/**
 * Evaluates all flags and the requested bandits for one subject, and returns the results in the vendor's configuration
 * format, with members in the vendor's order.
 *
 * A flag or bandit that fails is omitted. In the vendor's SDK, it fails the whole call.
 */
export function precompute(
  configuration: UfcConfiguration | null,
  request: PrecomputeRequest,
): string {
  const { subjectKey, banditActions, salt } = request;
  const subjectAttributes = contextual(request.subject);
  const flags = configuration === null ? [] : precomputeFlags(configuration, request);
  const valueByFlag = new Map(flags.map(([flagKey, { value }]) => [flagKey, value]));
  const bandits = Object.entries(banditActions).flatMap(([flagKey, actions]) => {
    const value = valueByFlag.get(flagKey);
    if (configuration === null || value === undefined) return [];
    const choice = chooseAction(configuration, request, flagKey, value, actions);
    return choice === null ? [] : [[md5Hex(salt + flagKey), encodeChoice(choice)] as const];
  });
  const response = {
    subjectKey,
    subjectAttributes,
    // As received, because the vendor's SDK also repeats members other than the name.
    environment: configuration?.parts.body.root["environment"] ?? { name: "" },
    format: "PRECOMPUTED",
    createdAt: new Date(request.nowMs).toISOString(),
    obfuscated: true,
    salt,
    bandits: Object.fromEntries(bandits),
    flags: Object.fromEntries(
      flags.map(([flagKey, flag]) => {
        const hash = md5Hex(salt + flagKey);
        return [hash, encodeFlag(hash, flag)];
      }),
    ),
  };
  return JSON.stringify({
    precomputed: { response: JSON.stringify(response), subjectKey, subjectAttributes },
    version: 1,
  });
}

function precomputeFlags(
  configuration: UfcConfiguration,
  { subjectKey, subject, nowMs }: PrecomputeRequest,
): readonly (readonly [string, PrecomputedFlag])[] {
  const asked = { key: subjectKey, attributes: flattened(subject) };
  const scope: Scope = {
    nowMs: () => nowMs,
    configuration,
    trace: null,
    expectedType: null,
    memo: () => new Map(),
    expose: () => {},
    hashedBy: () => {},
    extras: null,
  };
  return [...configuration.flagKeys].flatMap((flagKey) => {
    const flag = configuration.flag(flagKey);
    if (flag === null) return [];
    const trace = new UfcTrace();
    try {
      flag.evaluate(asked, { ...scope, trace });
    } catch {
      // The trace knows whether a split matched. The value can be converted to a string even if it cannot be returned.
    }
    const given = trace.match === null ? null : readMatch(flag, trace.match);
    // A key with a lone surrogate cannot be hashed, so it could never be found.
    return given === null || hasLoneSurrogate(flagKey) ? [] : [[flagKey, given] as const];
  });
}

/** Quirk: an allocation without a key assigns nothing here, and types are not checked (eppo). */
function readMatch({ variationType }: UfcFlag, match: Match): PrecomputedFlag | null {
  const { variation } = match.split;
  if (variation === null || match.allocation.key === "") return null;
  try {
    const value = (variation.value as object).toString();
    return { ...match, variationType, variationKey: variation.key, value };
  } catch {
    return null; // `null` cannot be converted
  }
}

function chooseAction(
  configuration: UfcConfiguration,
  { subjectKey, subject }: PrecomputeRequest,
  flagKey: string,
  value: string,
  actions: BanditActions,
): BanditChoice | null {
  try {
    return (
      configuration.bandits.behind(flagKey, value)?.choose(flagKey, subjectKey, subject, actions) ??
      null
    );
  } catch {
    return null;
  }
}

function encodeFlag(hash: string, flag: PrecomputedFlag): object {
  const { allocation, split, variationType, variationKey, value } = flag;
  return {
    flagKey: hash,
    variationType,
    extraLogging: encodeMembers(split.extraLogging),
    doLog: allocation.doLog,
    allocationKey: encodeBase64(allocation.key),
    variationKey: encodeBase64(variationKey),
    variationValue: encodeBase64(value),
  };
}

function encodeChoice(choice: BanditChoice): object {
  return {
    banditKey: encodeBase64(choice.banditKey),
    action: encodeBase64(choice.action),
    actionProbability: choice.actionProbability,
    optimalityGap: choice.optimalityGap,
    modelVersion: encodeBase64(choice.modelVersion),
    actionNumericAttributes: encodeMembers(choice.actionNumericAttributes),
    actionCategoricalAttributes: encodeMembers(choice.actionCategoricalAttributes),
  };
}

function encodeMembers(members: ScalarAttributes): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      encodeBase64(name),
      encodeBase64(String(value)),
    ]),
  );
}
