import type * as Sdk from "../../src/index.js";
import type {
  EventLogger,
  Experiment,
  FeatureApiResponse,
  GrowthBook,
  GrowthBookClient,
  StickyAssignmentsDocument,
  StickyBucketServiceCompat,
  TrackingCallback,
  TrackingData,
  UserContext,
  UserScopedGrowthBook,
} from "../../src/index.js";
import { copied } from "../differential/outcome.js";
import type { Program, Step } from "./steps.js";

/** The results of a program's steps and the calls of its callbacks, in order. */
export type Journal = readonly unknown[];

/** Runs a program with one of the two packages. */
class Player {
  readonly journal: unknown[] = [];
  readonly #sdk: typeof Sdk;
  readonly #program: Program;
  readonly #client: GrowthBookClient;
  readonly #user: UserContext;
  #target: GrowthBook | UserScopedGrowthBook | null = null;
  #kept: TrackingData[] = [];
  #unsubscribe: (() => void)[] = [];

  constructor(sdk: typeof Sdk, program: Program) {
    this.#sdk = sdk;
    this.#program = program;
    const { attributes, globalAttributes, isDevMode, url } = program;
    this.#client = new sdk.GrowthBookClient({
      ...this.#logging(),
      ...program.settings,
      ...(globalAttributes === null ? {} : { globalAttributes }),
      ...(program.hasCallbacks ? { trackingCallback: this.#track("global") } : {}),
    });
    this.#user = { attributes, url, enableDevMode: isDevMode };
  }

  async start(): Promise<void> {
    if (this.#program.kind === "instance") return this.#makeInstance();
    await this.#client.setPayload(this.#payload(this.#program.payload));
    if (this.#program.isSticky) {
      Object.assign(this.#user, await this.#client.applyStickyBuckets(this.#user, this.#service));
    }
    if (this.#program.kind === "scoped")
      this.#target = this.#client.createScopedInstance(this.#user);
  }

  /** Executes one step and records its result. */
  async play(step: Step): Promise<void> {
    try {
      const result = this.#target === null ? this.#askClient(step) : this.#ask(this.#target, step);
      this.journal.push([step.do, copied(await result)]);
    } catch (error) {
      this.journal.push([step.do, "throws", error instanceof TypeError]);
    }
  }

  /** Records a call of a callback. */
  #note(...entry: unknown[]): void {
    this.journal.push(entry);
  }

  /** Records the final state. */
  async finish(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const target = this.#target;
    if (target instanceof this.#sdk.GrowthBook) {
      this.journal.push(["results", copied([...target.getAllResults()])]);
      this.journal.push(["deferred", copied(target.getDeferredTrackingCalls())]);
      this.journal.push(["attributes", copied(target.getAttributes()), target.getUrl()]);
      this.journal.push(["forced", target.getForcedVariations(), [...target.getForcedFeatures()]]);
      this.journal.push(["hosts", target.getApiHosts(), target.getApiInfo(), target.ready]);
      this.journal.push(["remote", target.isRemoteEval(), target.getCacheKeyAttributes()]);
      this.journal.push(["redirect", target.getRedirectUrl(), target.getCompletedChangeIds()]);
      this.journal.push(["sticky", copied(target.getStickyBucketAssignmentDocs())]);
    }
    if (target !== null) {
      this.journal.push(["logs", copied(target.logs.map(({ timestamp: _, ...log }) => log))]);
    }
    const { trackedExperiments, trackedFeatureUsage, stickyBucketAssignmentDocs } = this.#user;
    this.journal.push(["memory", [...(trackedExperiments ?? [])], copied(trackedFeatureUsage)]);
    this.journal.push(["user's sticky", copied(stickyBucketAssignmentDocs)]);
  }

  async #makeInstance(): Promise<void> {
    const { attributes, hasCallbacks, isDevMode, isObserved, isSticky, payload, settings, url } =
      this.#program;
    const gb = new this.#sdk.GrowthBook({
      ...this.#logging(),
      attributes,
      url,
      enableDevMode: isDevMode,
      ...structuredClone(settings), // the vendor's setters write to it
      navigate: (to: string) => void this.journal.push(["navigate", to]),
      renderer: () => this.#note("rendered", gb.ready, copied(gb.getAttributes())),
      ...(isSticky ? { stickyBucketService: this.#service as never } : {}),
      ...(hasCallbacks
        ? { trackingCallback: this.#track("own"), eventLogger: this.#eventLogger }
        : {}),
    });
    this.#target = gb;
    if (isObserved) this.#subscribe(gb);
    await gb.setPayload(this.#payload(payload));
  }

  #logging(): { debug?: boolean; log?: (message: string, facts: { error?: unknown }) => void } {
    if (!this.#program.isLogged) return {};
    return {
      debug: true,
      log: (message, { error, ...facts }) => {
        const target = this.#target;
        const isInstance = target instanceof this.#sdk.GrowthBook;
        const changed = isInstance ? target.getCompletedChangeIds() : null;
        // Error messages differ between the packages.
        this.journal.push(["log", message, copied(facts), error instanceof Error, changed]);
      },
    };
  }

  /** Each package gets its own copy, because the vendor's results share objects with the payload. */
  #payload(payload: object): FeatureApiResponse {
    return structuredClone(payload) as FeatureApiResponse;
  }

  readonly #documents = new Map<string, StickyAssignmentsDocument>();
  readonly #service: StickyBucketServiceCompat = {
    getAllAssignments: async (attributes) => {
      this.journal.push(["loads", attributes]);
      const keys = Object.entries(attributes).map(([name, value]) => `${name}||${value}`);
      const found = keys.flatMap((key) => this.#documents.get(key) ?? []);
      return structuredClone(
        Object.fromEntries(found.map((it) => [`${it.attributeName}||${it.attributeValue}`, it])),
      );
    },
    saveAssignments: async (document) => {
      this.journal.push(["saves", copied(document)]);
      const key = `${document.attributeName}||${document.attributeValue}`;
      this.#documents.set(key, structuredClone(document));
    },
  };

  #track(whose: string): TrackingCallback {
    return (experiment, result, user) => {
      this.#note("tracked", whose, copied([experiment, result, user]));
    };
  }

  readonly #eventLogger: EventLogger = (name, properties, user) => {
    this.#note("event", name, copied([properties, user]));
  };

