import type { Configuration } from "@sortition/core";
import {
  type CompiledFlag,
  DecodeError,
  type Dialect,
  type Evaluation,
  type ExplainedAllocation,
  type Scope,
  type Subject,
} from "@sortition/core/dialect";
import { describe, expect, it } from "vitest";
import { DIALECT_CHECKS } from "../../src/dialect-contract/describe.js";
import type { DialectHarness } from "../../src/dialect-contract/harness.js";
import { useShortStacks } from "../../src/differential/short-stacks.js";
import { ToyFlag } from "../../src/toy-dialect/flag.js";
import { toyExplainer } from "../../src/toy-explainer/toy-explainer.js";
import { TOY_HARNESS } from "../toy/harness.js";
import { scopeWith, withConfiguration, withDialect } from "./sabotage.js";

/** Runs one rule. */
async function checkRule(harness: DialectHarness, rule: string): Promise<void> {
  const found = DIALECT_CHECKS.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`no such rule: ${rule}`);
  await found.check(harness);
}

/** Replaces the evaluation of all flags. */
function withEvaluation(
  change: (flag: CompiledFlag, ...args: Parameters<CompiledFlag["evaluate"]>) => Evaluation,
  valueType: CompiledFlag["valueType"] = null,
): DialectHarness {
  return withConfiguration(TOY_HARNESS, (configuration) => ({
    flag(key) {
      const flag = configuration.flag(key);
      if (flag === null) return null;
      return { key, valueType, evaluate: (...args) => change(flag, ...args) };
    },
  }));
}

/** Replaces some of OpenFeature's terms. */
function withTerms(terms: Partial<Dialect["openFeature"]>): DialectHarness {
  return withDialect(TOY_HARNESS, ({ openFeature }) => ({
    openFeature: { ...openFeature, ...terms },
  }));
}

let calls = 0;

