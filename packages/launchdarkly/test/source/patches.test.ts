import type { Configuration } from "@sortition/core";
import { type Payload, payloadOfItems } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import type { LaunchdarklyConfiguration } from "../../src/dialect/configuration.js";
import { launchdarkly } from "../../src/dialect.js";
import { VersionedStore } from "../../src/source/versioned-store.js";

const FACTS = { part: "flags", etag: null, fetchedAtMs: 0, from: "network" } as const;

/** A flag whose rule names these segments. */
function flag(key: string, version: number, segments: readonly string[] = []) {
  const clauses = [{ attribute: "", op: "segmentMatch", values: segments }];
  return {
    ...{ key, version, on: true, salt: "s", variations: ["a", "b"], fallthrough: { variation: 0 } },
    rules: segments.length === 0 ? [] : [{ id: "r", variation: 1, clauses }],
  };
}

/** A segment with a member, or with a rule that names other segments. */
function segment(key: string, version: number, names: readonly string[] = []) {
  const clauses = [{ attribute: "", op: "segmentMatch", values: names }];
  return { key, version, salt: "s", included: [`member ${version}`], rules: [{ clauses }] };
}

const CONTENT = {
  flags: {
    plain: flag("plain", 1),
    direct: flag("direct", 1, ["inner"]),
    indirect: flag("indirect", 1, ["outer"]),
    other: flag("other", 1, ["unrelated"]),
  },
  segments: {
    inner: segment("inner", 1),
    outer: segment("outer", 1, ["inner"]),
    unrelated: segment("unrelated", 1),
    broken: null,
  },
};

/** A store, and a dialect that compiles its revisions one after another. */
function following() {
  const store = new VersionedStore();
  const dialect = launchdarkly();
  let former: LaunchdarklyConfiguration | null = null;
  const compile = (payload: Payload = payloadOfItems(store.items, FACTS)) => {
    const compiled = dialect.compile({ payloads: [payload], prepared: null, former });
    former = compiled as LaunchdarklyConfiguration; // the dialect's own
    return former;
  };
  store.reset(CONTENT);
  return { compile, store };
}

const changed = (here: Configuration, there: Configuration): readonly string[] =>
  [...here.flagKeys].filter((key) => !here.isSameFlag(key, there));

describe("a revision of a stream's flags and segments", () => {
  it("keeps the compiled flags and segments that no change touched", () => {
    const { compile, store } = following();
    const before = compile();
    before.warm();
    for (const key of before.segmentKeys) before.segment(key);
    store.put("flags", "plain", flag("plain", 2));
    store.put("segments", "inner", segment("inner", 2));
    store.delete("flags", "other", 2);
    const after = compile();
    const kept = (key: string): boolean => after.flag(key) === before.flag(key);
    expect(["plain", "direct", "indirect"].map(kept)).toEqual([false, true, true]);
    expect(after.flag("other")).toBeNull();
    const keptSegment = (key: string): boolean => after.segment(key) === before.segment(key);
    expect(["inner", "outer", "unrelated"].map(keptSegment)).toEqual([false, true, true]);
  });

  it("reports the flags that use a changed segment, directly or through another segment", () => {
    const { compile, store } = following();
    const before = compile();
    store.put("segments", "inner", segment("inner", 2));
    const after = compile();
    expect(changed(after, before)).toEqual(["direct", "indirect"]);
    store.put("flags", "plain", flag("plain", 2));
    expect(changed(compile(), after)).toEqual(["plain"]);
  });

  it("compares a flag that is not JSON", () => {
    const dialect = launchdarkly();
    const [before, after] = [1, 2].map((version) => {
      const segments = JSON.stringify({ inner: segment("inner", version) });
      const direct = JSON.stringify(CONTENT.flags.direct);
      const text = `{"flags":{"damaged":oops,"direct":${direct}},"segments":${segments}}`;
      const payloads = [{ ...FACTS, bytes: new TextEncoder().encode(text) }];
      return dialect.compile({ payloads, prepared: null, former: null });
    }) as [Configuration, Configuration];
    expect(changed(after, before)).toEqual(["direct"]);
  });

  it("equals the configuration of its bytes", () => {
    const { compile, store } = following();
    compile();
    store.put("flags", "7", { ...flag("7", 1), rules: "none" });
    store.delete("segments", "unrelated", 2);
    store.put("segments", "odd", { ...segment("odd", 1), rules: [1] });
    const items = compile();
    const { bytes } = items.payloads[0] as Payload; // there is one part
    const whole = following().compile({ ...FACTS, bytes });
    expect([...items.flagKeys]).toEqual([...whole.flagKeys]);
    expect([...items.segmentKeys]).toEqual([...whole.segmentKeys]);
    expect(items.issues).toEqual(whole.issues);
    expect(items.issueCount).toEqual(whole.issueCount);
    expect(items.revision).toBe(whole.revision);
    expect([changed(items, whole), changed(whole, items)]).toEqual([[], []]);
  });

  it("is not affected by later changes", () => {
    const { store } = following();
    const before = store.items;
    store.put("flags", "plain", flag("plain", 2));
    const after = store.items;
    const version = (of: typeof before): number =>
      JSON.parse(of["flags"]?.get("plain") ?? "").version;
    expect([version(before), version(after)]).toEqual([1, 2]);
    expect(after["segments"]).toBe(before["segments"]);
  });
});

describe("VersionedStore", () => {
  it("ignores changes that are not newer, also of deleted items", () => {
    const { store } = following();
    const results = [
      store.put("flags", "plain", flag("plain", 1)),
      store.put("flags", "plain", flag("plain", 3)),
      store.delete("flags", "plain", 2),
      store.delete("flags", "plain", 4),
      store.put("flags", "plain", flag("plain", 4)),
      store.put("flags", "plain", flag("plain", 5)),
    ];
    expect(results).toEqual([false, true, false, true, false, true]);
  });
});
