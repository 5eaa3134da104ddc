import type { Random } from "@sortition/dialect-kit/differential";
import type { BeforeSendEvent, PostHog, PostHogOptions } from "../../src/index.js";

/** A call of a client, and its name. */
export interface Step {
  readonly name: string;
  run(client: PostHog): unknown;
}

export interface GeneratedSequence {
  readonly options: PostHogOptions;
  readonly steps: readonly Step[];
}

/** Names of all steps and options, for counting. */
export const STEP_NAMES: readonly string[] = [
  ...["capture", "personless", "groups", "identify", "alias", "group", "set", "unset"],
  ...["context", "fresh context", "entered context", "snapshot", "slice", "read", "flags of event"],
  ...["register", "unregister", "opt out and in", "immediate", "uuid and time"],
];
export const OPTION_NAMES: readonly string[] = [
  ...["none", "before_send", "before_send list", "before_send drops", "before_send throws"],
  ...["isServer", "disableGeoip", "historicalMigration", "personalApiKey", "small batches"],
];

const IDS: readonly string[] = ["alice", "bob", "ü", "user-1"];

function value(random: Random, depth = 0): unknown {
  return random.pick<() => unknown>([
    () => "text",
    () => "",
    () => random.integer(-5, 99),
    () => 1.5,
    () => true,
    () => null,
    () => undefined,
    () => new Date(86_400_000 * random.integer(0, 9)),
    () => (depth > 2 ? [] : [value(random, depth + 1), value(random, depth + 1)]),
    () => (depth > 2 ? {} : { inner: value(random, depth + 1) }),
  ])();
}

function properties(random: Random): Record<string, unknown> {
  const names = [
    "a",
    "b",
    "plan",
    "$session_id",
    "$feature/on",
    "$groups",
    "$lib",
    "$set",
    "$set_once",
  ];
  const chosen = names.filter(() => random.chance(0.2));
  return Object.fromEntries(chosen.map((name) => [name, value(random)]));
}

function step(random: Random): Step {
  const name = random.deal("step", STEP_NAMES);
  const distinctId = random.pick(IDS);
  const given = properties(random);
  const event = random.pick(["clicked", "$pageview", "$set", "$ai_generation"]);
  const disableGeoip = random.chance(0.5);
  const superValue = value(random);
  const uuid = random.pick(["01a1fa73-e699-7105-91c7-f8ce79aa27aa", "no uuid"]);
  const steps: Readonly<Record<string, (client: PostHog) => unknown>> = {
    capture: (it) => it.capture({ distinctId, event, properties: given, disableGeoip }),
    personless: (it) => it.capture({ event, properties: given }),
    groups: (it) =>
      it.capture({ distinctId, event, properties: given, groups: { company: "c", seat: 5 } }),
    identify: (it) => it.identify({ distinctId, properties: given }),
    alias: (it) => it.alias({ distinctId, alias: "other" }),
    group: (it) => it.groupIdentify({ groupType: "company", groupKey: "acme", properties: given }),
    set: (it) =>
      it.setPersonProperties({ distinctId, properties: given, propertiesOnce: { x: 1 } }),
    unset: (it) => it.unsetPersonProperties({ distinctId, properties: ["a", ""] }),
    context: (it) =>
      it.withContext({ distinctId: "context", sessionId: "s", properties: { tag: 1 } }, () =>
        it.withContext({ properties: { tag: 2, more: true } }, () =>
          it.capture({ event, properties: given }),
        ),
      ),
    "fresh context": (it) =>
      it.withContext({ distinctId: "outer", properties: { tag: 1 } }, () =>
        it.withContext({ properties: { own: 1 } }, () => it.capture({ event }), { fresh: true }),
      ),
    "entered context": (it) =>
      it.withContext({}, () => {
        it.enterContext({ distinctId: "entered", sessionId: "e" });
        it.capture({ event, properties: given });
      }),
    snapshot: async (it) => {
      const flags = await it.evaluateFlags(distinctId);
      it.capture({ distinctId, event, properties: given, flags });
    },
    slice: async (it) => {
      const flags = await it.evaluateFlags(distinctId);
      it.capture({ distinctId, event, flags: flags.only(["on", "variant"]) });
    },
    read: async (it) => {
      const flags = await it.evaluateFlags(distinctId, { groups: { company: "acme" } });
      flags.isEnabled("on");
      flags.getFlag("off");
      flags.getFlag("missing");
      it.capture({ distinctId, event, flags: flags.onlyAccessed() });
    },
    "flags of event": async (it) => {
      it.capture({ distinctId, event, sendFeatureFlags: true });
      // The order of events that request flags depends on the requests.
      await it.flush();
    },
    register: (it) => it.register({ super: superValue, plan: "super" }),
    unregister: (it) => it.unregister("plan"),
    "opt out and in": async (it) => {
      await it.optOut();
      it.capture({ distinctId, event: "not sent" });
      await Promise.resolve();
      await it.flush();
      await it.optIn();
    },
    immediate: (it) => it.captureImmediate({ distinctId, event, properties: given }),
    "uuid and time": (it) => it.capture({ distinctId, event, uuid, timestamp: new Date(0) }),
  };
  return { name, run: steps[name] as Step["run"] }; // there is one for each name
}

function hooked(kind: string): (event: BeforeSendEvent) => BeforeSendEvent | null {
  return (event) => {
    if (kind === "before_send throws" && event.event === "clicked") throw new Error("hook");
    if (kind === "before_send drops" && event.event === "$pageview") return null;
    return { ...event, properties: { ...event.properties, hooked: kind } };
  };
}

export function generateSequence(random: Random): GeneratedSequence & { readonly kind: string } {
  const kind = random.deal("options", OPTION_NAMES);
  const hook = hooked(kind) as NonNullable<PostHogOptions["beforeSend"]>;
  const options: Readonly<Record<string, PostHogOptions>> = {
    before_send: { before_send: hook },
    "before_send list": { before_send: [hook, hook].flat() },
    "before_send drops": { before_send: hook },
    "before_send throws": { before_send: hook },
    isServer: { isServer: false },
    disableGeoip: { disableGeoip: false },
    historicalMigration: { historicalMigration: true },
    personalApiKey: { personalApiKey: "phx_key" },
  };
  const steps = random.times(random.integer(2, 9), () => step(random));
  return { kind, steps, options: options[kind] ?? {} };
}
