import type { Client, Diagnostics } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import type { Clock, ConfigurationOrigin } from "@sortition/core/internal";
import type { EventDispatcher } from "../events/event-dispatcher.js";
import type { EventRelay } from "../events/event-relay.js";
import type { Requester } from "../events/requester.js";
import type { TrackedEvents } from "../events/tracked-events.js";
import type { PollingRules } from "../source/pace.js";
import type { ReplaceableOrigin } from "../source/replaceable-origin.js";
import type { Fetching } from "../source/start.js";
import type { ISyncStore } from "./configuration/configuration-store.js";
import type { ConfigurationStores } from "./configuration/stored-configuration.js";
import type { Variation } from "./model/flag.js";
import type { OverrideHeader } from "./overrides/override-header.js";
import type { OriginRoute } from "./request-parameters.js";
import type { TakenValues } from "./taken-values.js";

/** The parts of a client. Copies with overrides share every part without user settings. */
export interface EppoClientParts {
  /** The native client without overrides. */
  readonly native: Client<EvaluationDetails>;
  readonly relay: EventRelay;
  readonly fetching: Fetching;
  readonly origin: ReplaceableOrigin;
  /** @throws OptionError for an invalid value. */
  readonly createOrigin: (route: OriginRoute) => ConfigurationOrigin;
  readonly overrideHeader: OverrideHeader;
  readonly diagnostics: Diagnostics;
  readonly taken: TakenValues;
  readonly pollJitterMs: number | undefined;
  readonly clock: Clock;
  readonly stores: ConfigurationStores;
  readonly requester: Requester;
  /** Delivers tracked events. `null` without `eventTracking`. */
  readonly trackedEvents: TrackedEvents | null;
  dispatcher: EventDispatcher;
}

/** The internals of a client. Its getters read them on each call. */
export interface ClientState {
  readonly parts: EppoClientParts;
  /** The native client with {@link overrides}. */
  native: Client<EvaluationDetails>;
  /**
   * The overrides of `withOverrides`. `null` if there are none, or an override store replaced them.
   */
  overrides: Readonly<Record<string, Variation>> | null;
  overrideStore: ISyncStore<Variation> | null;
  /** Whether getters throw errors. */
  isStrict: boolean;
  /** Where and when to fetch, starting with the next fetch. `null`: unchanged. `undefined`: nothing is fetched. */
  nextRequests:
    | { readonly rules: PollingRules; readonly origin: ConfigurationOrigin }
    | null
    | undefined;
}
