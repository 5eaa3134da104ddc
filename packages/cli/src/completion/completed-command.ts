/** What is completed after a command, or after `redis`. */
export interface CompletedCommand {
  /** Words before the options, e.g. `["redis", "status"]`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Words that may follow instead of an option. */
  readonly arguments: readonly string[];
}

/** An option, and what is completed after it. */
export interface CompletedOption {
  readonly name: string;
  readonly short: string | null;
  readonly summary: string;
  /** `null`: it takes no value; `file`: names of files; `any`: nothing is known; else the values. */
  readonly value: readonly string[] | "file" | "any" | null;
}
