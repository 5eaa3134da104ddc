import { messageOf } from "@sortition/core/dialect";
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
      throw new UsageError(messageOf(error)); // the secret or the path is invalid, or there are too many flags
    }
    await writeResult(io.stdout, `${link}\n`);
    return EXIT.ok;
  },
);
