import { isInPart } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type ClientOptions,
  type FeatureDefinition,
  GrowthBook,
  type GrowthBookClient,
  type UserContext,
  type UserScopedGrowthBook,
} from "../../src/index.js";
import { BOTH, type NamedSdk } from "./sdks.js";

beforeAll(() => {
  for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Evaluating `child` takes several steps after its first callback, so that results show which state it reads. */
const FEATURES: Record<string, FeatureDefinition> = {
  parent: { defaultValue: "d", rules: [{ key: "exp1", variations: ["a", "b"], weights: [0, 1] }] },
  second: { defaultValue: 1 },
  child: {
    defaultValue: "none",
    rules: [
      { parentConditions: [{ id: "parent", condition: { value: "never" } }], force: "by parent" },
      { condition: { plan: "free" }, force: "free" },
      {
        key: "exp2",
        variations: ["a", "b"],
        weights: [1, 0],
        fallbackAttribute: "device",
        meta: [
          { key: "0", passthrough: true },
          { key: "1", passthrough: true },
        ],
      },
      { parentConditions: [{ id: "second", condition: { value: 1 } }], force: "by second" },
    ],
  },
  /** Tracks an experiment and then evaluates `child`. */
  nested: {
    defaultValue: "none",
    rules: [
      {
        key: "exp0",
        variations: ["a", "b"],
        meta: [
          { key: "0", passthrough: true },
          { key: "1", passthrough: true },
        ],
      },
      { parentConditions: [{ id: "child", condition: { value: "by second" } }], force: "by child" },
    ],
  },
};
const OTHER: Record<string, FeatureDefinition> = {
  ...FEATURES,
  second: { defaultValue: 2 },
  extra: { defaultValue: true },
};
const AUTO = {
  key: "auto",
  variations: [{ css: "p {}" }, { css: "b {}" }] as [object, object],
  weights: [0, 1],
};
const URL_WITH_QUERY = "https://example.com/?exp2=1";

type Journal = unknown[];
type Note = (...facts: unknown[]) => void;

/** The vendor's SDK reads the callbacks in the options at each evaluation. */
function changeOptions(gb: GrowthBook, note: Note): void {
  Object.assign(gb.context, {
    trackingCallback: ({ key }: { key: string }) => note("tracked by the option", key),
    onFeatureUsage: (key: string) => note("used by the option", key),
    eventLogger: (name: string) => note("logged by the option", name),
  });
}

/** Calls that a callback may make on its instance. */
const CHANGES: Readonly<Record<string, (gb: GrowthBook, note: Note) => unknown>> = {
  nothing: () => {},
  setAttributes: (gb) => gb.setAttributes({ id: "u2", plan: "free" }),
  updateAttributes: (gb) => gb.updateAttributes({ plan: "free" }),
  setAttributeOverrides: (gb) => gb.setAttributeOverrides({ plan: "free" }),
  setForcedVariations: (gb) => gb.setForcedVariations({ exp2: 1 }),
  forceVariation: (gb) => gb.forceVariation("exp2", 1),
  "setForcedVariations, and forceVariation": (gb) => {
    void gb.setForcedVariations({ exp1: 0 });
    gb.forceVariation("exp2", 1);
  },
  "another change, and forceVariation": (gb) => {
    gb.setFeatureUsageCallback(() => {});
    gb.forceVariation("exp2", 1);
    gb.forceVariation("exp1", 0);
  },
  setForcedFeatures: (gb) => gb.setForcedFeatures(new Map([["second", 3]])),
  setURL: (gb) => gb.setURL(URL_WITH_QUERY),
  setFeatures: (gb) => gb.setFeatures(OTHER),
  setExperiments: (gb) => gb.setExperiments([AUTO]),
  setPayload: (gb) => gb.setPayload({ features: OTHER }),
  initSync: (gb) => gb.initSync({ payload: { features: OTHER, experiments: [AUTO] } }),
  setTrackingCallback: (gb, note) => {
    gb.setTrackingCallback((experiment, result, user) => {
      note("tracked by another", experiment.key, result.variationId, user);
    });
  },
  setFeatureUsageCallback: (gb, note) => {
    gb.setFeatureUsageCallback((key, { value }) => note("used by another", key, value));
  },
  setEventLogger: (gb, note) => {
    gb.setEventLogger((name, facts, user) => note("logged by another", name, facts, user));
  },
  options: changeOptions,
  "options, and setters": (gb, note) => {
    changeOptions(gb, note);
    gb.setEventLogger((name) => note("logged by another", name));
    gb.setFeatureUsageCallback((key) => note("used by another", key));
    gb.setTrackingCallback(({ key }) => note("tracked by another", key));
    gb.run({ key: "exp9", variations: [0, 1] });
  },
  "options, and an evaluation": (gb, note) => {
    changeOptions(gb, note);
    note(gb.evalFeature("child").value);
  },
  "options, and an event": (gb, note) => {
    changeOptions(gb, note);
    void gb.logEvent("bought");
    void gb.fireDeferredTrackingCalls();
  },
  subscribe: (gb, note) => {
    gb.subscribe(({ key }) => note("another subscriber", key));
    gb._subscribeFeatureUsage((key) => note("another plugin", key));
    gb._subscribeExperimentViewed(({ key }) => note("another viewer", key));
  },
  logs: (gb) => {
    gb.logs = [];
  },
  setDeferredTrackingCalls: (gb) => gb.setDeferredTrackingCalls([]),
  fireDeferredTrackingCalls: (gb) => gb.fireDeferredTrackingCalls(),
  destroy: (gb) => gb.destroy(),
  "destroy, and subscribe": (gb, note) => {
    gb.destroy();
    gb._subscribeFeatureUsage((key) => note("another plugin", key));
    gb._subscribeExperimentViewed(({ key }) => note("another viewer", key));
  },
  debug: (gb) => {
    gb.debug = true;
  },
  "an evaluation": (gb, note) => note(gb.evalFeature("child").value),
  "changes and evaluations": (gb, note) => {
    note(gb.evalFeature("child").value);
    void gb.setAttributes({ id: "u3", plan: "pro" });
    note(gb.evalFeature("child").value);
    void gb.setForcedVariations({ exp2: 1 });
    gb.setTrackingCallback(({ key }, _, user) => note("tracked by a third", key, user));
    note(gb.evalFeature("child").value, gb.getAttributes(), gb.getForcedVariations());
  },
};

/** The same calls, made in a callback of a nested evaluation. */
const CHANGES_INSIDE = Object.entries(CHANGES).map(
  ([name, change]): [string, (gb: GrowthBook, note: Note) => void] => [
    `${name}, in an evaluation in it,`,
    (gb, note) => {
      gb._subscribeExperimentViewed(({ key }) => {
        if (key === "exp0") void change(gb, note);
      });
      note(gb.evalFeature("nested").value);
    },
  ],
);

/** The callbacks that make the change. */
const PLACES = [
  ...["trackingCallback", "onFeatureUsage", "eventLogger", "subscribe", "saveAssignments", "log"],
  ...["_subscribeFeatureUsage", "_subscribeExperimentViewed"],
];

/** Options with and without the state that the vendor's instances share between evaluations. */
const SETTINGS: readonly object[] = [
  {},
  { forcedVariations: { other: 1 }, enableDevMode: true, experiments: [AUTO] },
];

async function play(
  { sdk }: NamedSdk,
  place: string,
  change: (gb: GrowthBook, note: Note) => unknown,
  settings: object,
): Promise<Journal> {
  const journal: Journal = [];
  const note: Note = (...facts) => void journal.push(structuredClone(facts));
  let isChanged = false;
  const at = (name: string): void => {
    if (name !== place || isChanged || !isReady) return;
    isChanged = true;
    void change(gb, note);
  };
  let isReady = false;
  const heard =
    (name: string, isNoted = true) =>
    (...facts: unknown[]): void => {
      if (isNoted) note(name, ...facts);
      at(name);
    };
  const service = {
    getAllAssignments: async () => ({}),
    saveAssignments: async (document: object) => heard("saveAssignments")(document),
  };
  const gb = new sdk.GrowthBook({
    ...structuredClone(settings),
    ...(place === "saveAssignments" ? { stickyBucketService: service as never } : {}),
    debug: place === "log",
    log: place === "log" ? heard("log", false) : (step: string) => note(step),
    attributes: { id: "u1", plan: "pro", device: "d1" },
    features: FEATURES,
    trackingCallback: heard("trackingCallback"),
    onFeatureUsage: heard("onFeatureUsage"),
    eventLogger: heard("eventLogger"),
  }) as GrowthBook;
  gb.subscribe(heard("subscribe"));
  gb._subscribeFeatureUsage(heard("_subscribeFeatureUsage"));
  gb._subscribeExperimentViewed(heard("_subscribeExperimentViewed"));
  await new Promise((resolve) => setImmediate(resolve));
  isReady = true;
  for (let i = 0; i < 3; i++) {
    note(gb.evalFeature("child"), gb.getAttributes(), gb.getFeatureValue("extra", "none"));
    await new Promise((resolve) => setImmediate(resolve));
  }
  note(gb.getForcedVariations(), gb.getUrl(), gb.getDeferredTrackingCalls(), gb.getAllResults());
  const entries = gb.logs.map((entry) => ({ ...entry, timestamp: "" }));
  note(isChanged, entries);
  gb.destroy();
  return journal;
}

describe.each(PLACES.map((place) => ({ place })))("in $place of an instance", ({ place }) => {
  it.each(
    [...Object.entries(CHANGES), ...CHANGES_INSIDE].filter((_, i) =>
      isInPart(i, PLACES.indexOf(place)),
    ),
  )("%s acts as the vendor's", async (_, change) => {
    for (const settings of SETTINGS) {
      const [theirs, ours] = await Promise.all(
        BOTH.map((named) => play(named, place, change, settings)),
      );
      expect(theirs?.at(-1)).toMatchObject([true, expect.anything()]);
      expect(ours).toEqual(theirs);
    }
  });
});

/** Calls that the tracking callback may make when it receives the first deferred call. */
const CHANGES_BY_DEFERRED: Readonly<Record<string, (gb: GrowthBook, note: Note) => unknown>> = {
  setTrackingCallback: CHANGES["setTrackingCallback"] as () => void,
  fireDeferredTrackingCalls: (gb) => gb.fireDeferredTrackingCalls(),
  "fireDeferredTrackingCalls twice": (gb) =>
    Promise.all([gb.fireDeferredTrackingCalls(), gb.fireDeferredTrackingCalls()]),
  options: changeOptions,
  "deferring others": (gb) =>
    gb.setDeferredTrackingCalls(gb.getDeferredTrackingCalls().slice(0, 1)),
  "an evaluation": (gb, note) => note(gb.getDeferredTrackingCalls().length, gb.isOn("child")),
  destroy: (gb) => gb.destroy(),
};

describe("in a callback for deferred calls", () => {
  it.each(Object.entries(CHANGES_BY_DEFERRED))("%s acts as the vendor's", async (_, change) => {
    const [theirs, ours] = BOTH.map(({ sdk }) => {
      const journal: Journal = [];
      const note: Note = (...facts) => void journal.push(structuredClone(facts));
      let calls = 0;
      const gb = new sdk.GrowthBook({ attributes: { id: "u1" }, features: FEATURES }) as GrowthBook;
      gb.evalFeature("child");
      gb.run({ key: "exp3", variations: [0, 1] });
      note(gb.getDeferredTrackingCalls().length);
      gb.setTrackingCallback(({ key }, _, user) => {
        note("tracked", key, user);
        if (++calls === 1) void change(gb, note);
      });
      note(gb.getDeferredTrackingCalls());
      gb.evalFeature("child");
      gb.destroy();
      return journal;
    });
    expect(ours).toEqual(theirs);
  });

  it("no call is lost if the callback removes itself", () => {
    const gb = new GrowthBook({ attributes: { id: "u1" }, features: FEATURES });
    gb.evalFeature("child");
    const calls = gb.getDeferredTrackingCalls();
    gb.setTrackingCallback(() => gb.setTrackingCallback(undefined as never));
    expect(calls.length).toBeGreaterThan(1);
    expect(gb.getDeferredTrackingCalls()).toEqual(calls);
  });
});

/** Calls that a callback may make on a client and its user. */
const CHANGES_OF_CLIENTS: Readonly<
  Record<
    string,
    (
      client: GrowthBookClient,
      scoped: UserScopedGrowthBook,
      note: Note,
      options: ClientOptions,
    ) => unknown
  >
> = {
  nothing: () => {},
  updateAttributes: (_, scoped) => scoped.updateAttributes({ plan: "free" }),
  setAttributeOverrides: (_, scoped) => scoped.setAttributeOverrides({ plan: "free" }),
  setForcedVariations: (_, scoped) => scoped.setForcedVariations({ exp2: 1 }),
  setForcedFeatures: (_, scoped) => scoped.setForcedFeatures(new Map([["second", 3]])),
  setURL: (_, scoped) => scoped.setURL(URL_WITH_QUERY),
  "user context": (_, scoped) =>
    Object.assign(scoped.getUserContext(), { attributes: undefined, url: undefined }),
  enabled: (_, scoped) => Object.assign(scoped.getUserContext(), { enabled: false }),
  qaMode: (_, scoped) => Object.assign(scoped.getUserContext(), { qaMode: true }),
  saveStickyBucketAssignmentDoc: (_, scoped, note) =>
    Object.assign(scoped.getUserContext(), {
      saveStickyBucketAssignmentDoc: async (document: object) => note("saved by another", document),
    }),
  stickyBucketAssignmentDocs: (_, scoped) =>
    Object.assign(scoped.getUserContext(), {
      stickyBucketAssignmentDocs: {
        "id||u1": { attributeName: "id", attributeValue: "u1", assignments: { exp2__0: "1" } },
      },
    }),
  setTrackingCallback: (client, scoped, note) => {
    client.setTrackingCallback(({ key }) => note("tracked by another", key));
    scoped.setTrackingCallback(({ key }) => note("the user's tracked by another", key));
  },
  setFeatureUsageCallback: (client, scoped, note) => {
    client.setFeatureUsageCallback((key) => note("used by another", key));
    scoped.setFeatureUsageCallback((key) => note("the user's used by another", key));
  },
  setEventLogger: (client, _, note) => {
    client.setEventLogger((name, facts) => note("logged by another", name, facts));
  },
  setGlobalAttributes: (client) => client.setGlobalAttributes({ plan: "free" }),
  debug: (client) => {
    client.debug = true;
  },
  "callbacks of the options": (_, _scoped, note, options) => {
    options.trackingCallback = ({ key }) => note("tracked by the option", key);
    options.onFeatureUsage = (key) => note("used by the option", key);
    options.eventLogger = (name) => note("logged by the option", name);
  },
  "settings of the options": (_, _scoped, _note, options) => {
    Object.assign(options, { enabled: false, qaMode: true, forcedVariations: { exp2: 1 } });
    options.globalAttributes = { plan: "free" };
  },
  setPayload: (client) => client.setPayload({ features: OTHER }),
  initSync: (client) => client.initSync({ payload: { features: OTHER } }),
  destroy: (client) => client.destroy(),
  "another instance of the user": (client, scoped, note) => {
    const another = client.createScopedInstance(scoped.getUserContext());
    note(another.evalFeature("child").value);
    another.updateAttributes({ plan: "free" });
  },
  "changes and evaluations": (_, scoped, note) => {
    note(scoped.evalFeature("child").value);
    scoped.updateAttributes({ id: "u3", plan: "pro" });
    void scoped.setForcedVariations({ exp2: 1 });
    note(scoped.evalFeature("child").value);
  },
};

/** After `destroy`, the vendor writes its debug log to the console, and we write to the option `log`. */
const isCompared = (place: string, name: string): boolean =>
  !(place === "log" && name === "destroy");

const PLACES_OF_CLIENTS = [
  ...["trackingCallback", "onFeatureUsage", "eventLogger", "the user's", "a subscriber"],
  ...["a subscriber of usage", "saveStickyBucketAssignmentDoc", "log"],
];

describe.each(PLACES_OF_CLIENTS.map((place, row) => ({ place, row })))(
  "in $place of a client",
  ({ place, row }) => {
    const changes = Object.entries(CHANGES_OF_CLIENTS).filter(
      ([name], column) => isCompared(place, name) && isInPart(row, column),
    );
    it.each(changes)("%s acts as the vendor's", async (_, change) => {
      for (const globalAttributes of [undefined, { plan: "pro" }]) {
        const play = async ({ sdk }: NamedSdk): Promise<Journal> => {
          const journal: Journal = [];
          const note: Note = (...facts) => void journal.push(structuredClone(facts));
          let isChanged = false;
          const heard =
            (name: string) =>
            (...facts: unknown[]): void => {
              note(name, ...facts);
              if (name !== place || isChanged) return;
              isChanged = true;
              void change(client, scoped, note, options);
            };
          const options: ClientOptions = {
            ...(globalAttributes === undefined ? {} : { globalAttributes }),
            debug: place === "log",
            log: (step: string) => heard("log")(step),
            trackingCallback: heard("trackingCallback"),
            onFeatureUsage: heard("onFeatureUsage"),
            eventLogger: heard("eventLogger"),
          };
          // The two types differ by our additions.
          const client = new sdk.GrowthBookClient(options as never).initSync({
            payload: { features: FEATURES },
          }) as GrowthBookClient;
          const user: UserContext = {
            attributes: { id: "u1", plan: "pro" },
            trackingCallback: heard("the user's"),
            featureUsageSubs: new Set([heard("a subscriber of usage")]),
          };
          if (place === "saveStickyBucketAssignmentDoc") {
            user.saveStickyBucketAssignmentDoc = async (document) => heard(place)(document);
          }
          const scoped = client.createScopedInstance(user);
          scoped._subscribeExperimentViewed(heard("a subscriber"));
          for (let i = 0; i < 3; i++) {
            note(scoped.evalFeature("child"));
            await null;
          }
          const { attributes, stickyBucketAssignmentDocs } = scoped.getUserContext();
          note(attributes, stickyBucketAssignmentDocs);
          note(isChanged);
          return journal;
        };
        const [theirs, ours] = await Promise.all(BOTH.map(play));
        expect(theirs?.at(-1)).toEqual([true]);
        expect(ours).toEqual(theirs);
      }
    });

    it("onFeatureUsage alone can change the user", () => {
      const [theirs, ours] = BOTH.map(({ sdk }) => {
        const client = new sdk.GrowthBookClient().initSync({ payload: { features: FEATURES } });
        const user: UserContext = { attributes: { id: "u1", plan: "pro" } };
        const scoped = client.createScopedInstance(user);
        user.featureUsageSubs = new Set([() => scoped.updateAttributes({ plan: "free" })]);
        return scoped.evalFeature("child").value;
      });
      expect([theirs, ours]).toEqual(["free", "free"]);
    });
  },
);
