import { describe, expect, it } from "vitest";
import { eppo } from "../eppo/factory.js";
import { OptionError } from "../errors/errors.js";
import { concatenated } from "../hash/concatenated.js";
import { sha256 } from "../hash/sha256.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { Configuration, Payload } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import { payloadOfItems } from "../payload/payload-of-items.js";
import { createClock } from "../runtime/clock.js";
import { revisionOf } from "../runtime/revision.js";
import { loadConfiguration } from "./load.js";

const digest = async (...chunks: readonly Uint8Array[]) => sha256(concatenated(chunks));
const payload = (part: string, text: string): Payload => ({
  part,
  bytes: encodeUtf8(text),
  etag: null,
  fetchedAtMs: 0,
  from: "network",
});
const flags = '{"flags":{}}';
const bandits = '{"bandits":{}}';

/** A body of several hundred KB, and a clock on which each step takes a whole slice. */
function large() {
  let nowMs = 0;
  let yielded = 0;
  const clock = createClock({
    monotonicMs: () => nowMs++,
    yieldNow: async () => {
      yielded += 1;
    },
  });
  const padding = "x".repeat(1_000);
  const all = Array.from({ length: 400 }, (_, i) => [`f${i}`, { padding }]);
  const body = JSON.stringify({ flags: Object.fromEntries(all) });
  return { body, clock, yields: () => yielded };
}

