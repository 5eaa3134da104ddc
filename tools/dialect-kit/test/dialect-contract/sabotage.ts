import type { Configuration } from "@sortition/core";
import type { CompileInput, Dialect, Scope } from "@sortition/core/dialect";
import type { DialectHarness } from "../../src/dialect-contract/harness.js";

/** Returns the members that a fault replaces in a configuration. */
export type ConfigurationFault = (
  configuration: Configuration,
  input: CompileInput,
) => Partial<Configuration>;

/** Replaces members of the dialect. */
export function withDialect(
  harness: DialectHarness,
  change: (dialect: Dialect) => Partial<Dialect>,
): DialectHarness {
  return {
    ...harness,
    createDialect() {
      const dialect = harness.createDialect();
      return { ...dialect, ...change(dialect) };
    },
  };
}

/** Replaces members of each configuration. */
export function withConfiguration(
  harness: DialectHarness,
  fault: ConfigurationFault,
): DialectHarness {
  const originals = new WeakMap<object, Configuration>();
  const originalOf = (it: Configuration): Configuration => originals.get(it) ?? it;
  return withDialect(harness, (dialect) => {
    const compile = (input: CompileInput): Configuration => {
      const former = input.former === null ? null : originalOf(input.former);
      const original = dialect.compile({ ...input, former });
      const faulty = fault(original, input);
      const wrapped = new Proxy(original, {
        get(target, name) {
          if (Object.hasOwn(faulty, name)) return Reflect.get(faulty, name);
          if (name === "isSameFlag") {
            return (key: string, there: Configuration) => target.isSameFlag(key, originalOf(there));
          }
          // Members are called on the original, because a proxy has no private members.
          const member: unknown = Reflect.get(target, name, target);
          return typeof member === "function" ? member.bind(target) : member;
        },
      });
      originals.set(wrapped, original);
      return wrapped;
    };
    return {
      compile,
      *compileInSteps(input) {
        yield;
        return compile(input);
      },
    };
  });
}

/** Returns a scope with some members replaced. A scope's own methods need their object. */
export function scopeWith(scope: Scope, changes: Partial<Scope>): Scope {
  return {
    nowMs: () => scope.nowMs(),
    configuration: scope.configuration,
    trace: scope.trace,
    expectedType: scope.expectedType,
    memo: () => scope.memo(),
    expose: (exposure) => scope.expose(exposure),
    hashedBy: (value) => scope.hashedBy(value),
    extras: scope.extras,
    ...changes,
  };
}
