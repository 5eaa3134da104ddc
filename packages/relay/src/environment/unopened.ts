import { type Configuration, type Dialect, SortitionError } from "@sortition/core";
import { type CompileInput, runAtOnce, type Steps } from "@sortition/core/dialect";
import { growthbook } from "@sortition/growthbook/dialect";

type GrowthbookOptions = NonNullable<Parameters<typeof growthbook>[0]>;

/**
 * Creates GrowthBook's dialect for a relay without the decryption key. A payload with encrypted features becomes a
 * configuration without features, and its bytes are served unchanged. Any other payload must have features.
 */
export function unopenedGrowthbook(options: GrowthbookOptions): Dialect {
  const dialect = growthbook(options);
  const lenient = growthbook({ ...options, requireFeatures: false });
  const compile = function* (input: CompileInput): Steps<Configuration> {
    try {
      return yield* stepsOf(dialect, input);
    } catch (error) {
      if (!isAboutEncryption(error)) throw error;
      return yield* stepsOf(lenient, input);
    }
  };
  return {
    ...dialect,
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
  };
}

function* stepsOf(dialect: Dialect, input: CompileInput): Steps<Configuration> {
  return dialect.compileInSteps === undefined
    ? dialect.compile(input)
    : yield* dialect.compileInSteps(input);
}

/** Whether features are missing only because they are encrypted. */
function isAboutEncryption(error: unknown): boolean {
  if (!SortitionError.is(error) || error.code !== "SORTITION_DECODE") return false;
  return (error as { readonly path?: unknown }).path === "$.encryptedFeatures"; // a DecodeError has a path
}
