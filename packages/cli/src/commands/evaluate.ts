import { ReadProgress } from "../analysis/read-progress.js";
import { untilReaderGone } from "../analysis/run.js";
import type { OpenConfiguration } from "../dialects/dialect.js";
import { FileError } from "../errors.js";
import { formatOf } from "../evaluate/format.js";
import { ResultWriter } from "../evaluate/result-writer.js";
import { EXIT } from "../io.js";
import { createMessages } from "../messages.js";
import { evaluated } from "../requests/evaluate-work.js";
import { EVALUATE } from "../requests/help.js";
import { MissingFlags } from "../requests/missing-flags.js";
import { parseEvaluateOptions } from "../requests/options.js";
import { BadLines } from "../rows/bad-lines.js";
import { fileStream, type InputStream, readPartOf, stdinStream } from "../rows/input-stream.js";
import { NdjsonRecords } from "../rows/ndjson-records.js";
import { batchesOf, type RecordInput } from "../rows/open-records.js";
import { otherFormat, otherFormatProblem } from "../rows/other-formats.js";
import { count, countText } from "../text/values.js";
import { type Command, command } from "./command.js";

/** `sortition evaluate`: evaluates each line of the input and writes one result per line, in the same order. */
export const evaluate: Command = command(EVALUATE, parseEvaluateOptions, async (options, io) => {
  const messages = createMessages(io);
  const { dialect, maxLineBytes, nowMs, requestsPath } = options;
  const configuration = await dialect.open({ ...options, warn: messages.warning });
  warnOfIssues(configuration, messages.warning);
  const requests =
    requestsPath === null
      ? stdinStream("requests from stdin", io)
      : await fileStream("--requests", requestsPath);
  const writer = new ResultWriter(io.stdout);
  const missing = new MissingFlags(dialect, configuration);
  const bad = new BadLines(messages, options.rowLimits);
  const format = formatOf(options.format);
  const evaluating = { configuration, nowMs, maxLineBytes, format, missing, bad };
  const progress = new ReadProgress(io, options.isQuiet);
  let head = format.head === null ? "" : `${format.head}\n`;

  const work = async (): Promise<number> => {
    for await (const batch of recordsOf(requests, maxLineBytes)) {
      const texts = evaluated(batch, evaluating);
      // Write now: the program that reads the results may wait for them before it sends more requests.
      for (const text of texts) {
        if (io.stdout.isTTY === true) progress.erase();
        await writer.write(`${head}${text}`);
        progress.read(bad.rows, batch.readPart, bad.count);
        head = "";
      }
    }
    progress.erase();
    if (bad.rows === 0)
      messages.warning(
        `${requests.name}: no requests, so no results: pass --requests FILE, or pipe them`,
      );
    const missed = missing.summary();
    if (missed !== null) messages.warning(missed);
    if (bad.count > 0) messages.plain(summary(bad));
    else if (bad.rows > 0 && format.missing.size > 0) {
      const [missing, seen] = [format.missing, format.seen].map((it) => [...it].join(", "));
      messages.warning(`no result has these fields: ${missing}; results have ${seen}`);
    }
    return bad.isTooMany ? EXIT.problems : EXIT.ok;
  };
  return await untilReaderGone(progress, work, () => EXIT.ok);
});

/**
 * Reads requests, which are NDJSON. Text of another format passes, and each of its lines gets an error as its result.
 * Binary formats are rejected with a hint on how to convert them.
 */
function recordsOf(requests: InputStream, maxLineBytes: number): RecordInput {
  return batchesOf(requests, {
    file: null,
    isUnpacked: false,
    readPart: () => readPartOf(requests),
    readerFor(start, { name, path }) {
      const format = otherFormat(start);
      if (format === null || !format.isBinary) return new NdjsonRecords(maxLineBytes);
      const paths = path === null ? [] : [path];
      throw new FileError(`${name}: ${otherFormatProblem(format, paths, false, "evaluate")}`);
    },
  });
}

/** Reports only the first issue of each flag. */
function warnOfIssues(configuration: OpenConfiguration, warn: (message: string) => void): void {
  const named = new Set<string>();
  for (const { flagKey, message, path } of configuration.issues()) {
    if (flagKey !== null) {
      if (named.has(flagKey)) continue;
      named.add(flagKey);
    }
    warn(`${path}: ${message}`);
  }
}

function summary(bad: BadLines): string {
  const byCode = [...bad.problems].map(([code, n]) => `${code}: ${count(n)}`).join(", ");
  return `${count(bad.count)} of ${countText(bad.rows, "line")} failed (${byCode})`;
}
