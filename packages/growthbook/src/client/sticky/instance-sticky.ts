import type { EvaluationCall } from "../../dialect/evaluation/evaluation-call.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import { guarded, type Reports } from "../../messages/reports.js";
import type { StickyAttributeKey } from "../../model/sticky.js";
import type { OptionsWithoutPlugins } from "../options.js";
import type { StickyBucketServiceSync } from "./service.js";

/** Sticky documents by `name||value`. */
export type StickyDocuments = Record<StickyAttributeKey, StickyAssignmentsDocument>;

/** The sticky documents of an instance, and the service that keeps them. */
export class InstanceSticky {
  /** `undefined`: none were given or loaded. */
  documents: StickyDocuments | undefined;
  readonly #service: OptionsWithoutPlugins["stickyBucketService"];
  readonly #changing: () => EvaluationCall;
  readonly #events: { readonly reports: Reports };
  #hasEnded = false;

  /** @param changing - returns the context that is to be changed. */
  constructor(
    options: OptionsWithoutPlugins,
    changing: () => EvaluationCall,
    events: { readonly reports: Reports },
  ) {
    this.#service = options.stickyBucketService;
    this.#changing = changing;
    this.#events = events;
    this.use(options.stickyBucketAssignmentDocs);
  }

  /** Uses these documents from now on. Without a service, they have no effect on evaluations. */
  use(documents: StickyDocuments | undefined): void {
    this.documents = documents || undefined; // a service may answer anything
    if (!this.#service || this.#hasEnded) return;
    this.#changing().sticky = { docs: documents ?? {}, save: (document) => this.#save(document) };
  }

  /** Lets the service store the documents. */
  store(): void {
    for (const document of Object.values(this.documents ?? {})) if (document) this.#save(document);
  }

  /** Loads the documents of attribute values. */
  async load(attributes: () => Record<string, string>): Promise<void> {
    const service = this.#service;
    if (!service) return;
    await guarded("sticky buckets not loaded", this.#events, async () =>
      this.use(await service.getAllAssignments(attributes())),
    );
  }

  end(): void {
    this.#hasEnded = true;
    this.#changing().sticky = null;
  }

  #save(document: StickyAssignmentsDocument): void {
    guarded("sticky bucket not saved", this.#events, () =>
      this.#service?.saveAssignments(document),
    );
  }
}

/** The documents of attribute values, from a service that answers at once. */
export function documentsAtOnce(
  service: StickyBucketServiceSync,
  attributes: () => Record<string, string>,
  reports: () => Reports,
): StickyDocuments | undefined {
  if ("getAllAssignmentsSync" in service) return service.getAllAssignmentsSync(attributes());
  reports().error("sticky buckets not loaded: the service does not answer at once");
  return undefined;
}
