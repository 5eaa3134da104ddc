import { init, type LDClient } from "@launchdarkly/node-server-sdk";
import { createClient } from "@sortition/node";
import { seededRandom } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklySource } from "../../src/source.js";
import { StreamServer } from "./server.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const FLAGS = ["a", "b", "c"];
const SEGMENTS = ["s", "t"];

/** Compares our client with the vendor's on one stream, after each change. */
export function describeBesideTheVendor(changes: number): void {
  describe("the stream, with the vendor's client beside ours", () => {
    const server = new StreamServer();
    const random = seededRandom(91);
    let ours: ReturnType<typeof connect>;
    let vendor: LDClient;

    beforeAll(async () => {
      for (const key of FLAGS) server.content.flags[key] = flag(key, 10, 0);
      for (const key of SEGMENTS) server.content.segments[key] = segment(key, 10, true);
      const address = await server.start();
      ours = connect(address);
      vendor = init("sdk-key", {
        ...{ baseUri: address, streamUri: address, eventsUri: address, sendEvents: false },
        ...{ diagnosticOptOut: true, logger: SILENT, streamInitialReconnectDelay: 0.05 },
      });
      await vendor.waitForInitialization({ timeout: 20 });
      await ours.waitForInitialization();
    });

    afterAll(async () => {
      vendor.close();
      await ours.close();
      server.close();
    });

    it(`has equal values after each of ${changes} changes, some of them late, and after cuts`, async () => {
      const sequence = { at: 100 };
      for (let i = 0; i < changes; i++) {
        // Rare, because the vendor's client waits twice as long after each cut.
        if (i % 150 === 40) server.cut();
        const haveStreams = () => expect(server.streamCount).toBe(2);
        await vi.waitFor(haveStreams, { timeout: 20_000, interval: 5 });
        change(server, random, sequence);
        // The last change counts, so its value shows that both have received those before it.
        sequence.at += 1;
        const mark = { ...flag("mark", sequence.at, 0), rules: [], variations: [`change ${i}`] };
        server.content.flags["mark"] = mark;
        server.send("patch", { path: "/flags/mark", data: mark });
        const haveMark = async () => {
          expect(await vendor.variation("mark", { key: "bob" }, "")).toBe(`change ${i}`);
          expect(ours.getStringAssignment("mark", "bob", {}, "")).toBe(`change ${i}`);
        };
        await vi.waitFor(haveMark, { timeout: 20_000, interval: 2 });
        for (const key of FLAGS) {
          const theirs = await vendor.variation(key, { key: "bob" }, "none");
          expect(ours.getStringAssignment(key, "bob", {}, "none")).toBe(theirs);
        }
      }
    });
  });
}

function connect(address: string) {
  return createClient({
    dialect: launchdarkly(),
    source: launchdarklySource({ sdkKey: "sdk-key", baseUri: address }),
    assignmentLogger: null,
    diagnostics: SILENT,
  });
}

/** Sends a change of a flag or a segment, which may be older than the current one. */
function change(server: StreamServer, random: () => number, sequence: { at: number }): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T; // not empty
  sequence.at += 1;
  const isLate = random() < 0.3;
  const version = isLate ? sequence.at - 1 - Math.floor(random() * 90) : sequence.at;
  const kind = random() < 0.7 ? "flags" : "segments";
  const key = pick(kind === "flags" ? FLAGS : SEGMENTS);
  const path = `/${kind}/${key}`;
  const known = server.content[kind][key] as { readonly version: number } | undefined;
  const isNewer = known === undefined || known.version < version;
  if (random() < 0.2) {
    server.send("delete", { path, version });
    // A new stream contains a deleted item in this form.
    if (isNewer) server.content[kind][key] = { key, version, deleted: true };
    return;
  }
  const data =
    kind === "flags"
      ? flag(key, version, Math.floor(random() * 3))
      : segment(key, version, random() < 0.5);
  server.send("patch", { path, data });
  if (isNewer) server.content[kind][key] = data;
}

function flag(key: string, version: number, variation: number): object {
  return {
    ...{ key, version, on: true, salt: "s", variations: ["x", "y", "z", "in s", "in t"] },
    rules: SEGMENTS.map((it, i) => ({
      ...{ id: it, variation: 3 + i },
      clauses: [{ attribute: "", op: "segmentMatch", values: [it] }],
    })),
    fallthrough: { variation },
  };
}

function segment(key: string, version: number, isIn: boolean): object {
  return { key, version, salt: "s", included: isIn ? ["bob"] : [], rules: [] };
}