  #askClient(step: Step): unknown {
    const [client, user] = [this.#client, this.#user];
    switch (step.do) {
      case "evalFeature":
        return client.evalFeature(step.key, user);
      case "isOn":
        return client.isOn(step.key, user);
      case "isOff":
        return client.isOff(step.key, user);
      case "getFeatureValue":
        return client.getFeatureValue(step.key, step.fallback, user);
      case "run":
        return client.runInlineExperiment(inline(step.experiment), user);
      case "setAttributes":
        return client.setGlobalAttributes(step.attributes);
      case "setPayload":
        return client.setPayload(this.#payload(step.payload));
      case "setTrackingCallback":
        return client.setTrackingCallback(this.#track("global"));
      case "setFeatureUsageCallback":
        return client.setFeatureUsageCallback((key, result, who) => {
          this.#note("used", key, copied([result, who]));
        });
      case "setEventLogger":
        return client.setEventLogger(this.#eventLogger);
      case "logEvent":
        return client.logEvent(step.name, { a: 1 }, user);
      case "destroy":
        // The vendor's destroyed client writes its debug log to the console.
        if (this.#program.isLogged) return null;
        client.destroy();
        return [client.isDestroyed(), client.getFeatures(), client.getClientKey()];
      default:
        return "not for a client";
    }
  }

  #ask(gb: GrowthBook | UserScopedGrowthBook, step: Step): unknown {
    switch (step.do) {
      case "evalFeature":
        return gb.evalFeature(step.key);
      case "isOn":
        return gb.isOn(step.key);
      case "isOff":
        return gb.isOff(step.key);
      case "getFeatureValue":
        return gb.getFeatureValue(step.key, step.fallback);
      case "updateAttributes":
      case "setAttributeOverrides":
        return gb[step.do](step.attributes);
      case "setForcedVariations":
        return gb.setForcedVariations({ ...step.variations });
      case "setForcedFeatures":
        return gb.setForcedFeatures(new Map(step.values));
      case "setURL":
        return gb.setURL(step.url);
      case "setTrackingCallback":
        return gb.setTrackingCallback(this.#track("own"));
      case "setFeatureUsageCallback":
        return gb.setFeatureUsageCallback((key, result) => {
          this.#note("used", key, copied(result));
        });
      case "subscribe":
        return this.#subscribe(gb);
      case "unsubscribe":
        for (const leave of this.#unsubscribe.splice(0)) leave();
        return null;
      case "logEvent":
        return gb.logEvent(step.name, { a: 1 });
      default:
        return gb instanceof this.#sdk.GrowthBook
          ? this.#askInstance(gb, step)
          : this.#askScoped(gb, step);
    }
  }

  #subscribe(gb: GrowthBook | UserScopedGrowthBook): void {
    const note =
      (name: string) =>
      (...call: unknown[]) =>
        this.#note(name, copied(call));
    this.#unsubscribe.push(gb._subscribeExperimentViewed(note("viewed")));
    if (!(gb instanceof this.#sdk.GrowthBook)) return;
    this.#unsubscribe.push(gb.subscribe(note("subscribed")));
    this.#unsubscribe.push(gb._subscribeFeatureUsage(note("usage")));
    this.#unsubscribe.push(gb._subscribeCustomEvents(note("custom")));
  }

  #askScoped(gb: UserScopedGrowthBook, step: Step): unknown {
    switch (step.do) {
      case "run":
        return gb.runInlineExperiment(inline(step.experiment));
      case "setPayload":
        return this.#client.setPayload(this.#payload(step.payload));
      case "setEventLogger":
        return this.#client.setEventLogger(this.#eventLogger);
      default:
        return "not for a scoped instance";
    }
  }

  #askInstance(gb: GrowthBook, step: Step): unknown {
    switch (step.do) {
      case "run":
        return gb.run(inline(step.experiment));
      case "setAttributes":
        return gb.setAttributes(step.attributes);
      case "forceVariation":
        return gb.forceVariation(step.key, step.variation);
      case "setPayload":
        return gb.setPayload(this.#payload(step.payload));
      case "setFeatures":
        return gb.setFeatures(structuredClone(step.features) as never);
      case "setExperiments":
        return gb.setExperiments(structuredClone(step.experiments) as never);
      case "triggerExperiment":
        return gb.triggerExperiment(step.key);
      case "triggerAutoExperiments":
        return gb.triggerAutoExperiments();
      case "setEventLogger":
        return gb.setEventLogger(this.#eventLogger);
      case "setRenderer":
        return gb.setRenderer(() => this.#note("rendered by another"));
      case "fireDeferredTrackingCalls":
        return gb.fireDeferredTrackingCalls();
      case "keepDeferred":
        this.#kept = [...this.#kept, ...gb.getDeferredTrackingCalls()];
        return this.#kept;
      case "refreshStickyBuckets":
        return gb.refreshStickyBuckets();
      case "new instance":
        return this.#replace(gb);
      case "destroy":
        return gb.destroy();
      default:
        return "not for an instance";
    }
  }

  /** Simulates a second request of the same user, which receives the results that the first one could not track. */
  async #replace(gb: GrowthBook): Promise<void> {
    gb.destroy();
    await this.#makeInstance();
    if (this.#target instanceof this.#sdk.GrowthBook) {
      this.#target.setDeferredTrackingCalls(this.#kept);
    }
  }
}

function inline(experiment: object): Experiment<unknown> {
  return structuredClone(experiment) as Experiment<unknown>;
}

/** Runs a program with one of the packages. */
export async function playProgram(sdk: typeof Sdk, program: Program): Promise<Journal> {
  const player = new Player(sdk, structuredClone(program));
  await player.start();
  for (const step of program.steps) await player.play(structuredClone(step));
  await player.finish();
  return player.journal;
}
