import type { OpenConfiguration } from "../dialects/dialect.js";
import { FileError } from "../errors.js";
import { answerLine, type ErrorCode } from "../evaluate/answer.js";
import { EVALUATE } from "../evaluate/help.js";
import { isBlank, type Line, LineSplitter } from "../evaluate/lines.js";
import { MissingFlags } from "../evaluate/missing-flags.js";
import { parseEvaluateOptions } from "../evaluate/options.js";
import { GZIP, isGzip, systemProblem } from "../evaluate/payload-file.js";
import { lines, Progress } from "../evaluate/progress.js";
import type { JsonObject } from "../evaluate/request.js";
import { openRequests } from "../evaluate/requests.js";
import { ReaderGone, ResultWriter } from "../evaluate/result-writer.js";
import { EXIT } from "../io.js";
import { createMessages } from "../messages.js";
import { count } from "../text/values.js";
import { type Command, command } from "./command.js";

/** Results are buffered up to this length, so that the lines of one chunk need few writes. */
const MAX_BATCH_LENGTH = 65_536;

/** `sortition evaluate`: one line in, one line out, in the same order. */
export const evaluate: Command = command(EVALUATE, parseEvaluateOptions, async (options, io) => {
  const messages = createMessages(io);
  const { format, maxLineBytes } = options;
  const configuration = await options.dialect.open({ ...options, warn: messages.warning });
  warnOfIssues(configuration, messages.warning);
  const requests = await openRequests(options.requestsPath, io);
  const writer = new ResultWriter(io.stdout);
  const missing = new MissingFlags(options.dialect, configuration);
  const onRequest = (request: JsonObject): void => missing.note(request);
  const progress = new Progress(io, { isShown: !options.isQuiet, sizeBytes: requests.sizeBytes });
  const errors = new Map<ErrorCode, number>();
  const splitter = new LineSplitter(maxLineBytes);
  let lineNumber = 0;
  let batch = format.head === null ? "" : `${format.head}\n`;

  const answer = (line: Line): void => {
    lineNumber += 1;
    if (line !== "too-long" && isBlank(line)) return;
    const context = {
      lineNumber,
      runNowMs: options.nowMs,
      configuration,
      onRequest,
      maxLineBytes,
      format,
    };
    const { text, error } = answerLine(line, context);
    if (error !== null) errors.set(error, (errors.get(error) ?? 0) + 1);
    progress.note(error !== null);
    batch += `${text}\n`;
  };
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const text = batch;
    batch = "";
    progress.makeWay();
    await writer.write(text);
    progress.draw();
  };

  try {
    for await (const chunk of requests.stream) {
      if (lineNumber === 0 && isGzip(chunk)) throw new FileError(`${requests.name}: ${GZIP}`);
      progress.read(chunk.length);
      for (const line of splitter.push(chunk)) {
        answer(line);
        if (batch.length >= MAX_BATCH_LENGTH) await flush();
      }
      // A reader that waits for these answers must not wait for more requests.
      await flush();
    }
    const last = splitter.end();
    if (last !== null) answer(last);
    await flush();
  } catch (error) {
    progress.erase();
    if (error instanceof ReaderGone) return EXIT.ok;
    if (error instanceof FileError) throw error;
    throw new FileError(`${requests.name}: ${systemProblem(error)}`);
  } finally {
    requests.stream.destroy();
  }
  if (progress.lines === 0) messages.warning(`${requests.name}: no request in it, no answer`);
  const missed = missing.summary();
  if (errors.size === 0) {
    progress.finish();
    if (missed !== null) messages.warning(missed);
    const without = [...format.missing].join(", ");
    if (progress.lines > 0 && without !== "") messages.warning(`no result has ${without}`);
    return EXIT.ok;
  }
  progress.erase();
  if (missed !== null) messages.warning(missed);
  messages.plain(summary(progress.lines, errors));
  return EXIT.problems;
});

/** Names each broken flag once, by the first thing that is wrong with it. */
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

function summary(total: number, errors: ReadonlyMap<ErrorCode, number>): string {
  const failed = [...errors.values()].reduce((sum, n) => sum + n, 0);
  const byCode = [...errors].map(([code, n]) => `${code}: ${count(n)}`).join(", ");
  return `${count(failed)} of ${lines(total)} could not be answered (${byCode})`;
}
