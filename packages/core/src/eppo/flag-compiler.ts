import { isJsonObject, type JsonObject, type Report } from "../conditions/decode.js";
import { type PatternGuard, patternGuard } from "../conditions/risky-pattern/guard.js";
import { md5Hex } from "../hash/md5.js";
import type { Interned } from "../payload/interned.js";
import type { FlagCompiler, FlagSource } from "../payload/lazy-flags.js";
import { brokenFlag, compileFlag } from "./compile.js";
import { decodeFlag } from "./decode.js";
import type { UfcFlag } from "./flag.js";
import type { UfcFormat } from "./format.js";
import { deobfuscateFlag } from "./obfuscation/deobfuscate.js";
import type { FlagWire } from "./wire.js";

export interface FlagForm {
  /** Whether keys, attributes and lists are hashes. */
  readonly isObfuscated: boolean;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
  /** `null`: Eppo's format. */
  readonly format: UfcFormat | null;
}

/** Compiles a flag from its decoded form. */
export type CompileWire = (
  key: string,
  wire: FlagWire,
  isObfuscated: boolean,
  guard: PatternGuard,
  interned: Interned,
) => UfcFlag;

const compileShared: CompileWire = (key, wire, isObfuscated, guard, interned) =>
  compileFlag(key, wire, isObfuscated, guard, null, interned);

const FORMS = /* @__PURE__ */ [false, true].map((isObfuscated) =>
  [false, true].map((refuses) =>
    createFlagCompiler({ isObfuscated, refuses, format: null }, compileShared),
  ),
);

/** Returns the compiler of a form of Eppo's format. There is one object for each form, so that flags can be adopted. */
export function flagCompiler({
  isObfuscated,
  refuses,
}: Omit<FlagForm, "format">): FlagCompiler<UfcFlag> {
  return FORMS[Number(isObfuscated)]?.[Number(refuses)] as FlagCompiler<UfcFlag>; // there is one for each combination
}

/** Creates the compiler of another format. */
export function compilerOfFormat(format: UfcFormat, refuses: boolean): FlagCompiler<UfcFlag> {
  return createFlagCompiler({ isObfuscated: false, refuses, format }, (key, wire, _, guard, pool) =>
    compileFlag(key, wire, false, guard, null, pool, format),
  );
}

/** Creates a separate compiler, e.g. for recorded flags. */
export function createFlagCompiler(form: FlagForm, compile: CompileWire): FlagCompiler<UfcFlag> {
  const { format, isObfuscated, refuses } = form;
  return {
    compile(source: FlagSource) {
      const { interned, key, path, raw, report } = source;
      const guard = patternGuard(refuses, source);
      const wire = decodeWire(raw, key, path, form, report);
      const guardAt: PatternGuard = (pattern, at) => guard(pattern, `${path}${at}`);
      return compile(key, wire, isObfuscated, guardAt, interned);
    },
    compileBroken(key, error, raw) {
      // Content that is not JSON may not be a flag at all. In formats other than Eppo's, any content is a flag.
      if (raw === undefined || format !== null) return brokenFlag(key, error, null);
      // Quirk: a `null` flag is treated as missing. In an obfuscated body, any falsy value is treated so (eppo).
      if (raw === null || (isObfuscated && !raw)) return null;
      return brokenFlag(key, error, isObfuscated ? null : readableHead(raw));
    },
    ...(isObfuscated ? { payloadKeyOf: md5Hex } : {}),
  };
}

/** @throws DecodeError if the flag is damaged as a whole. */
export function decodeWire(
  raw: unknown,
  key: string,
  path: string,
  { format, isObfuscated }: Pick<FlagForm, "format" | "isObfuscated">,
  report: Report,
): FlagWire {
  if (format !== null) return format.decodeFlag(raw, key, path, report);
  return decodeFlag(isObfuscated ? deobfuscateFlag(raw, path) : raw, key, path, report);
}

/**
 * Quirk: if a plain flag has no allocations, the vendor reads its `variationType` and `enabled` before it fails, and
 * finds neither in a value that is not an object. If it cannot iterate the allocations, it fails immediately (eppo).
 */
function readableHead(raw: unknown): JsonObject | null {
  if (!isJsonObject(raw)) return {};
  return (raw["allocations"] ?? null) === null ? raw : null;
}
