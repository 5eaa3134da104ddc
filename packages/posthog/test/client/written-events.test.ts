import type { Diagnostics } from "@sortition/core";
import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Scope } from "../../src/context/scope.js";
import { captureCall } from "../../src/events/capture-call.js";
import { EventBuilder } from "../../src/events/event-builder.js";
import type { EventMessage } from "../../src/events/messages.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const NOW_MS = Date.parse("2026-03-01T10:00:00.123Z");
const UUID = "01890a5d-ac96-774b-bcce-b302099a8057";

const VALUES: readonly unknown[] = [
  ...["text", "", 'a "quoted" é', 0, -1.5, true, null, undefined, Number.NaN, 10n],
  ...[[1, undefined, "a"], { nested: { deep: [] } }, new Date(NOW_MS), () => 1, Symbol("s")],
];
const NAMES = ["plan", "$lib", "$current_url", "$geoip_disable", "é", "toJSON", "a b", "$groups"];
const EVENTS = ["order placed", "", 'with "quotes"', "$pageview", "$set"];

function messages(count: number): readonly EventMessage[] {
  const random = seededRandom(20_260_301);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: count }, () => ({
    event: pick(EVENTS),
    distinctId: pick(["alice", "bob", "", undefined]),
    uuid: UUID,
    properties: Object.fromEntries(
      Array.from({ length: Math.floor(random() * 5) }, () => [pick(NAMES), pick(VALUES)]),
    ),
    timestamp: pick([undefined, new Date(0), "2026-01-01T00:00:00.123456Z", "no date"]),
    // Untyped callers: the vendor only checks whether the value is truthy.
    disableGeoip: pick([undefined, true, false, null, 0, "", "false"]) as boolean | undefined,
    groups: random() < 0.2 ? { company: "acme" } : undefined,
  }));
}

describe("an event that is written directly", () => {
  it("equals the JSON of the event that is built step by step", () => {
    const scope = new Scope(null, { isFresh: true }, { sessionId: "session" }, { tag: "a" });
    let [written, built] = [0, 0];
    const odd = { disableGeoip: "yes" as never };
    for (const options of [{}, { isServer: false, disableGeoip: false }, odd]) {
      const builder = new EventBuilder(options, SILENT);
      for (const [i, message] of messages(3_000).entries()) {
        const call = captureCall(message, i % 5 === 0 ? scope : null, {
          hasContext: true,
          nowMs: NOW_MS,
        });
        const text = builder.write(call);
        if (text === null) built += 1;
        else {
          written += 1;
          const prepared = builder.prepare(call);
          expect(text).toBe(prepared && JSON.stringify(builder.finish(call, prepared)));
        }
      }
    }
    expect(Math.min(written, built)).toBeGreaterThan(500);
  });

  it.each([
    { because: "a hook may change it", options: { before_send: [() => null] } },
    { because: "properties were registered", registered: { plan: "team" } },
  ])("is not written directly if $because", ({ options = {}, registered = {} }) => {
    const builder = new EventBuilder(options, SILENT);
    Object.assign(builder.superProperties, registered);
    const message = { event: "searched", distinctId: "alice" };
    const call = captureCall(message, null, { hasContext: true, nowMs: NOW_MS });
    expect(builder.write(call)).toBeNull();
  });
});
