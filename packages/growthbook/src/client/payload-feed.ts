import { checkInitOptions, MISSING_KEY } from "../messages/option-checks.js";
import { guarded, type Reports } from "../messages/reports.js";
import type { FeatureApiResponse } from "../model/payload.js";
import type { FetchResponse } from "../source/fetch-response.js";
import { prepareStream } from "../source/open-stream.js";
import type { PayloadUser, RemoteQuestion } from "../source/user.js";
import { decryptedPayload } from "./decrypted-payload.js";
import type {
  ClientOptionsWithoutPlugins,
  InitOptions,
  InitResponse,
  InitSyncOptions,
  OptionsWithoutPlugins,
  RefreshFeaturesOptions,
} from "./options.js";
import { markReceived } from "./received.js";
import {
  configureCache,
  leaveRepository,
  type RefreshOptions,
  refreshPayload,
  startBackgroundSync,
} from "./repository/repository.js";
import { SourceFollower } from "./source-follower.js";

/** The instance that receives the payloads. */
export interface FeedOwner extends Pick<PayloadUser, "getApiHosts" | "getClientKey" | "log"> {
  setPayload(payload: FeatureApiResponse): Promise<void>;
  isDestroyed(): boolean;
}

type FeedOptions = Pick<ClientOptionsWithoutPlugins, "decryptionKey" | "disableCache" | "source"> &
  Pick<OptionsWithoutPlugins, "backgroundSync">;

/** Loads an instance's payload, which the caller sets, or which comes from GrowthBook's API or a source. */
export class PayloadFeed implements PayloadUser {
  /** The payload as it was set. */
  payload: FeatureApiResponse | undefined;
  /** The payload with its encrypted parts decrypted. */
  decryptedPayload: FeatureApiResponse | undefined;
  /** Whether `init` was called. */
  hasBegun = false;
  /** When the payload was set, epoch ms. `null` if there is none. */
  setAtMs: number | null = null;
  mayStream = true;
  readonly remoteQuestion: () => RemoteQuestion | null;
  readonly #owner: FeedOwner;
  readonly #options: FeedOptions;
  readonly #reports: Reports;
  readonly #follower: SourceFollower | null = null;
  /** How often the instance was destroyed. A destroyed instance may be initialized again. */
  #ends = 0;

  /**
   * @param remoteQuestion - returns `null` if features are evaluated locally.
   * @throws OptionError for another vendor's source.
   */
  constructor(
    owner: FeedOwner,
    options: FeedOptions,
    reports: Reports,
    remoteQuestion: () => RemoteQuestion | null = () => null,
  ) {
    this.#owner = owner;
    this.#options = options;
    this.#reports = reports;
    this.remoteQuestion = remoteQuestion;
    const { source } = options;
    if (source === undefined) return;
    this.#follower = new SourceFollower(source, (payload) => this.#receive(payload), reports);
  }

  getApiHosts(): ReturnType<PayloadUser["getApiHosts"]> {
    return this.#owner.getApiHosts();
  }

  getClientKey(): string {
    return this.#owner.getClientKey();
  }

  log(message: string, facts: Record<string, unknown>): void {
    const reports = this.#reports;
    guarded("log failed", { reports }, () => this.#owner.log(message, facts));
  }

  warn(message: string): void {
    this.#reports.warn(message);
  }

  /** Stores a payload and decrypts its encrypted parts. */
  open(payload: FeatureApiResponse): Promise<FeatureApiResponse> {
    this.#keep(payload);
    return decryptedPayload(payload, this.#options.decryptionKey, this.#reports);
  }

  /** Stores a payload without encrypted parts. */
  openSync(payload: FeatureApiResponse): void {
    this.#keep(payload);
    this.decryptedPayload = payload;
  }

  /** Loads the first payload. Rejects only if there is no client key. */
  async init(given: InitOptions | undefined): Promise<InitResponse> {
    const options = given || {};
    checkInitOptions(options, this.#reports);
    this.hasBegun = true;
    if (options.cacheSettings) configureCache(options.cacheSettings);
    if (options.payload) {
      await this.#owner.setPayload(options.payload);
      this.sync(options);
      return { success: true, source: "init" };
    }
    if (this.#follower !== null) {
      const { data: _, ...outcome } = await this.#follower.ready(options.timeout);
      return outcome;
    }
    const { data, ...outcome } = await this.#request({ ...options, allowStale: true });
    const isDestroyed = this.#owner.isDestroyed();
    if (!isDestroyed) this.sync(options);
    if (data || !isDestroyed) await this.#receive(data || {});
    return outcome;
  }

  /** Follows changes according to the options of `init`. */
  sync(options: InitOptions | InitSyncOptions): void {
    startBackgroundSync(this, options, (payload) => {
      this.#receive(payload).catch((error: unknown) => {
        this.log("Error applying a payload", { error });
      });
    });
  }

  /** Requests the payload. */
  async refresh(options?: RefreshFeaturesOptions): Promise<void> {
    if (this.#follower !== null) return this.#follower.refresh();
    const { data } = await this.#request({ ...options, allowStale: false });
    if (data) await this.#receive(data);
  }

  /** Stops following changes. */
  end(): void {
    this.#follower?.end();
    this.mayStream = false;
    this.#ends += 1;
    leaveRepository(this);
  }

  /** Every received payload passes through this method. It calls the owner's method, which a subclass may override. */
  async #receive(payload: FeatureApiResponse): Promise<void> {
    await this.#owner.setPayload(markReceived(payload));
  }

  #keep(payload: FeatureApiResponse): void {
    this.payload = payload;
    this.setAtMs = Date.now();
  }

  async #request(options: RefreshOptions & Pick<InitOptions, "streaming">): Promise<FetchResponse> {
    if (!this.getClientKey()) throw new Error(MISSING_KEY);
    this.mayStream = options.streaming ?? this.#options.backgroundSync ?? true;
    if (options.streaming) prepareStream();
    const skipCache = options.skipCache || this.#options.disableCache;
    const ends = this.#ends;
    return refreshPayload(this, { ...options, skipCache, hasLeft: () => ends !== this.#ends });
  }
}

/** @throws Error for an encrypted payload, which cannot be decrypted synchronously. */
export function refuseEncrypted({
  encryptedExperiments,
  encryptedFeatures,
}: FeatureApiResponse): void {
  if (encryptedExperiments || encryptedFeatures) {
    throw new Error("initSync does not support encrypted payloads");
  }
}
