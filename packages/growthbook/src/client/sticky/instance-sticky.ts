import type { EvaluationCall } from "../../dialect/evaluation/evaluation-call.js";
import type { StickyAssignmentsDocument } from "../../dialect/wire.js";
import { guarded, type Reports } from "../../messages/reports.js";
import type { StickyAttributeKey } from "../../model/sticky.js";
import type { OptionsWithoutPlugins } from "../options.js";
import type { StickyBucketServiceSync } from "./service.js";

/** Sticky documents by `name||value`. */
export type StickyDocuments = Record<StickyAttributeKey, StickyAssignmentsDocument>;

/** The sticky documents of an instance, and the service that stores them. */
export class InstanceSticky {
  /** `undefined` if none were passed or loaded. */
  documents: StickyDocuments | undefined;
  readonly #service: OptionsWithoutPlugins["stickyBucketService"];
  readonly #changing: () => EvaluationCall;
  readonly #events: { readonly reports: Reports };
  #hasEnded = false;

  /** @param changing - returns the context to change. */
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

  /** Replaces the documents. Without a service, they do not affect evaluations. */
  use(documents: StickyDocuments | undefined): void {
    this.documents = documents || undefined; // a custom service may return any value
    if (!this.#service || this.#hasEnded) return;
    this.#changing().sticky = { docs: documents ?? {}, save: (document) => this.#save(document) };
  }

  /** Stores the documents in the service. */
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

/** Returns the documents of attribute values from a synchronous service. */
export function documentsAtOnce(
  service: StickyBucketServiceSync,
  attributes: () => Record<string, string>,
  reports: () => Reports,
): StickyDocuments | undefined {
  if ("getAllAssignmentsSync" in service) return service.getAllAssignmentsSync(attributes());
  reports().error("sticky buckets not loaded: the service has no getAllAssignmentsSync");
  return undefined;
}
