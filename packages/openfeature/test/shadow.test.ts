import { OpenFeature } from "@openfeature/server-sdk";
import { Configuration, createClient, shadow, typed } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { SortitionProvider } from "../src/index.js";

interface AppFlags {
  readonly checkout: { readonly string: "old" | "new" };
}

function clientOf(value: string) {
  const subjects: string[] = [];
  const flag = splitFlag({ key: "checkout", name: "all", shares: { [value]: 100 } });
  const flags = JSON.stringify(flagsPayload("eppo", [flag]));
  const client = createClient({
    dialect: eppo(),
    // The time that comparisons may take is never used up.
    clock: { monotonicMs: () => 0 },
    initialConfiguration: Configuration.from({ dialect: eppo(), payloads: { flags } }),
    assignmentLogger: { logAssignment: ({ subject }) => void subjects.push(subject) },
  });
  return { client, subjects };
}

describe("a provider with a shadow", () => {
  it("resolves and logs like the serving side, even after a switch", async () => {
    const [old, next] = [clientOf("old"), clientOf("new")];
    const both = shadow({ primary: old.client, candidate: next.client });
    const flags = typed<AppFlags>(both);
    await OpenFeature.setProviderAndWait("shadow", new SortitionProvider(flags));
    const client = OpenFeature.getClient("shadow");
    const checkout = (targetingKey: string) =>
      client.getStringDetails("checkout", "none", { targetingKey });
    expect(await checkout("ann")).toMatchObject({ value: "old", variant: "old" });
    both.serveFrom("candidate");
    expect(await checkout("bob")).toMatchObject({ value: "new", variant: "new" });
    expect(flags.getStringAssignment("checkout", "eve", {}, "old")).toBe("new");
    expect([old.subjects, next.subjects]).toEqual([["ann"], ["bob", "eve"]]);
    expect(both.report().flags["checkout"]).toMatchObject({ differ: { value: 3 } });
    await OpenFeature.clearProviders();
    await both.close();
  });
});
