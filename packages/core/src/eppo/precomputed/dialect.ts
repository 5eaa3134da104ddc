import { DecodeError } from "../../errors/errors.js";
import type { CompileIssue, PayloadSet } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { Answer } from "../../model/trace.js";
import { textOf } from "../../runtime/text.js";
import { PrecomputedConfiguration } from "./configuration.js";
import { decodePrecomputed } from "./decode.js";

/** The part that holds the answers: a configuration wire. */
export const PRECOMPUTED = "precomputed";

/** How a client that looks answers up records a call. */
export interface PrecomputedDetails {
  /** When the answers were made, as the server wrote it; empty without answers. */
  readonly createdAt: string;
  readonly environmentName: string;
  readonly variationKey: string | null;
  readonly allocationKey: string | null;
}

/** The vendor's format for clients that do not evaluate: answers for one subject. */
export function precomputed(): Dialect<PrecomputedDetails> {
  const dialect: Dialect<PrecomputedDetails> = {
    name: "eppo-precomputed",
    endpoints: [],
    issueCodes: ["malformed"],
    defaultBaseUrl: () => "https://fs-edge-assignment.eppo.cloud",
    compile: ({ payloads }) => compile(dialect, payloads),
    createTrace: () => ({ details: detailsOf }),
  };
  return dialect;
}

function compile(dialect: Dialect, payloads: PayloadSet): PrecomputedConfiguration {
  const payload = payloads.find(({ part }) => part === PRECOMPUTED);
  if (payload === undefined) throw new DecodeError("$", "is missing", { part: PRECOMPUTED });
  const issues: CompileIssue[] = [];
  const report = ({ path, problem }: DecodeError): void => {
    issues.push({ path, flagKey: null, code: "malformed", message: problem });
  };
  try {
    const body = decodePrecomputed(parse(payload.bytes), report);
    return new PrecomputedConfiguration({ dialect, payloads, body, issues });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(error.path, error.problem, { cause: error.cause, part: PRECOMPUTED });
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch {
    throw new DecodeError("$", "expected JSON");
  }
}

function detailsOf({ configuration, evaluation }: Answer): PrecomputedDetails {
  const served = configuration as PrecomputedConfiguration | null; // a dialect evaluates its own
  const assigned = evaluation.kind === "assigned" ? evaluation : null;
  return {
    createdAt: served?.createdAt ?? "",
    environmentName: served?.environment ?? "",
    variationKey: assigned?.variation ?? null,
    allocationKey: assigned?.allocation ?? null,
  };
}