describe("loadConfiguration", () => {
  const dialect = eppo();

  it("names the source of an unusable part", async () => {
    const place = "https://flags.example: is baseUrl right?";
    const payloads = [
      { ...payload("bandits", bandits), place: "another" },
      { ...payload("flags", "[]"), place },
    ];
    expect(await loadConfiguration(dialect, payloads, null, digest)).toMatchObject({
      outcome: "rejected",
      error: {
        code: "SORTITION_DECODE",
        path: "$",
        part: "flags",
        message: `flags: $: expected an object, got an array, from ${place}`,
      },
    });
  });

  const former = dialect.compile({
    payloads: [payload("flags", flags), payload("bandits", bandits)],
    prepared: null,
    former: null,
  });

  it.each([
    {
      payloads: [payload("bandits", bandits), payload("flags", flags)],
      outcome: "unchanged",
      because: "the bytes are the same, and the order of parts does not matter",
    },
    { payloads: [payload("flags", flags)], outcome: "changed", because: "a part is missing" },
    {
      payloads: [payload("flags", `${flags} `), payload("bandits", bandits)],
      outcome: "changed",
      because: "one byte was added",
    },
    {
      payloads: [payload("flags", '{"flagz":{}}'), payload("bandits", bandits)],
      outcome: "rejected",
      because: "the body is unusable",
    },
  ])("is $outcome, because $because", async ({ payloads, outcome }) => {
    expect((await loadConfiguration(dialect, payloads, former, digest)).outcome).toBe(outcome);
  });

  it("loads equal bytes if there is no configuration yet", async () => {
    const loaded = await loadConfiguration(dialect, former.payloads, null, digest);
    expect(loaded.outcome).toBe("changed");
  });

  describe("called twice with the same payloads, as by clients that share a source", () => {
    const counting = () => {
      let compiled = 0;
      const own: Dialect = {
        ...dialect,
        compileInSteps: (...args) => {
          compiled += 1;
          return dialect.compileInSteps!(...args);
        },
      };
      return { own, compiledTimes: () => compiled };
    };

    it("returns the same configuration, compiled once", async () => {
      const { own, compiledTimes } = counting();
      const payloads = [payload("flags", flags)];
      const loaded = await Promise.all([
        loadConfiguration(own, payloads, null, digest),
        loadConfiguration(own, payloads, former, digest),
      ]);
      loaded.push(await loadConfiguration(own, payloads, null, digest));
      expect(compiledTimes()).toBe(1);
      const configurations = loaded.map((it) => it.outcome === "changed" && it.configuration);
      expect(new Set(configurations).size).toBe(1);
    });

    it("compiles once for each dialect", async () => {
      const [a, b] = [counting(), counting()];
      const payloads = [payload("flags", flags)];
      await loadConfiguration(a.own, payloads, null, digest);
      await loadConfiguration(b.own, payloads, null, digest);
      expect([a.compiledTimes(), b.compiledTimes()]).toEqual([1, 1]);
    });

    it("retries payloads that failed to load", async () => {
      let hasKey = false;
      const decrypting: Dialect = {
        ...dialect,
        prepare: async () => {
          if (!hasKey) throw new Error("no key");
          return {};
        },
      };
      const payloads = [payload("flags", flags)];
      const first = await loadConfiguration(decrypting, payloads, null, digest);
      hasKey = true;
      const second = await loadConfiguration(decrypting, payloads, null, digest);
      expect([first.outcome, second.outcome]).toEqual(["rejected", "changed"]);
    });
  });

  it("compiles at once if the dialect has no compileInSteps", async () => {
    const { name, needsSubjectKey, openFeature, endpoints, defaultBaseUrl, compile, createTrace } =
      dialect;
    const plain: Dialect = {
      name,
      needsSubjectKey,
      openFeature,
      endpoints,
      defaultBaseUrl,
      compile,
      createTrace,
    };
    const loaded = await loadConfiguration(plain, [payload("flags", flags)], null, digest);
    expect(loaded.outcome).toBe("changed");
  });

  it("yields to other work while it loads a large payload", async () => {
    const { body, clock, yields } = large();
    const load = (text: string, before: Configuration | null) =>
      loadConfiguration(dialect, [payload("flags", text)], before, digest, clock);
    const first = await load(body, null);
    const whileLoading = yields();
    const same = await load(body, first.outcome === "changed" ? first.configuration : null);
    expect([first.outcome, same.outcome]).toEqual(["changed", "unchanged"]);
    expect(whileLoading).toBeGreaterThan(10);
    expect(yields()).toBeGreaterThan(whileLoading);
  });

  it("neither prepares nor compiles equal bytes again", async () => {
    const calls: string[] = [];
    const preparing: Dialect = {
      ...dialect,
      prepare: async () => {
        calls.push("prepare");
        return {};
      },
      compileInSteps: (input) => {
        calls.push("compile");
        return dialect.compileInSteps!(input);
      },
    };
    const first = await loadConfiguration(preparing, [payload("flags", flags)], null, digest);
    const before = first.outcome === "changed" ? first.configuration : null;
    const second = await loadConfiguration(preparing, [payload("flags", flags)], before, digest);
    expect([second.outcome, calls]).toEqual(["unchanged", ["prepare", "compile"]]);
  });

  it("loads a small first configuration in one slice, and a small later one in slices", async () => {
    let nowMs = 0;
    let yields = 0;
    const clock = createClock({
      monotonicMs: () => nowMs++,
      yieldNow: async () => {
        yields += 1;
      },
    });
    const body = (version: number): string =>
      JSON.stringify({
        version,
        flags: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, { i }])),
      });
    const load = (version: number, before: Configuration | null) =>
      loadConfiguration(dialect, [payload("flags", body(version))], before, digest, clock);
    const first = await load(1, null);
    expect(yields).toBe(0);
    await load(2, first.outcome === "changed" ? first.configuration : null);
    expect(yields).toBeGreaterThan(0);
  });

  describe("with payloads that a stream changes by item", () => {
    /** Loads revisions of one flag. `read` contains the revisions whose bytes were created. */
    function revisions() {
      const read: number[] = [];
      let before: Configuration | null = null;
      const load = async (version: number): Promise<Configuration> => {
        const items = { flags: new Map([["a", JSON.stringify({ version })]]) };
        const own = payloadOfItems(items, payload("flags", ""));
        const { bytes } = own;
        const get = (): Uint8Array => {
          read.push(version);
          return bytes;
        };
        const payloads = [Object.defineProperty(own, "bytes", { get })];
        const loaded = await loadConfiguration(byItems, payloads, before, digest);
        if (loaded.outcome !== "changed") throw new Error(loaded.outcome);
        before = loaded.configuration;
        return before;
      };
      return { load, read };
    }
    const byItems: Dialect = {
      ...dialect,
      compileInSteps: function* ({ payloads }) {
        const { compileInSteps } = dialect;
        const whole = yield* compileInSteps!({
          payloads: [payload("flags", flags)],
          prepared: null,
          former: null,
        });
        return { ...whole, payloads, dialect: byItems };
      },
    };

    it("creates the bytes of the first one only", async () => {
      const { load, read } = revisions();
      for (const version of [1, 2, 3]) await load(version);
      expect(new Set(read)).toEqual(new Set([1]));
    });

    it("computes a revision in slices if that of the previous one was read", async () => {
      const { load, read } = revisions();
      await load(1);
      const second = await load(2);
      const text = '{"flags":{"a":{"version":2}}}';
      expect(revisionOf(second.payloads)).toBe(revisionOf([payload("flags", text)]));
      const third = await load(3);
      expect(new Set(read)).toEqual(new Set([1, 2, 3]));
      read.length = 0;
      revisionOf(third.payloads);
      expect(read).toEqual([]);
    });
  });

  it("rejects with a SortitionError unchanged", async () => {
    const error = new OptionError("decryptionKey", "expected 32 bytes");
    const failing: Dialect = { ...dialect, prepare: () => Promise.reject(error) };
    expect(await loadConfiguration(failing, [payload("flags", flags)], null, digest)).toEqual({
      outcome: "rejected",
      error,
    });
  });

  it("rejects with the dialect's error as the cause", async () => {
    const cause = new Error("no key");
    const failing: Dialect = { ...dialect, prepare: () => Promise.reject(cause) };
    expect(await loadConfiguration(failing, [payload("flags", flags)], null, digest)).toMatchObject(
      {
        outcome: "rejected",
        error: { code: "SORTITION_DECODE", cause },
      },
    );
  });
});
