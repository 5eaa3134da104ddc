import {
  type Experiment,
  evaluateAutoExperiments,
  evaluateExperiment,
  evaluateFeature,
  type FeatureResult,
  type GrowthbookConfiguration,
  type GrowthbookUser,
  type Result,
  type StickyAssignmentsDocument,
  stickyAttributes,
} from "@sortition/growthbook/dialect";
import type { JsonObject } from "../../evaluate/request.js";
import type { CliAnswer } from "../dialect.js";
import type { GrowthbookRequest, RequestContext } from "./request.js";

/** Answers a request as a new instance of the vendor's SDK would. */
export function answer(
  configuration: GrowthbookConfiguration,
  request: GrowthbookRequest,
  hasEvents: boolean,
): CliAnswer {
  const events = new Events();
  const { context } = request;
  const base = userOf(context, hasEvents ? events : null);
  const { stickyBucketDocs } = context;
  try {
    const store =
      stickyBucketDocs === undefined
        ? null
        : new StickyStore(stickyBucketDocs, stickyAttributes(configuration, base));
    const user = store === null ? base : { ...base, sticky: store };
    evaluateAutoExperiments(configuration, user);
    const result =
      request.kind === "feature"
        ? evaluateFeature(configuration, request.feature, user)
        : evaluateExperiment(
            configuration,
            request.experiment as unknown as Experiment<unknown>, // the vendor accepts any object
            user,
          );
    return {
      kind: "result",
      fields: {
        result,
        ...(store === null ? {} : store.fields),
        ...(hasEvents ? events.fields : {}),
      },
    };
  } catch (error) {
    return { kind: "throws", error };
  }
}

function userOf(context: RequestContext, events: Events | null): GrowthbookUser {
  const { forcedFeatures, stickyBucketDocs: _, ...same } = context;
  return {
    ...same,
    ...(forcedFeatures === undefined ? {} : { forcedFeatures: new Map(forcedFeatures) }),
    ...(events === null ? {} : { onViewed: events.onViewed, onUsed: events.onUsed }),
  };
}

/** Collects the calls of the vendor's callbacks. Each instance of the SDK makes each call only once. */
class Events {
  readonly #tracking: object[] = [];
  readonly #usage: unknown[] = [];
  readonly #tracked = new Set<string>();
  readonly #used = new Map<string, string | undefined>();

  readonly onViewed = (experiment: Experiment<unknown>, result: Result<unknown>): void => {
    const { hashAttribute, hashValue, variationId } = result;
    // Quirk: the vendor joins the parts of the key without separators (growthbook).
    const key = `${hashAttribute}${hashValue}${experiment.key}${variationId}`;
    if (this.#tracked.has(key)) return;
    this.#tracked.add(key);
    this.#tracking.push({ experimentKey: experiment.key, result });
  };

  readonly onUsed = (featureKey: string, { source, value }: FeatureResult): void => {
    const json = JSON.stringify(value);
    if (this.#used.has(featureKey) && this.#used.get(featureKey) === json) return;
    this.#used.set(featureKey, json);
    this.#usage.push([featureKey, source, value]);
  };

  get fields(): JsonObject {
    return { tracking: this.#tracking, usage: this.#usage };
  }
}

/** A sticky bucket service with the documents of one request. */
class StickyStore {
  readonly docs: Record<string, StickyAssignmentsDocument> = {};
  readonly #saved: StickyAssignmentsDocument[] = [];

  /** @param attributes - the attributes that the payload hashes. Documents for other attributes are not loaded. */
  constructor(stored: readonly JsonObject[], attributes: ReadonlyMap<string, string>) {
    for (const doc of stored) {
      const { attributeName, attributeValue } = doc;
      if (attributes.get(attributeName as string) !== attributeValue) continue;
      this.docs[`${attributeName}||${attributeValue}`] =
        doc as unknown as StickyAssignmentsDocument; // checked
    }
  }

  save(doc: StickyAssignmentsDocument): void {
    this.#saved.push(doc);
  }

  get fields(): JsonObject {
    return { stickyBucketAssignmentDocs: this.docs, savedStickyBucketDocs: this.#saved };
  }
}
