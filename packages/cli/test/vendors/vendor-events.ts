import { type ExperimentUser, LocalEvaluationClient } from "@amplitude/experiment-node-server";
import { getInstance, type IAssignmentEvent, init } from "@eppo/node-server-sdk";
import { GrowthBook } from "@growthbook/growthbook";
import { startTestServer } from "@sortition/test-kit";
import { PostHog } from "posthog-node";

/** The content of an exposure, independent of the vendor's names. */
export interface Exposure {
  readonly flag: string;
  /** The name of the experiment in the experiment table. */
  readonly experiment: string;
  readonly subject: string;
  readonly variation: string;
  /** `null` means that they were lost. */
  readonly attributes: Readonly<Record<string, string>> | null;
  readonly id: string;
  readonly timeMs: number;
  /** The event that the vendor's SDK wrote. */
  readonly event: Event;
}

type Event = Readonly<Record<string, unknown>>;

/** A flag, and the subject that it is evaluated for. */
export interface Question {
  readonly flag: string;
  readonly subject: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A running vendor SDK, which writes one event for each question. */
export interface OpenVendor {
  ask(question: Question): Promise<Event>;
  /** Reads the fields of an event of the SDK. */
  read(event: Event): Pick<Exposure, "flag" | "experiment" | "subject" | "variation">;
  close(): Promise<void>;
}

/** A vendor's SDK, and the format of the vendor's export. */
export interface Vendor {
  readonly name: string;
  readonly dialect: string;
  /** Whether rows of the export have attributes. */
  readonly hasAttributes: boolean;
  open(config: object): Promise<OpenVendor>;
  /** Converts an exposure to a row of the usual export. */
  exported(exposure: Exposure): object;
}

/** Collects the events of an SDK. Each question writes exactly one. */
class Taken {
  #events: Event[] = [];

  add(event: unknown): void {
    this.#events.push(event as Event);
  }

