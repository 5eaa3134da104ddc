import { isJsonObject, type JsonObject, type Report } from "../../conditions/decode.js";
import { md5Hex } from "../../hash/md5.js";
import type { FlagCompiler, FlagSource } from "../../payload/lazy-flags.js";
import { brokenFlag, compileFlag, type UfcFlag } from "./compile.js";
import { decodeFlag } from "./decode.js";
import { deobfuscateFlag } from "./deobfuscate.js";
import type { FlagWire } from "./wire.js";

/** Compiles a flag from its decoded form. */
export type CompileWire = (key: string, wire: FlagWire, isObfuscated: boolean) => UfcFlag;

const PLAIN = /* @__PURE__ */ createFlagCompiler(false, compileFlag);
const OBFUSCATED = /* @__PURE__ */ createFlagCompiler(true, compileFlag);

/** The compiler of plain or of obfuscated flags: one object each, so that flags can be adopted. */
export function flagCompiler(isObfuscated: boolean): FlagCompiler<UfcFlag> {
  return isObfuscated ? OBFUSCATED : PLAIN;
}

/** Creates another compiler, e.g. for observed flags. */
export function createFlagCompiler(
  isObfuscated: boolean,
  compile: CompileWire,
): FlagCompiler<UfcFlag> {
  return {
    compile: ({ key, path, raw, report }: FlagSource) =>
      compile(key, decodeWire(raw, key, path, isObfuscated, report), isObfuscated),
    compileBroken(key, error, raw) {
      // Content that is not JSON does not even say whether it is a flag.
      if (raw === undefined) return brokenFlag(key, error, null);
      // Quirk: for the vendor a `null` flag does not exist; in an obfuscated body no falsy one does (eppo).
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
  isObfuscated: boolean,
  report: Report,
): FlagWire {
  return decodeFlag(isObfuscated ? deobfuscateFlag(raw, path) : raw, key, path, report);
}

/**
 * Quirk: before it fails, the vendor reads `variationType` and `enabled` of a plain flag that has no
 * allocations, and finds neither in a value that is not an object. Allocations that it cannot iterate fail
 * at once (eppo).
 */
function readableHead(raw: unknown): JsonObject | null {
  if (!isJsonObject(raw)) return {};
  return (raw["allocations"] ?? null) === null ? raw : null;
}
