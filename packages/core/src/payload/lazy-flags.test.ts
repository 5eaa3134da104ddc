import { describe, expect, it } from "vitest";
import { isJsonObject, unexpected } from "../conditions/decode.js";
import { DecodeError } from "../errors/errors.js";
import type { CompiledFlag } from "../model/flag.js";
import { runAtOnce } from "../runtime/slices.js";
import { bytesOf } from "../runtime/text.js";
import { type FlagCompiler, LazyFlags, type LazyFlagsParts } from "./lazy-flags.js";
import type { FlagsPlace } from "./raw-flags.js";
import { readFlags } from "./read-flags.js";

const MAP: FlagsPlace = { member: "flags", shape: "map" };
const LIST: FlagsPlace = { member: null, shape: "list", keyMember: "id" };

interface TestFlag extends CompiledFlag {
  readonly raw: unknown;
  readonly problem: string | null;
}

const compiled: string[] = [];

function flagOf(key: string, raw: unknown, problem: string | null): TestFlag {
  const evaluate: CompiledFlag["evaluate"] = () => ({ kind: "default", reason: "disabled" });
  return { key, valueType: null, raw, problem, evaluate };
}

/** Rejects values that are not objects, treats `null` as absent, and reports a member `odd`. */
const COMPILER: FlagCompiler<TestFlag> = {
  compile({ key, path, raw, report }) {
    compiled.push(key);
    if (!isJsonObject(raw)) throw unexpected(path, "an object", raw);
    if (raw["odd"] !== undefined) report(unexpected(`${path}.odd`, "nothing", raw["odd"]), "odd");
    return flagOf(key, raw, null);
  },
  compileBroken: (key, error, raw) => (raw === null ? null : flagOf(key, raw, error.message)),
};

let reported = 0;

/** Reports `many` issues, and one more later. */
const MANY: FlagCompiler<TestFlag> = {
  compile({ key, later, path, raw, report, ...source }) {
    const { many = 0 } = raw as { readonly many?: number };
    for (reported = 0; reported < many; ) report(new DecodeError(path, `issue ${reported++}`));
    if (many === 150) later((add) => add(new DecodeError(path, "checked")));
    return COMPILER.compile({ key, later, path, raw, report, ...source });
  },
  compileBroken: COMPILER.compileBroken,
};
const HASHED: FlagCompiler<TestFlag> = { ...COMPILER, payloadKeyOf: (key) => `#${key}` };

function flagsOf(
  text: string,
  options: Partial<LazyFlagsParts<TestFlag>> = {},
): LazyFlags<TestFlag> {
  const { place = MAP } = options;
  const { flags } = runAtOnce(readFlags(bytesOf(text), place));
  if (flags === null) throw new Error("there are no flags");
  compiled.length = 0;
  return new LazyFlags({ raw: flags, place, compiler: COMPILER, ...options });
}