/** Known faults, inserted on purpose, each with a rule that finds it. */
const FAULTS: readonly {
  readonly fault: string;
  readonly harness: DialectHarness;
  readonly rule: string;
}[] = [
  {
    fault: "prepared content becomes the payloads",
    harness: withConfiguration(TOY_HARNESS, (configuration, { prepared }) => ({
      payloads: configuration.payloads.map((payload) => ({
        ...payload,
        bytes:
          payload.part === "flags" ? (prepared as { content: Uint8Array }).content : payload.bytes,
      })),
    })),
    rule: "keeps payloads as they were received",
  },
  {
    fault: "prepared content becomes the payloads, so equal bytes are compiled again",
    harness: withConfiguration(TOY_HARNESS, (configuration, { prepared }) => ({
      payloads: configuration.payloads.map((payload) => ({
        ...payload,
        bytes:
          payload.part === "flags" ? (prepared as { content: Uint8Array }).content : payload.bytes,
      })),
    })),
    rule: "allows a client to confirm equal bytes by their etags, and prepares them once",
  },
  {
    fault: "an error quotes prepared content",
    harness: withDialect(TOY_HARNESS, ({ compile }) => ({
      compile(input) {
        const configuration = compile(input);
        if (configuration.issues.length === 0) return configuration;
        const { content } = input.prepared as { content: Uint8Array };
        throw new DecodeError("$", `cannot be read: ${new TextDecoder().decode(content)}`);
      },
    })),
    rule: "reveals prepared content in no payload, message or error",
  },
  {
    fault: "etags are dropped",
    harness: withConfiguration(TOY_HARNESS, (configuration) => ({
      payloads: configuration.payloads.map((payload) => ({ ...payload, etag: null })),
    })),
    rule: "keeps payloads as they were received",
  },
  {
    fault: "values are not checked for flags without a type",
    // A declared type is trusted. Here, the flag declares the type of the getter.
    harness: withEvaluation((flag, ...args) => flag.evaluate(...args), "boolean"),
    rule: "returns the documented values",
  },
  {
    fault: "a value of another type is assigned",
    harness: withEvaluation((flag, subject, scope) => {
      return flag.evaluate(subject, scopeWith(scope, { expectedType: "string" }));
    }, "boolean"),
    rule: "assigns only values that fit the getter",
  },
  {
    fault: "a flag does not learn the type of the getter",
    harness: withEvaluation((flag, subject, scope) =>
      flag.evaluate(subject, scopeWith(scope, { expectedType: null })),
    ),
    rule: "returns the documented values",
  },
  {
    fault: "an assignment does not say how it was made",
    harness: withEvaluation((flag, subject, scope) => {
      const evaluation = flag.evaluate(subject, scope);
      return { ...evaluation, reason: undefined } as unknown as Evaluation;
    }),
    rule: "reports how each assignment was made, and nothing for other results",
  },
  {
    fault: "each assignment claims to be the same for all subjects",
    harness: withConfiguration(TOY_HARNESS, (configuration) => ({
      flag(key) {
        const flag = configuration.flag(key);
        if (!(flag instanceof ToyFlag)) return flag;
        // Explanations recognise a flag by its class.
        return Object.assign(new ToyFlag(key, flag.wire), {
          evaluate: (subject: Subject, scope: Scope): Evaluation => {
            const evaluation = flag.evaluate(subject, scope);
            return evaluation.kind === "assigned"
              ? { ...evaluation, reason: "static" }
              : evaluation;
          },
        });
      },
    })),
    rule: "returns the same result under observation, and explains that result",
  },
  {
    fault: "a dialect claims that subjects need no key, although they do",
    harness: withDialect(TOY_HARNESS, () => ({ needsSubjectKey: false })),
    rule: "evaluates a subject without a key only if subjects need no key",
  },
  ...(
    [
      ["drops nested values", { takesNestedValues: false }],
      ["renames attributes", { attributeNames: { plan: "tariff" } }],
      ["reads another key", { subjectOf: () => ({ key: "x", attributes: {} }) }],
    ] as const
  ).map(([what, terms]) => ({
    fault: `a dialect ${what} of OpenFeature's contexts`,
    harness: withTerms(terms),
    rule: "returns the documented values for OpenFeature's contexts",
  })),
  {
    fault: "a dialect claims numeric variations, although its strings are no keys of variations",
    harness: withTerms({ hasNumericVariations: true }),
    rule: "claims that numbers may be keys of variations only if strings are keys of variations",
  },
  ...[{ dialect: null }, { id: "invented" }].map((metadata) => ({
    fault: `a flag has the metadata ${JSON.stringify(metadata)}`,
    harness: withTerms({ metadataOf: () => metadata }),
    rule: "has metadata of flags that the details contain, under names of its own",
  })),
  {
    fault: "a cycle is treated as a flag without a value",
    harness: withEvaluation((flag, subject, scope) => {
      try {
        return flag.evaluate(subject, scope);
      } catch {
        return { kind: "default", reason: "no-allocation" };
      }
    }),
    rule: "reports the documented reasons, and detects cycles before the stack overflows",
  },
  {
    fault: "a cycle is not detected, and overflows the stack",
    harness: withEvaluation((flag, subject, scope) => {
      try {
        return flag.evaluate(subject, scope);
      } catch {
        const again = (): Evaluation => again();
        return again();
      }
    }),
    rule: "reports the documented reasons, and detects cycles before the stack overflows",
  },
  {
    fault: "nested attributes are lost",
    harness: withEvaluation((flag, { attributes, key }, scope) => {
      const scalars = Object.entries(attributes).filter(([, value]) => typeof value !== "object");
      return flag.evaluate({ key, attributes: Object.fromEntries(scalars) }, scope);
    }),
    rule: "returns the documented values",
  },
  {
    fault: "exposures of required flags are lost",
    harness: withEvaluation((flag, subject, scope) =>
      flag.evaluate(subject, scopeWith(scope, { expose: () => {} })),
    ),
    rule: "logs the exposures of other flags first, then its own, each once",
  },
  {
    fault: "flags keep the shared parts of the configuration that compiled them",
    harness: keepingSharedParts(),
    rule: "evaluates adopted flags with the shared parts of the configuration in use",
  },
  {
    fault: "a change of a shared part marks no flag as changed",
    harness: withConfiguration(TOY_HARNESS, () => ({ isSameFlag: () => true })),
    rule: "evaluates adopted flags with the shared parts of the configuration in use",
  },
  {
    fault: "every flag is treated as changed",
    harness: withConfiguration(TOY_HARNESS, () => ({ isSameFlag: () => false })),
    rule: "adopts unchanged flags, and recognises changed ones",
  },
  {
    fault: "no flag is adopted",
    harness: withDialect(TOY_HARNESS, ({ compile }) => ({
      compile: (input) => compile({ ...input, former: null }),
    })),
    rule: "adopts unchanged flags, and recognises changed ones",
  },
  {
    fault: "compile throws an error that is not a DecodeError",
    harness: withConfiguration(TOY_HARNESS, ({ issues }) => {
      if (issues.length > 0) throw new TypeError("Cannot convert object to primitive value");
      return {};
    }),
    rule: "never throws for any JSON, except a DecodeError for the whole payload",
  },
  {
    fault: "isSameFlag throws for hostile flags",
    harness: withConfiguration(TOY_HARNESS, (configuration) => ({
      isSameFlag(key, there) {
        if (configuration.issues.length > 0)
          throw new RangeError("Maximum call stack size exceeded");
        return configuration.isSameFlag(key, there);
      },
    })),
    rule: "never throws for any JSON, except a DecodeError for the whole payload",
  },
  {
    fault: "inspect throws for hostile flags",
    harness: withConfiguration(TOY_HARNESS, (configuration) => ({
      inspect() {
        if (configuration.issues.length > 0) throw new TypeError("not a flag");
        return configuration.inspect();
      },
    })),
    rule: "never throws for any JSON, except a DecodeError for the whole payload",
  },
  {
    fault: "one bad flag makes the payload unusable",
    harness: withConfiguration(TOY_HARNESS, ({ issues }) => {
      const [issue] = issues;
      if (issue !== undefined) throw new DecodeError(issue.path, issue.message);
      return {};
    }),
    rule: "is not affected by one bad flag in other flags",
  },
  {
    fault: "issues have codes that the dialect does not list",
    harness: withConfiguration(TOY_HARNESS, (configuration) => ({
      get issues() {
        return configuration.issues.map((issue) => ({ ...issue, code: "surprise" }));
      },
    })),
    rule: "reports issues with its own codes and their flags",
  },
  {
    fault: "the revision depends on the time",
    harness: withConfiguration(TOY_HARNESS, () => ({
      revision: (++calls).toString(16).padStart(16, "0"),
    })),
    rule: "has the same revision for the same bytes, and a different one for other bytes",
  },
  {
    fault: "details disagree with values",
    harness: withEvaluation((flag, subject, scope) =>
      scope.trace === null
        ? flag.evaluate(subject, scope)
        : { kind: "default", reason: "disabled" },
    ),
    rule: "returns details that agree with values",
  },
  {
    fault: "callers share one JSON value",
    harness: withEvaluation((flag, subject, scope) => {
      const evaluation = flag.evaluate(subject, scope);
      return evaluation.kind === "assigned" ? { ...evaluation, json: null } : evaluation;
    }),
    rule: "is not affected by callers and loggers that change the objects they receive",
  },
  {
    fault: "a path throws for odd keys",
    harness: withDialect(TOY_HARNESS, ({ endpoints }) => ({
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        path: ({ apiKey }) => `/${decodeURIComponent(apiKey)}`,
      })),
    })),
    rule: "returns its server and its endpoints for any key",
  },
  {
    fault: "isNeeded throws for bodies that it cannot read",
    harness: withDialect(TOY_HARNESS, ({ endpoints }) => ({
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        isNeeded: ([flags]) => JSON.parse(new TextDecoder().decode(flags?.bytes)) !== null,
      })),
    })),
    rule: "determines which parts it needs, whatever it has received",
  },
  {
    fault: "no flag has a key in the payload",
    harness: { ...TOY_HARNESS, explainer: { ...toyExplainer, payloadKey: () => null } },
    rule: "describes each of its flags",
  },
  {
    fault: "an explanation belongs to another call",
    harness: {
      ...TOY_HARNESS,
      explainer: {
        ...toyExplainer,
        explaining: (configuration) => ({ configuration, explanation: () => null }),
      },
    },
    rule: "returns the same result under observation, and explains that result",
  },
  {
    fault: "an explanation of an assignment has no matching split",
    harness: {
      ...TOY_HARNESS,
      explainer: {
        ...toyExplainer,
        explaining(original) {
          const { configuration, explanation } = toyExplainer.explaining(original);
          const unsplit = (it: ExplainedAllocation): ExplainedAllocation => ({ ...it, splits: [] });
          return {
            configuration,
            explanation() {
              const latest = explanation();
              const flag = latest?.flag ?? null;
              if (latest === null || flag === null) return latest;
              return { ...latest, flag: { ...flag, allocations: flag.allocations.map(unsplit) } };
            },
          };
        },
      },
    },
    rule: "returns the same result under observation, and explains that result",
  },
  {
    fault: "each part of a payload has its own error",
    harness: withWork((size) => {
      for (let i = 0; i < size; i++) new DecodeError("$", "is malformed");
    }),
    rule: "creates few errors for a long list of malformed elements",
  },
  {
    fault: "each part of a payload is compared with all others",
    harness: withWork((size) => {
      for (let pair = 0; pair < 100 * size * size; pair++);
    }),
    rule: "takes at most twenty times as long for ten times as many elements",
  },
];

