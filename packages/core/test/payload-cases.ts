import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyMemory } from "../src/payload/flag-keys.js";
import { indexFlags } from "../src/payload/index-flags.js";
import type { FlagsDocument, FlagsPlace } from "../src/payload/raw-flags.js";
import { runAtOnce } from "../src/runtime/slices.js";

const MAP: FlagsPlace = { member: "flags", shape: "map" };
const LIST: FlagsPlace = { member: "flags", shape: "list", keyMember: "key" };

/** Strings that look like structure, numbers and escapes. */
const nasty = fc.string({
  unit: fc.constantFrom(...'{}[]:,"\\ \n/u0aé€😀\ud800', "flags", "key", "\\u0022", '"flags":{'),
  maxLength: 12,
});
const key = fc.oneof(
  nasty,
  fc.constantFrom("flags", "key", "__proto__", "constructor", "", "toString"),
  fc.nat(5_000_000_000).map(String),
  fc.constantFrom("4294967294", "4294967295", "01", "-1", "1.5", "1e3", "9007199254740993"),
);
const blank = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 2 });

/** A JSON string with some code units escaped unnecessarily. */
const quoted = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.integer({ min: 1, max: 5 })).map(([it, every]) => {
    const escaped = [...JSON.stringify(it).slice(1, -1)];
    // Only letters far from backslashes are escaped, so that escape sequences stay intact.
    return `"${escaped
      .map((unit, i) =>
        i % every === 0 && /^[g-z]$/.test(unit) && escaped[i - 1] !== "\\"
          ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
          : unit,
      )
      .join("")}"`;
  });

/** JSON with members in any order, white space everywhere and duplicate keys. */
const { value: valueText, members: membersText } = fc.letrec<{ value: string; members: string }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("0", "-0", "1e999", "1.50", "true", "false", "null", "{}", "[]"),
      quoted(nasty),
      tie("members").map((it) => `{${it}}`),
      fc.array(tie("value"), { maxLength: 3 }).map((it) => `[${it.join(" ,")}]`),
    ),
    members: fc
      .array(fc.tuple(blank, quoted(key), blank, tie("value"), blank), { maxLength: 4 })
      .map((it) => it.map(([a, name, b, value, c]) => `${a}${name}${b}:${b}${value}${c}`).join()),
  }),
);
const flagsText = membersText.map((it) => `{${it}}`);
const mapText = fc
  .tuple(membersText, flagsText, membersText, fc.constantFrom("", "\ufeff"), blank)
  .map(([before, flags, after, mark, space]) => {
    const members = [before, `"flags"${space}:${space}${flags}`, after].filter((it) => it.trim());
    return `${mark}${space}{${members.join()}}${space}`;
  });
const listText = fc
  .array(
    fc.tuple(membersText, quoted(key), membersText).map(([before, name, after]) => {
      const members = [before, `"key":${name}`, after].filter((it) => it.trim());
      return `{${members.join()}}`;
    }),
    { maxLength: 5 },
  )
  .map((it) => `{"flags":[${it.join(" , ")}],"rest":1}`);

function cut(
  text: string | Uint8Array,
  place: FlagsPlace,
  memory = new KeyMemory(),
): FlagsDocument | null {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return runAtOnce(indexFlags(bytes, place, memory));
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Parses the entries that were cut out, in order. A flag that cannot be parsed is `DAMAGED`. */
const DAMAGED = Symbol("damaged");
function entriesOf({ flags }: FlagsDocument): [string, unknown][] {
  return [...flags!.keys].map((it) => {
    try {
      return [it, flags!.read(it, "$")];
    } catch {
      return [it, DAMAGED];
    }
  });
}

/** Returns the flags of a parsed payload in the order of an object's members, or `null`. */
function expectedEntries(root: unknown, { shape }: FlagsPlace): [string, unknown][] | null {
  const flags = (root as { flags?: unknown } | null)?.flags;
  if (typeof flags !== "object" || flags === null) return null;
  if (shape === "map") return Array.isArray(flags) ? null : Object.entries(flags);
  if (!Array.isArray(flags)) return null;
  const byKey: Record<string, unknown> = Object.create(null);
  for (const flag of flags) {
    if (typeof flag?.key !== "string") return null;
    byKey[flag.key] = flag;
  }
  return Object.entries(byKey);
}

const entries = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).map(([name, it]) => [name, entries(it)])
    : value;