  take(): Event {
    const [event, ...others] = this.#events;
    this.#events = [];
    if (event === undefined || others.length > 0) throw new Error("expected one event");
    return event;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Eppo's assignments, sent with Segment's `analytics.track`. */
const eppo: Vendor = {
  name: "eppo",
  dialect: "eppo",
  hasAttributes: true,
  async open(config) {
    const taken = new Taken();
    await using server = await startTestServer({
      kind: "answer",
      body: JSON.stringify(config),
    });
    const assignmentLogger = { logAssignment: (event: IAssignmentEvent) => taken.add(event) };
    await init({ apiKey: "key", baseUrl: server.url, assignmentLogger });
    const client = getInstance();
    client.stopPolling();
    client.disableAssignmentCache();
    return {
      async ask({ attributes, flag, subject }) {
        client.getStringAssignment(flag, subject, { ...attributes }, "none");
        return taken.take();
      },
      read: ({ experiment, featureFlag, subject, variation }) => ({
        flag: `${featureFlag}`,
        experiment: `${experiment}`,
        subject: `${subject}`,
        variation: `${variation}`,
      }),
      close: async () => {},
    };
  },
  exported: ({ attributes, event, experiment, flag, id, subject, timeMs, variation }) => ({
    type: "track",
    event: "Eppo Assignment",
    userId: subject,
    messageId: id,
    timestamp: iso(timeMs),
    properties: {
      ...event,
      featureFlag: flag,
      experiment,
      variation,
      subjectAttributes: attributes ?? {},
      timestamp: iso(timeMs),
    },
  }),
};

/** GrowthBook's experiments, sent with Segment's `analytics.track` as in GrowthBook's documentation. */
const growthbook: Vendor = {
  name: "growthbook",
  dialect: "growthbook",
  hasAttributes: false,
  async open(payload) {
    return {
      async ask({ attributes, flag, subject }) {
        const taken = new Taken();
        const instance = new GrowthBook({
          attributes: { id: subject, ...attributes },
          trackingCallback: ({ key }, { hashAttribute, hashValue, key: variationId }) => {
            taken.add({ feature: flag, experimentId: key, variationId, hashAttribute, hashValue });
          },
        });
        instance.initSync({ payload });
        instance.evalFeature(flag);
        instance.destroy();
        return taken.take();
      },
      read: ({ experimentId, feature, hashValue, variationId }) => ({
        flag: `${feature}`,
        experiment: `${experimentId}`,
        subject: `${hashValue}`,
        variation: `${variationId}`,
      }),
      close: async () => {},
    };
  },
  exported({ event: { feature: _, ...properties }, experiment, id, subject, timeMs, variation }) {
    return {
      type: "track",
      event: "Experiment Viewed",
      userId: subject,
      messageId: id,
      timestamp: iso(timeMs),
      properties: { ...properties, experimentId: experiment, variationId: variation },
    };
  },
};

/** Members of Amplitude's client that are missing from its types. */
interface AmplitudeInner {
  readonly exposureService: AmplitudeService;
  readonly assignmentService: AmplitudeService;
}

interface AmplitudeService {
  readonly amplitude: { logEvent(event: object): void };
}

/** How the properties of an Amplitude event name a flag. */
interface AmplitudeProperties {
  /** Returns the SDK's properties with another flag and variation. */
  of(written: Event, flag: string, variation: string): Event;
  read(properties: Event): { readonly flag: string; readonly variation: string };
}

const FLAG_KEY = "[Experiment] Flag Key";
const VARIANT = "[Experiment] Variant";

const EXPOSURE: AmplitudeProperties = {
  of: (written, flag, variation) => ({ ...written, [FLAG_KEY]: flag, [VARIANT]: variation }),
  read: ({ [FLAG_KEY]: flag, [VARIANT]: variation }) => ({
    flag: `${flag}`,
    variation: `${variation}`,
  }),
};

const ASSIGNMENT: AmplitudeProperties = {
  of(written, flag, variation) {
    const names = Object.keys(written).filter((it) => !it.endsWith(".details"));
    const [name = "", ...others] = names;
    if (!name.endsWith(".variant") || others.length > 0) throw new Error("expected one flag");
    return { [`${flag}.variant`]: variation };
  },
  read(properties) {
    const [name = "", variation] = Object.entries(properties)[0] ?? [];
    return { flag: name.replace(/\.variant$/, ""), variation: `${variation}` };
  },
};

/** Amplitude's events, in the documented format of the Export API. */
function amplitude(name: string, properties: AmplitudeProperties): Vendor {
  return {
    name,
    dialect: "amplitude",
    hasAttributes: true,
    async open(config) {
      const taken = new Taken();
      const flags = config as readonly { readonly key: string }[];
      const tracking = { apiKey: "analytics" };
      const client = new LocalEvaluationClient("deployment", {
        bootstrap: Object.fromEntries(flags.map((flag) => [flag.key, flag])) as never, // generated flags fit the SDK's type
        ...(properties === EXPOSURE
          ? { exposureConfig: tracking }
          : { assignmentConfig: tracking }),
        loggerProvider: SILENT,
      });
      const inner = client as unknown as AmplitudeInner;
      const service = properties === EXPOSURE ? inner.exposureService : inner.assignmentService;
      service.amplitude.logEvent = (event) => taken.add(event);
      return {
        async ask({ attributes, flag, subject }) {
          const user: ExperimentUser = { user_id: subject, user_properties: { ...attributes } };
          client.evaluateV2(user, [flag], { tracksExposure: properties === EXPOSURE });
          // The client tracks the event asynchronously.
          await new Promise(setImmediate);
          return taken.take();
        },
        read({ event_properties: given, user_id: subject }) {
          const { flag, variation } = properties.read(given as Event);
          return { flag, variation, subject: `${subject}`, experiment: flag };
        },
        close: async () => client.stop(),
      };
    },
    exported: ({ attributes, event, flag, id, subject, timeMs, variation }) => ({
      $insert_id: id,
      user_id: subject,
      event_type: event["event_type"],
      event_time: iso(timeMs).replace("T", " ").replace("Z", "000"),
      event_properties: properties.of(event["event_properties"] as Event, flag, variation),
      user_properties: { ...attributes },
      groups: {},
    }),
  };
}

/** PostHog's `$feature_flag_called`, in the format of its batch exports. */
const posthog: Vendor = {
  name: "posthog",
  dialect: "posthog",
  hasAttributes: true,
  async open(definitions) {
    const taken = new Taken();
    const text = JSON.stringify(definitions);
    const client = new PostHog("phc_key", {
      personalApiKey: "phx_key",
      featureFlagsPollingInterval: null,
      strictLocalEvaluation: true,
      fetch: async (url) => new Response(url.includes("/definitions") ? text : "{}") as never, // the client uses only a part of Response
      before_send: (event) => {
        taken.add(event);
        return null;
      },
    });
    await client.reloadFeatureFlags();
    return {
      async ask({ attributes, flag, subject }) {
        await client.getFeatureFlag(flag, subject, { personProperties: { ...attributes } });
        await new Promise(setImmediate);
        return taken.take();
      },
      read({ distinctId, distinct_id = distinctId, properties }) {
        const { $feature_flag: flag, $feature_flag_response: variation } = properties as Event;
        const common = { subject: `${distinct_id}`, variation: `${variation}` };
        return { ...common, flag: `${flag}`, experiment: `${flag}` };
      },
      close: async () => await client.shutdown(),
    };
  },
  exported({ attributes, event, flag, id, subject, timeMs, variation }) {
    const properties = event["properties"] as Event;
    return {
      uuid: id,
      event: event["event"],
      distinct_id: subject,
      timestamp: iso(timeMs),
      properties: { ...properties, $feature_flag: flag, $feature_flag_response: variation },
      person_properties: attributes ?? {},
    };
  },
};

export const VENDORS: readonly Vendor[] = [
  eppo,
  growthbook,
  amplitude("amplitude, exposures", EXPOSURE),
  amplitude("amplitude, assignments", ASSIGNMENT),
  posthog,
];
