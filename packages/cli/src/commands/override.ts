import { OptionError } from "@sortition/core";
import { messageOf } from "@sortition/core/dialect-internal";
import { sealOverrides } from "@sortition/web/server";
import { UsageError } from "../errors.js";
import { writeResult } from "../evaluate/result-writer.js";
import { EXIT } from "../io.js";
import { OVERRIDE } from "../override/help.js";
import { type LinkOptions, parseOverrideOptions } from "../override/options.js";
import { type Command, command } from "./command.js";

/** `sortition override`: prints a link that shows variations to testers. */
export const override: Command = command(
  OVERRIDE,
  parseOverrideOptions,
  async ({ url, ...options }: LinkOptions, io) => {
    const link = new URL(url);
    try {
      link.searchParams.set("t", await sealOverrides(options));
    } catch (error) {
      throw new UsageError(problemOf(error));
    }
    await writeResult(io.stdout, `${link}\n`);
    return EXIT.ok;
  },
);

/** Names of the library's options on the command line. */
const NAMES: Readonly<Record<string, string>> = {
  audience: "--audience",
  flags: "--flag",
  path: "--path",
  subjectKey: "--subject",
};

/** Explains which argument the library rejected. */
function problemOf(error: unknown): string {
  if (!(error instanceof OptionError)) return messageOf(error);
  const { option, problem } = error;
  return option === "secrets"
    ? "the environment variable FLAGS_SECRET is invalid: set it to one of the secrets passed to webFlags, at least 32 random bytes in base64url"
    : `${NAMES[option] ?? option}: ${problem}`;
}