describe("LazyFlags", () => {
  it("compiles a flag on its first use, and once", () => {
    const flags = flagsOf('{"flags":{"a":{},"b":{}}}');
    expect([...flags.keys]).toEqual(["a", "b"]);
    expect(compiled).toEqual([]);
    expect(flags.flag("a")).toBe(flags.flag("a"));
    expect(compiled).toEqual(["a"]);
  });

  it("has no flag under a key that does not exist", () => {
    expect(flagsOf('{"flags":{"a":{}}}').flag("toString")).toBeNull();
    expect(compiled).toEqual([]);
  });

  it("reads a list of flags that contain their keys", () => {
    const flags = flagsOf('[{"id":"a","n":1},{"id":"b","odd":1}]', { place: LIST });
    expect(flags.flag("a")?.raw).toEqual({ id: "a", n: 1 });
    expect(flags.issues).toEqual([
      {
        path: '$[?(@.id=="b")].odd',
        flagKey: "b",
        code: "odd",
        message: "expected nothing, got a number",
      },
    ]);
  });

  it("finds a flag by the hash of the requested key, and keeps it under that key", () => {
    const flags = flagsOf('{"flags":{"#a":{}}}', { compiler: HASHED });
    expect(flags.flag("#a")).toBeNull();
    expect(flags.flag("a")).toMatchObject({ key: "a" });
    flags.warm();
    expect(compiled).toEqual(["a"]);
  });

  it("replaces a flag that cannot be compiled by one that fails", () => {
    const flags = flagsOf('{"flags":{"a":7,"b":null,"c":{}}}');
    expect(flags.flag("a")?.problem).toBe('$.flags["a"]: expected an object, got a number');
    expect(flags.flag("b")).toBeNull();
    expect(flags.issueCount).toEqual({ found: 2, complete: false });
    expect(flags.issues.map(({ flagKey, code }) => [flagKey, code])).toEqual([
      ["a", "malformed"],
      ["b", "malformed"],
    ]);
    expect(flags.issueCount).toEqual({ found: 2, complete: true });
  });

  it("reports an error that is not a DecodeError as an issue of the flag", () => {
    const compile = (): never => {
      throw new RangeError("too deep");
    };
    const flags = flagsOf('{"flags":{"a":{}}}', { compiler: { ...COMPILER, compile } });
    expect(flags.flag("a")?.problem).toBe('$.flags["a"]: not a flag');
    expect(flags.issues).toHaveLength(1);
  });

  it("shares parts among the flags in use, and separately among inspected ones", () => {
    const shared: unknown[] = [];
    const compiler: FlagCompiler<TestFlag> = {
      ...COMPILER,
      compile({ interned, key, raw }) {
        const part = interned.json(raw);
        shared.push(part);
        return flagOf(key, part, null);
      },
    };
    const flags = flagsOf('{"flags":{"a":{"n":1},"b":{"n":1},"c":{"n":1}}}', { compiler });
    const used = flags.flag("a")?.raw;
    runAtOnce(flags.inspect());
    const [, second, third] = shared;
    expect(second).toBe(third);
    expect(second).not.toBe(used);
    expect(flags.flag("b")?.raw).toBe(used);
  });

  it("decodes one flag per step when it is inspected, and keeps no compiled flags", () => {
    const flags = flagsOf('{"flags":{"a":{},"b":{"odd":1},"c":{}}}');
    const steps = flags.inspect();
    steps.next();
    expect(compiled).toEqual(["a"]);
    runAtOnce(steps);
    expect(flags.issueCount).toEqual({ found: 1, complete: true });
    flags.flag("a");
    expect(compiled).toEqual(["a", "b", "c", "a"]);
  });

  it("compiles all flags, or the named ones, before their first use", () => {
    const flags = flagsOf('{"flags":{"a":{},"b":{}}}');
    flags.warm(["b", "x"]);
    expect(compiled).toEqual(["b"]);
    flags.warm();
    expect(compiled).toEqual(["b", "a"]);
  });

  describe("after a former configuration", () => {
    const FORMER = '{"flags":{"a":{"n":1},"b":{"odd":1},"c":{}}}';
    const NEXT = '{"flags":{"a":{"n":1},"b":{"odd":2},"d":{}}}';

    it("adopts compiled flags with the same content", () => {
      const former = flagsOf(FORMER);
      former.warm();
      const next = flagsOf(NEXT);
      runAtOnce(next.adopt(former));
      expect(next.flag("a")).toBe(former.flag("a"));
      expect(next.flag("b")).not.toBe(former.flag("b"));
      expect(compiled).toEqual(["b"]);
    });

    it("adopts issues", () => {
      const former = flagsOf(FORMER);
      expect(former.issues).toHaveLength(1);
      const next = flagsOf(FORMER);
      runAtOnce(next.adopt(former));
      expect(next.issueCount).toEqual({ found: 1, complete: true });
      expect(next.issues).toEqual(former.issues);
      expect(compiled).toEqual([]);
    });

    it("adopts flags under hashed keys", () => {
      const text = '{"flags":{"#a":{}}}';
      const former = flagsOf(text, { compiler: HASHED });
      former.warm(["a"]);
      const next = flagsOf(text, { compiler: HASHED });
      runAtOnce(next.adopt(former));
      expect(next.flag("a")).toBe(former.flag("a"));
    });

    it("adopts nothing from another compiler", () => {
      const former = flagsOf(FORMER, { compiler: { ...COMPILER } });
      former.warm();
      const next = flagsOf(FORMER);
      runAtOnce(next.adopt(former));
      expect(next.issueCount).toEqual({ found: 0, complete: false });
      expect(next.flag("a")).not.toBe(former.flag("a"));
    });

    it.each([
      { key: "a", isSame: true, because: "its content is equal" },
      { key: "b", isSame: false, because: "its content differs" },
      { key: "c", isSame: false, because: "it was removed" },
      { key: "d", isSame: false, because: "it was added" },
    ])("returns $isSame for flag $key, because $because", ({ key, isSame }) => {
      expect(flagsOf(NEXT).isSame(key, flagsOf(FORMER))).toBe(isSame);
    });

    it("counts a flag as changed if a shared part that it uses differs", () => {
      const sharing = (n: number) =>
        flagsOf(FORMER, { sharedPartsOf: (key) => (key === "a" ? { groups: [n] } : null) });
      expect(sharing(1).isSame("a", sharing(1))).toBe(true);
      expect(sharing(1).isSame("a", sharing(2))).toBe(false);
      expect(sharing(1).isSame("c", sharing(2))).toBe(true);
    });

    it("compares a shared part only once", () => {
      let reads = 0;
      const part = {
        get groups(): number {
          reads += 1;
          return 1;
        },
      };
      const here = flagsOf(FORMER, { sharedPartsOf: () => part });
      const there = flagsOf(FORMER, { sharedPartsOf: () => shared });
      const shared = { groups: 1 };
      expect([...here.keys].map((key) => here.isSame(key, there))).toEqual([true, true, true]);
      expect(reads).toBe(1);
    });

    it("treats plain and hashed keys as different", () => {
      const hashed = flagsOf(FORMER, { compiler: HASHED });
      expect(flagsOf(FORMER).isSame("a", hashed)).toBe(false);
    });
  });

  it("lists the first hundred issues of a flag, and counts the others", () => {
    const flags = flagsOf('{"flags":{"a":{"many":16000},"b":{"odd":1}}}', { compiler: MANY });
    flags.flag("a");
    const { issues } = flags;
    expect(flags.issueCount).toEqual({ found: 16_001, complete: true });
    expect(issues).toHaveLength(101);
    expect(issues.map(({ message }) => message).slice(98)).toEqual([
      "issue 98",
      "issue 99; and 15900 more",
      "expected nothing, got a number",
    ]);
  });

  it("ends the inspection of a flag after thousands of issues, and still compiles all of it", () => {
    const flags = flagsOf('{"flags":{"a":{"many":20000}}}', { compiler: MANY });
    runAtOnce(flags.inspect());
    expect(reported).toBe(2_000);
    expect(flags.issues.at(-1)?.message).toBe("issue 99; and at least 1900 more");
    expect(flags.flag("a")).toMatchObject({ key: "a" });
    expect(reported).toBe(20_000);
    expect(flags.issueCount).toEqual({ found: 2_000, complete: true });
  });

  it("counts issues of an adopted flag once", () => {
    const text = '{"flags":{"a":{"many":150}}}';
    const former = flagsOf(text, { compiler: MANY });
    const next = flagsOf(text, { compiler: MANY });
    former.flag("a");
    runAtOnce(next.adopt(former));
    runAtOnce(former.inspect());
    runAtOnce(next.inspect());
    expect([former.issueCount.found, next.issueCount.found]).toEqual([151, 151]);
  });
});
