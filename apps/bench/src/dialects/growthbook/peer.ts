import { GrowthBook, GrowthBookClient } from "@growthbook/growthbook";
import {
  type ClientOptions,
  Configuration,
  createClient,
  type Diagnostics,
} from "@sortition/core/client";
import {
  GrowthBook as OurGrowthBook,
  GrowthBookClient as OurGrowthBookClient,
} from "@sortition/growthbook";
import { growthbook } from "@sortition/growthbook/dialect";

/** Attributes beside the id. */
export type Attributes = Readonly<Record<string, string>>;

/** Evaluates a feature for a subject. */
export type Ask = (feature: string, subject: string, attributes: Attributes) => unknown;

/** A client that polls a server. */
export interface Follower {
  readonly ask: Ask;
  /** Asks the server, and serves its answer. */
  refresh(): Promise<unknown>;
}

/** An SDK with its defaults, but without output. */
export interface Peer {
  readonly name: string;
  /** Does what a refresh does once the bytes are received. */
  load(bytes: Uint8Array): Promise<Ask>;
  /** With a callback for each exposure. Results that were seen before are not reported again. */
  loadWithLogger(bytes: Uint8Array, subjects: readonly string[], onView: () => void): Promise<Ask>;
  /** @param decryptionKey - of a payload that is encrypted. */
  follow(baseUrl: string, decryptionKey?: string): Promise<Follower>;
  /** One instance for a request: made, asked and destroyed. `null`: has none. */
  readonly serveRequest: ((features: object, feature: string, subject: string) => boolean) | null;
}

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
/** Returned where a feature has no value. */
const NOTHING = "nothing";

type Native = ReturnType<typeof createClient>;

/** A client that serves these features. */
export function nativeClient(
  bytes: Uint8Array,
  options: Pick<ClientOptions, "assignmentLogger"> = {},
): Native {
  const dialect = growthbook();
  const initialConfiguration = Configuration.from({ dialect, payloads: { flags: bytes } });
  return createClient({ dialect, initialConfiguration, diagnostics: SILENT, ...options });
}

function nativeAsk(client: Native): Ask {
  return (feature, subject, attributes) =>
    client.getStringAssignment(feature, subject, attributes, NOTHING);
}

/** Our client with GrowthBook's dialect. */
export const sortition: Peer = {
  name: "sortition",
  load: async (bytes) => nativeAsk(nativeClient(bytes)),
  loadWithLogger: async (bytes, _, onView) =>
    nativeAsk(nativeClient(bytes, { assignmentLogger: { logAssignment: onView } })),
  async follow(baseUrl, decryptionKey) {
    const { init } = await import("@sortition/node");
    const client = await init({
      dialect: growthbook(decryptionKey === undefined ? {} : { decryptionKey }),
      apiKey: "bench",
      baseUrl,
      pollIntervalMs: 86_400_000, // polls happen by `refresh` alone
      diagnostics: SILENT,
    });
    return {
      ask: (feature, subject, attributes) =>
        client.getStringAssignment(feature, subject, attributes, NOTHING),
      refresh: () => client.refresh({ timeoutMs: 60_000 }),
    };
  },
  serveRequest: null,
};

/** Our facade: GrowthBook's classes over our evaluator. */
export const facade: Peer = vendorPeer("@sortition/growthbook", {
  GrowthBook: OurGrowthBook as unknown as typeof GrowthBook, // the same surface
  GrowthBookClient: OurGrowthBookClient as unknown as typeof GrowthBookClient,
});

/** The vendor's SDK. */
export const vendor: Peer = vendorPeer("@growthbook/growthbook", { GrowthBook, GrowthBookClient });

interface Classes {
  readonly GrowthBook: typeof GrowthBook;
  readonly GrowthBookClient: typeof GrowthBookClient;
}

function vendorPeer(name: string, classes: Classes): Peer {
  const payloadOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
  return {
    name,
    async load(bytes) {
      const client = new classes.GrowthBookClient().initSync({ payload: payloadOf(bytes) });
      return (feature, id, attributes) =>
        client.getFeatureValue(feature, NOTHING, { attributes: { ...attributes, id } });
    },
    async loadWithLogger(bytes, subjects, onView) {
      const options = { trackingCallback: onView };
      const client = new classes.GrowthBookClient(options).initSync({ payload: payloadOf(bytes) });
      const scoped = new Map(
        subjects.map((id) => [id, client.createScopedInstance({ attributes: { id } })]),
      );
      return (feature, id) => scoped.get(id)?.getFeatureValue(feature, NOTHING);
    },
    async follow(apiHost, decryptionKey) {
      const key = decryptionKey === undefined ? {} : { decryptionKey };
      const client = new classes.GrowthBookClient({ apiHost, clientKey: "bench", ...key });
      await client.init({ streaming: false });
      return {
        ask: (feature, id, attributes) =>
          client.getFeatureValue(feature, NOTHING, { attributes: { ...attributes, id } }),
        refresh: () => client.refreshFeatures({ skipCache: true }),
      };
    },
    serveRequest(features, feature, id) {
      const instance = new classes.GrowthBook({ features: features as never, attributes: { id } });
      const isOn = instance.isOn(feature);
      instance.destroy();
      return isOn;
    },
  };
}
