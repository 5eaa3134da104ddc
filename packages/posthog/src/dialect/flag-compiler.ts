import {
  type DecodeError,
  type FlagCompiler,
  type JsonObject,
  patternGuard,
} from "@sortition/core/dialect";
import { failing } from "@sortition/core/dialect-internal";
import { PosthogFlag } from "./flag.js";
import { type FlagDefinition, readFlag } from "./flag-wire.js";
import type { ServedFlag } from "./served-flag.js";

export interface FlagCompilerOptions {
  /** Only flags with one of these contexts, or without any, are compiled. If empty, all are. */
  readonly evaluationContexts: ReadonlySet<unknown>;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
}

export type MakeFlag = (definition: FlagDefinition) => ServedFlag;

/** Creates the compiler. Create only one per dialect, so that unchanged flags can be adopted. */
export function createFlagCompiler(
  options: FlagCompilerOptions,
  make: MakeFlag = (definition) => new PosthogFlag(definition),
): FlagCompiler<ServedFlag> {
  return {
    compile(source) {
      const { interned, key, path, raw, report } = source;
      const flag = raw as JsonObject; // flags with a key are always objects
      if (!isInContext(flag, options.evaluationContexts)) return null;
      const guard = patternGuard(options.refuses, source);
      return make(readFlag(flag, { key, path, guard, interned, report }));
    },
    compileBroken: brokenFlag,
  };
}

/** Returns whether a flag has one of the contexts, or none. Old servers send contexts under their old name. */
export function isInContext(flag: JsonObject, contexts: ReadonlySet<unknown>): boolean {
  if (contexts.size === 0) return true;
  const tags = flag["evaluation_contexts"] ?? flag["evaluation_tags"];
  if (!Array.isArray(tags) || tags.length === 0) return true;
  return tags.some((tag) => contexts.has(tag));
}

function brokenFlag(key: string, error: DecodeError): ServedFlag {
  const fail = failing(key, error);
  return {
    key,
    valueType: null,
    definition: null,
    payloadOf: () => undefined,
    evaluate: fail,
    outcomeFor: fail,
  };
}
