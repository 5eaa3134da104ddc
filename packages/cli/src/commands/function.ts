import { writeResult } from "../evaluate/result-writer.js";
import { FUNCTION } from "../function/help.js";
import { parseFunctionOptions } from "../function/options.js";
import { writeFunctions } from "../function/write-functions.js";
import { EXIT } from "../io.js";
import { createMessages } from "../messages.js";
import { type Command, command } from "./command.js";

/** `sortition function`: writes the engine and a configuration as functions of a data warehouse. */
export const functionCommand: Command = command(
  FUNCTION,
  parseFunctionOptions,
  async (options, io) => {
    const { hasIssues, paths } = await writeFunctions(options, createMessages(io));
    await writeResult(io.stdout, paths.map((path) => `${path}\n`).join(""));
    return hasIssues ? EXIT.problems : EXIT.ok;
  },
);
