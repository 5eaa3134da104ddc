import { describe, expect, it } from "vitest";
import type { DeduplicationStore, Facts } from "../../src/index.js";
import { createTestClient } from "./clients.js";

/** A store as a user might write it, shared by clients. */
class SharedStore implements DeduplicationStore {
  readonly known = new Map<string, string | null>();
  readonly calls: string[] = [];

  has(...exposure: readonly (string | null)[]): boolean {
    return this.known.has(JSON.stringify(exposure));
  }

  reserve(
    flagKey: string,
    subjectKey: string,
    via: string | null,
    choice: string | null,
    id: string,
  ) {
    this.calls.push("reserve");
    this.known.set(JSON.stringify([flagKey, subjectKey, via, choice]), id);
  }

  confirm(flagKey: string, subjectKey: string, via: string | null, choice: string | null) {
    this.calls.push("confirm");
    this.known.set(JSON.stringify([flagKey, subjectKey, via, choice]), null);
  }

  release(flagKey: string, subjectKey: string, via: string | null, choice: string | null) {
    this.calls.push("release");
    this.known.delete(JSON.stringify([flagKey, subjectKey, via, choice]));
  }
}

describe("a deduplication store", () => {
  it("may be shared by clients", () => {
    const store = new SharedStore();
    const events: string[] = [];
    const options = {
      assignmentLogger: {
        logAssignment: ({ subject }: { subject: string }) => events.push(subject),
      },
      deduplication: { assignments: store },
    };
    for (const { client } of [createTestClient(options), createTestClient(options)]) {
      client.getStringAssignment("f", "alice", {}, "");
    }
    expect(events).toEqual(["alice"]);
    expect([...store.known]).toEqual([['["f","alice","all","bandit"]', null]]);
  });

  it("is called when an exposure is handed over, and with its outcome", async () => {
    const store = new SharedStore();
    let fails = true;
    const { client, clock } = createTestClient({
      assignmentLogger: {
        async logAssignment() {
          if (fails) throw new Error("no");
        },
      },
      deduplication: { assignments: store },
    });
    client.getStringAssignment("f", "alice", {}, "");
    await clock.advance(0);
    fails = false;
    client.getStringAssignment("f", "alice", {}, "");
    await clock.advance(0);
    expect(store.calls).toEqual(["reserve", "release", "reserve", "confirm"]);
  });

  it.each(["has", "reserve", "confirm", "release"] as const)(
    "that throws from %s costs neither the value nor the event, and is reported",
    (method) => {
      const reports: (Facts | undefined)[] = [];
      const store: DeduplicationStore = Object.assign(new SharedStore(), {
        [method]: () => {
          throw new Error("no");
        },
      });
      const note = (_: string, facts?: Facts) => void reports.push(facts);
      const outcomes: string[] = [];
      const { client } = createTestClient({
        assignmentLogger: {
          logAssignment({ subject }) {
            outcomes.push(subject);
            if (subject === "bob") throw new Error("no");
          },
        },
        deduplication: { assignments: store },
        diagnostics: { debug() {}, info() {}, warn: note, error: note },
      });
      for (const subject of ["alice", "bob"]) {
        expect(client.getStringAssignment("f", subject, {}, "")).toBe("bandit");
      }
      expect(outcomes).toEqual(["alice", "bob"]);
      expect(reports.map((it) => it?.["code"])).toContain("SORTITION_DEDUPLICATION");
    },
  );
});
