import type { AssignmentEvent, Client, Dialect } from "@sortition/core";
import { logPlainExposure, readWithExposures } from "@sortition/core/internal";
import { edgeClient } from "@sortition/edge";
import { createClient } from "@sortition/node";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import { split, type TestFlags } from "../src/index.js";
import { flagServer } from "../src/server.js";
import { FORMATS } from "./formats.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A flag with a rule, and a split for all other subjects. */
function describeCheckout(
  flags: TestFlags,
  forced: "fast" | "standard" = "fast",
  key = "checkout",
): void {
  flags
    .string(key)
    .variations("fast", "standard")
    .when({ country: ["DK"] })
    .give(forced)
    .otherwise(split({ fast: 50, standard: 50 }));
}

function logged(flags: TestFlags): { client: Client; events: AssignmentEvent[] } {
  const events: AssignmentEvent[] = [];
  const assignmentLogger = { logAssignment: (event: AssignmentEvent) => void events.push(event) };
  return { client: flags.client({ assignmentLogger, diagnostics: SILENT }), events };
}

/** The events without time and id. */
function facts(events: readonly AssignmentEvent[]): readonly object[] {
  return events.map(({ messageId: _, timestamp: __, ...event }) => event);
}

/** A server whose requests evaluate flags. */
interface Host extends AsyncDisposable {
  /** Begins a request. */
  request(): Promise<Client>;
  /** Loads the configuration. */
  update(): Promise<void>;
}

