import { parseArgs } from "node:util";

/** What the demo runs on. */
export interface DemoOptions {
  /** A flag configuration of the reader's own; `null`: the shop. */
  readonly config: string | null;
  /** Subjects of the reader's own; `null`: the shop's visitors. */
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