/** Adds work for each element of a list, which has at least three bytes. */
function withWork(work: (size: number) => void): DialectHarness {
  const ownBytes = JSON.stringify(TOY_HARNESS.documents).length;
  return withDialect(TOY_HARNESS, ({ compile }) => ({
    compile(input) {
      const sizeBytes = input.payloads.reduce((size, { bytes }) => size + bytes.length, 0);
      work(Math.max(0, sizeBytes - ownBytes) / 3);
      return compile(input);
    },
  }));
}

/** Creates flags that keep reading cohorts from the first configuration. */
function keepingSharedParts(): DialectHarness {
  return withDialect(TOY_HARNESS, ({ compile }) => {
    let first: Configuration | null = null;
    return {
      compile(input) {
        const configuration = compile(input);
        first ??= configuration;
        const stale = first;
        const flag = (key: string): CompiledFlag | null => {
          const compiled = configuration.flag(key);
          if (compiled === null) return null;
          return {
            key,
            valueType: null,
            evaluate: (subject, scope) =>
              compiled.evaluate(subject, scopeWith(scope, { configuration: stale })),
          };
        };
        return new Proxy(configuration, {
          get(target, name) {
            if (name === "flag") return flag;
            const member: unknown = Reflect.get(target, name, target);
            return typeof member === "function" ? member.bind(target) : member;
          },
        });
      },
    };
  });
}

/** Rules that the unmodified toy passes, cached because several faults break the same rule. */
const kept = new Set<string>();

describe("the dialect contract", () => {
  useShortStacks();
  it.each(FAULTS)("finds that $fault", async ({ harness, rule }) => {
    if (!kept.has(rule)) await checkRule(TOY_HARNESS, rule);
    kept.add(rule);
    await expect(checkRule(harness, rule)).rejects.toThrow();
  });
});