const HOSTS: readonly { host: string; start(dialect: Dialect, url: string): Host }[] = [
  {
    host: "Node",
    start(dialect, baseUrl) {
      const options = { dialect, baseUrl, apiKey: "phs_key", assignmentLogger: null };
      const client = createClient({ ...options, pollIntervalMs: null, diagnostics: SILENT });
      return {
        request: async () => client,
        async update() {
          expect(await client.refresh()).toMatchObject({ outcome: "updated" });
        },
        [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
      };
    },
  },
  {
    host: "an edge platform",
    start(dialect, baseUrl) {
      let nowMs = 0;
      const clock = { monotonicMs: () => nowMs };
      const options = { dialect, baseUrl, apiKey: "phs_key", diagnostics: SILENT, clock };
      const isolate = edgeClient({ ...options, maxAgeMs: 1_000 });
      return {
        request: () => isolate.forRequest(),
        async update() {
          nowMs += 60_000;
          const work: Promise<unknown>[] = [];
          await isolate.forRequest({ waitUntil: (promise) => void work.push(promise) });
          await Promise.all(work);
        },
        async [Symbol.asyncDispose]() {},
      };
    },
  },
];

const KEYED = [
  ["on", true],
  ["off", false],
] as const;
const KEYLESS = [
  ["true", true],
  ["false", false],
] as const;

const formats = FORMATS.filter((_, i) => isInPart(i));

describe.each(formats)("a client of one subject, of $format", ({ create, format, readAs }) => {
  const checkout = readAs("checkout");

  it("returns the values and logs the events of plain getters, once for each subject and flag", () => {
    const flags = create();
    describeCheckout(flags);
    const [plain, read, show] = [logged(flags), logged(flags), logged(flags)];
    for (let i = 0; i < 1_000; i++) {
      const subjectKey = `user-${i % 100}`;
      const attributes = { country: i % 3 === 0 ? "DK" : "DE" };
      const value = plain.client.getStringAssignment(checkout, subjectKey, attributes, "none");
      const onRead = read.client.forSubject({ subjectKey, attributes });
      const onShow = show.client.forSubject({ subjectKey, attributes, exposures: "on-show" });
      for (const it of [onRead, onRead, onShow, onShow]) {
        expect(it.getStringAssignment(checkout, "none")).toBe(value);
      }
      onShow.exposed(checkout);
      onShow.exposed(checkout);
    }
    expect(plain.events.length).toBeGreaterThan(0);
    expect(facts(read.events)).toEqual(facts(plain.events));
    expect(facts(show.events)).toEqual(facts(plain.events));
    const { kept, shown } = show.client.status.counters.exposures;
    expect([kept > 0, shown]).toEqual([true, kept]);
  });

  it("hands exposures as JSON to another process, which logs what exposed would log", () => {
    const [flags, elsewhere] = [create(), create()];
    describeCheckout(flags);
    flags
      .integer("price")
      .variations(5, 7)
      .otherwise(split({ 5: 50, 7: 50 }));
    const [plain, kept] = [logged(flags), logged(flags)];
    const receiver = logged(elsewhere); // its configuration has no flags
    for (let i = 0; i < 100; i++) {
      const [subjectKey, attributes] = [`user-${i}`, { country: "DE", age: i }];
      const options = { subjectKey, attributes, exposures: "on-show" as const };
      const [shown, read] = [plain.client.forSubject(options), kept.client.forSubject(options)];
      for (const [flagKey, other] of [
        [checkout, "none"],
        [readAs("price"), 1],
      ] as const) {
        const { isDefault, isOverridden, unshown, value } = readWithExposures(read, flagKey, other);
        expect({ isDefault, isOverridden }).toEqual({ isDefault: false, isOverridden: false });
        expect(value).toBe(readWithExposures(shown, flagKey, other).value);
        expect(readWithExposures(read, flagKey, other).unshown).toEqual(unshown);
        shown.exposed(flagKey);
        for (const exposure of JSON.parse(JSON.stringify(unshown))) {
          const { messageId } = exposure;
          const { client } = receiver;
          expect(logPlainExposure(client, exposure)).toMatchObject({ logged: true, messageId });
          expect(logPlainExposure(client, exposure).reason).toBe("deduplicated");
        }
      }
    }
    expect(plain.events.length).toBeGreaterThan(100);
    expect(facts(receiver.events)).toEqual(facts(plain.events));
    expect(kept.events).toEqual([]);
  });

  it.each(HOSTS)(
    "keeps its values when the configuration changes during a request on $host",
    async ({ start }) => {
      const flags = create();
      const describeFlags = (forced: "fast" | "standard"): void => {
        describeCheckout(flags, forced);
        describeCheckout(flags, forced, "form");
      };
      describeFlags("fast");
      await using server = await flagServer({ flags });
      await using host = start(flags.dialect, server.url);
      await host.update();
      const keys = [checkout, readAs("form")];

      const client = await host.request();
      const attributes = { country: "DK" };
      const subject = client.forSubject({ subjectKey: "user-1", attributes });
      let resume = (): void => {};
      const handler = async (): Promise<unknown> => {
        const before = subject.getStringAssignment(checkout, "none");
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
        const after = keys.map((it) => subject.getStringAssignmentDetails(it, "none").value);
        return [before, ...after];
      };
      const open = handler();
      describeFlags("standard");
      attributes.country = "DE";
      await host.update();
      resume();
      expect(await open).toEqual(["fast", "fast", "fast"]);

      const next = await host.request();
      const later = next.forSubject({ subjectKey: "user-1", attributes: { country: "DK" } });
      const values = keys.map((it) => later.getStringAssignment(it, "none"));
      expect(values).toEqual(["standard", "standard"]);
    },
  );

  it("overrides a variation by its key or its value, and ignores what does not fit", () => {
    const flags = create();
    flags.boolean("new-ui").otherwise(true);
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast: 50, standard: 50 }));
    const warn = vi.fn();
    const client = flags.client({ diagnostics: { ...SILENT, warn } });
    const assigned = client.getStringAssignment(checkout, "user-1", {}, "none");
    const read = (override: string | { key: string; value: unknown }) =>
      client
        .forSubject({ subjectKey: "user-1", overrides: { [checkout]: override } })
        .getStringAssignmentDetails(checkout, "none");
    const options = { subjectKey: "user-1", overrides: { [checkout]: "fast" } };
    expect(readWithExposures(client.forSubject(options), checkout, "none")).toEqual({
      value: "fast",
      isDefault: false,
      isOverridden: true,
      unshown: [],
    });
    for (const key of ["fast", "standard"]) {
      expect(read(key)).toMatchObject({ value: key, variationKey: key, reason: "override" });
    }
    expect(read({ key: "own", value: "mine" })).toMatchObject({ value: "mine" });
    expect(client.status.counters.evaluations.ignoredOverride).toBe(0);
    for (const bad of ["absent", { key: "own", value: 42 }]) {
      expect(read(bad).value).toBe(assigned);
    }
    expect(client.status.counters.evaluations.ignoredOverride).toBe(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain("checkout");
  });

  it("overrides a boolean flag by its variation, which is true or false if it has no key", () => {
    const flags = create();
    flags.boolean("new-ui").otherwise(true);
    const client = flags.client();
    const isKeyless = ["GrowthBook", "LaunchDarkly", "PostHog", "Statsig"].includes(format);
    for (const [key, value] of isKeyless ? KEYLESS : KEYED) {
      const options = { subjectKey: "user-1", overrides: { "new-ui": key } };
      const { isOverridden, value: read } = readWithExposures(
        client.forSubject(options),
        "new-ui",
        !value,
      );
      expect([key, read, isOverridden]).toEqual([key, value, true]);
    }
    expect(client.status.counters.evaluations.ignoredOverride).toBe(0);
  });
});
