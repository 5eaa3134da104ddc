import { parseArgs } from "node:util";

/** Inputs of the demo. */
export interface DemoOptions {
  /** The user's own flag configuration; `null`: the shop's. */
  readonly config: string | null;
  /** The user's own subjects; `null`: the shop's visitors. */
  readonly subjects: string | null;
  readonly isHelp: boolean;
}

export const HELP: string = `Usage: npm run demo [-- --config FILE] [--subjects FILE]

  --config FILE     flag configuration (UFC) to serve instead of the example shop's
  --subjects FILE   subjects to assign, one a line: a key, or {"subjectKey": …, "subjectAttributes": {…}}
`;

/** @throws if an option is unknown or lacks its value. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string" },
      subjects: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return {
    config: values.config ?? null,
    subjects: values.subjects ?? null,
    isHelp: values.help,
  };
}