/** @param runs - number of payloads per test. Three times as many are damaged. */
export function describePayloads(runs: number): void {
  describe.each([
    { name: "maps", place: MAP, text: mapText },
    { name: "lists", place: LIST, text: listText },
  ])("cutting $name of flags, compared with JSON.parse", ({ place, text }) => {
    it("returns the same flags in the same order, and the same rest", () => {
      fc.assert(
        fc.property(text, (it) => {
          const root = parse(new TextEncoder().encode(it)) as Record<string, unknown>;
          const document = cut(it, place);
          const expected = expectedEntries(root, place);
          expect(document && entriesOf(document)).toEqual(expected);
          if (expected === null) return; // the flags have another shape, or one has no key
          expect(entries(document!.root)).toEqual(entries({ ...root, flags: null }));
        }),
        { numRuns: runs },
      );
    });

    it("returns the same after a similar payload as without one", () => {
      const flag = fc.tuple(quoted(key), fc.constantFrom("keep", "drop", "insert", "twice"));
      const payloadOf = (keys: readonly string[]): string =>
        place.shape === "map"
          ? `{"flags":{${keys.map((it, i) => `${it}:${i}`).join()}}}`
          : `{"flags":[${keys.map((it, i) => `{"key":${it},"v":${i}}`).join()}]}`;
      fc.assert(
        fc.property(fc.array(flag, { maxLength: 8 }), quoted(key), (flags, other) => {
          const next = flags.flatMap(([it, change]) =>
            change === "drop"
              ? []
              : change === "keep"
                ? [it]
                : [change === "twice" ? it : other, it],
          );
          const memory = new KeyMemory();
          for (const text of [payloadOf(flags.map(([it]) => it)), payloadOf(next)]) {
            const document = cut(text, place, memory);
            const expected = expectedEntries(parse(new TextEncoder().encode(text)), place);
            expect(document && entriesOf(document)).toEqual(expected);
          }
        }),
        { numRuns: runs },
      );
    });

    it("returns the same for a damaged payload, gives up, or finds the damage in a flag", () => {
      const damage = fc.record({
        at: fc.nat(400),
        remove: fc.nat(3),
        insert: fc.oneof(
          fc.uint8Array({ maxLength: 3 }),
          fc.constantFrom(...'{}[]",:\\ x1').map((it) => new TextEncoder().encode(it)),
        ),
      });
      let kept = 0;
      fc.assert(
        fc.property(text, fc.array(damage, { minLength: 1, maxLength: 3 }), (it, damages) => {
          let bytes = new TextEncoder().encode(it);
          for (const { at, remove, insert } of damages) {
            const from = at % (bytes.length + 1);
            bytes = Uint8Array.from([
              ...bytes.subarray(0, from),
              ...insert,
              ...bytes.subarray(from + remove),
            ]);
          }
          const document = cut(bytes, place);
          if (document === null) return;
          kept += 1;
          let root: unknown;
          try {
            root = parse(bytes);
          } catch {
            expect(entriesOf(document).map(([, value]) => value)).toContain(DAMAGED);
            return;
          }
          expect(entriesOf(document)).toEqual(expectedEntries(root, place));
        }),
        { numRuns: 3 * runs },
      );
      expect(kept).toBeGreaterThan(runs / 6);
    });

    it("gives up on a truncated payload", () => {
      fc.assert(
        fc.property(text, fc.nat(), (it, length) => {
          const bytes = new TextEncoder().encode(it.trimEnd());
          expect(cut(bytes.subarray(0, length % bytes.length), place)).toBeNull();
        }),
        { numRuns: runs },
      );
    });
  });

  describe("damage inside one flag", () => {
    it("affects only that flag", () => {
      const junk = fc.constantFrom("oops", "{a}", "{'x':1}", "[1 2]", "{,}", '{"a":tru}', "+1");
      fc.assert(
        fc.property(fc.array(valueText, { maxLength: 6 }), fc.nat(), junk, (values, nth, it) => {
          const at = nth % (values.length + 1);
          const texts = [...values.slice(0, at), it, ...values.slice(at)];
          const members = texts.map((value, i) => `"f${i}":${value}`);
          const document = cut(`{"flags":{${members.join()}},"x":1}`, MAP);
          const expected = texts.map((value, i) => [
            `f${i}`,
            i === at ? DAMAGED : JSON.parse(value),
          ]);
          expect(document && entriesOf(document)).toEqual(expected);
        }),
        { numRuns: runs },
      );
    });
  });
}
