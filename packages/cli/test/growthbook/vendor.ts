import {
  type Experiment,
  GrowthBook,
  type Options,
  type StickyAssignmentsDocument,
  StickyBucketService,
} from "@growthbook/growthbook";

/** A request of the command, as JSON. */
export interface VendorRequest {
  readonly feature?: string;
  readonly experiment?: object;
  readonly context?: {
    readonly forcedFeatures?: readonly (readonly [string, unknown])[];
    readonly stickyBucketDocs?: readonly StickyAssignmentsDocument[];
    readonly savedGroups?: object;
    readonly [option: string]: unknown;
  };
}

/** A service that keeps documents in memory and records what is saved. */
class Store extends StickyBucketService {
  readonly saved: StickyAssignmentsDocument[] = [];
  readonly #docs = new Map<string, StickyAssignmentsDocument>();

  constructor(docs: readonly StickyAssignmentsDocument[]) {
    super();
    for (const doc of docs) this.#docs.set(this.getKey(doc.attributeName, doc.attributeValue), doc);
  }

  async getAssignments(name: string, value: string): Promise<StickyAssignmentsDocument | null> {
    return this.#docs.get(this.getKey(name, value)) ?? null;
  }

  async saveAssignments(doc: StickyAssignmentsDocument): Promise<void> {
    this.saved.push(doc);
  }
}

/** Returns the expected result, which a new instance of the vendor's SDK computes. */
export async function askVendor(payload: object, request: VendorRequest): Promise<object> {
  const { context = {}, experiment, feature } = request;
  const { forcedFeatures, stickyBucketDocs, ...options } = context;
  const tracking: object[] = [];
  const usage: unknown[] = [];
  const store = stickyBucketDocs === undefined ? null : new Store(stickyBucketDocs);
  const instance = new GrowthBook({
    ...(options as Options),
    ...(forcedFeatures === undefined ? {} : { forcedFeatureValues: new Map(forcedFeatures) }),
    ...(store === null ? {} : { stickyBucketService: store }),
    trackingCallback: ({ key }, result) => {
      tracking.push({ experimentKey: key, result });
    },
    onFeatureUsage: (key, { source, value }) => {
      usage.push([key, source, value]);
    },
  });
  try {
    await instance.init({ payload });
    const result =
      feature === undefined
        ? instance.run(experiment as Experiment<unknown>)
        : instance.evalFeature(feature);
    const sticky =
      store === null
        ? {}
        : {
            stickyBucketAssignmentDocs: instance.getStickyBucketAssignmentDocs(),
            savedStickyBucketDocs: store.saved,
          };
    return { result, ...sticky, tracking, usage };
  } catch (error) {
    return { throws: error instanceof TypeError ? "TypeError" : "Error" };
  } finally {
    instance.destroy();
  }
}
