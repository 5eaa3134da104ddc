import { isJsonObject, type JsonObject, patternGuard } from "@sortition/core/dialect";
import { OptionError } from "@sortition/core/internal";
import type { EnvironmentConfig } from "../config/config.js";
import type { AnswerSet } from "./answers.js";
import type { Fleet } from "./sources.js";

/** The body of a GrowthBook SDK's request for remote evaluation. */
export interface GrowthbookEvaluationRequest {
  readonly attributes: JsonObject;
  readonly forcedVariations: Readonly<Record<string, number>>;
  readonly forcedFeatures: readonly (readonly [key: string, value: unknown])[];
  readonly url: string;
}

type EvaluateFeatures = typeof import("@growthbook/proxy-eval").evaluateFeatures;
type StickyService = NonNullable<Parameters<EvaluateFeatures>[0]["stickyBucketService"]> | null;
type StickyBuckets = ReturnType<Fleet["stickyBuckets"]>;

/** A payload without risky patterns. */
interface SafePayload {
  readonly payload: JsonObject;
  /** Number of features and experiments that were left out. */
  readonly leftOut: number;
}

/** GrowthBook's remote evaluation, which uses the code of the vendor's own proxy. */
export class GrowthbookEvaluator {
  readonly #evaluateFeatures: EvaluateFeatures;
  #sticky: StickyBuckets | null = null;
  #safe: (SafePayload & { readonly of: AnswerSet }) | null = null;

  constructor(evaluateFeatures: EvaluateFeatures) {
    this.#evaluateFeatures = evaluateFeatures;
  }

  /** Number of features and experiments that are not evaluated, because the vendor's code would run their risky patterns. */
  get leftOut(): number {
    return this.#safe?.leftOut ?? 0;
  }

  /** Keeps sticky buckets in Redis from now on. */
  useFleet(fleet: Fleet): void {
    this.#sticky = fleet.stickyBuckets();
  }

  /**
   * Evaluates all features. Resolves to the response that the SDK expects, or to `null` if the relay cannot read the payload's
   * features.
   */
  async evaluate(answers: AnswerSet, request: GrowthbookEvaluationRequest): Promise<object | null> {
    const { payload } = this.#safePayload(answers);
    if (!isJsonObject(payload["features"])) return null;
    const { savedGroups, ...answer } = await this.#evaluateFeatures({
      payload,
      attributes: request.attributes,
      forcedVariations: request.forcedVariations,
      forcedFeatures: new Map(request.forcedFeatures),
      url: request.url,
      stickyBucketService: this.#sticky as StickyService, // it lacks only `connect`, which is not called
    });
    // Members of saved groups are part of the rules, so they are not sent.
    return answer;
  }

  /** Saves pending sticky buckets. */
  async close(): Promise<void> {
    await this.#sticky?.close();
  }

  #safePayload(answers: AnswerSet): SafePayload {
    if (this.#safe?.of === answers) return this.#safe;
    const bytes = answers.parts.get("flags")?.bytes ?? new Uint8Array();
    // The configuration was compiled from these bytes.
    const payload = JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonObject;
    this.#safe = { of: answers, ...withoutRiskyPatterns(payload) };
    return this.#safe;
  }
}

/** Creates the remote evaluation of an environment if one of its tokens is for it, otherwise returns `null`. */
export async function openGrowthbookEvaluator({
  path,
  tokens,
}: EnvironmentConfig): Promise<GrowthbookEvaluator | null> {
  const index = tokens.findIndex(({ remoteEval }) => remoteEval);
  if (index < 0) return null;
  try {
    return new GrowthbookEvaluator((await import("@growthbook/proxy-eval")).evaluateFeatures);
  } catch {
    const place = `${path}.tokens[${index}].remoteEval`;
    throw new OptionError(place, "needs the package @growthbook/proxy-eval: install it");
  }
}

const isSafe = patternGuard(true, { report() {}, later() {} });

/** Removes the features and experiments that have a pattern which `refuseRiskyPatterns` rejects. */
function withoutRiskyPatterns(payload: JsonObject): SafePayload {
  const { experiments, features } = payload;
  let leftOut = 0;
  const isKept = (it: unknown): boolean => {
    const isRisky = hasRiskyPattern(it);
    if (isRisky) leftOut += 1;
    return !isRisky;
  };
  const kept: Record<string, unknown> = { ...payload };
  if (isJsonObject(features)) {
    kept["features"] = Object.fromEntries(Object.entries(features).filter(([, it]) => isKept(it)));
  }
  if (Array.isArray(experiments)) kept["experiments"] = experiments.filter(isKept);
  return { payload: kept, leftOut };
}

const PATTERN_OPERATORS: ReadonlySet<string> = new Set([
  "$regex",
  "$regexi",
  "$notRegex",
  "$notRegexi",
]);

/** Whether a condition or a URL target in this JSON has a risky pattern. */
function hasRiskyPattern(json: unknown): boolean {
  const left = [json];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) left.push(...value);
    else if (isJsonObject(value)) {
      for (const [name, member] of Object.entries(value)) {
        const isPattern =
          PATTERN_OPERATORS.has(name) || (name === "pattern" && value["type"] === "regex");
        if (isPattern && typeof member === "string" && isRisky(member)) return true;
        left.push(member);
      }
    }
  }
  return false;
}

function isRisky(pattern: string): boolean {
  try {
    return isSafe(new RegExp(pattern), "") === null;
  } catch {
    return false; // an invalid pattern never matches
  }
}
