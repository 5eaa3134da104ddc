import { FileError } from "../errors.js";
import { answerLine, type ErrorCode } from "../evaluate/answer.js";
import { evaluateHelp } from "../evaluate/help.js";
import { isBlank, LineSplitter } from "../evaluate/lines.js";
import { parseEvaluateOptions } from "../evaluate/options.js";
import { systemProblem } from "../evaluate/payload-file.js";
import { count, lines, Progress } from "../evaluate/progress.js";
import { openRequests } from "../evaluate/requests.js";
import { ReaderGone, ResultWriter } from "../evaluate/result-writer.js";
import { EXIT, type Io } from "../io.js";
import { createMessages } from "../messages.js";

/** What `sortition --help` says about it. */
export const EVALUATE_SUMMARY = "answer a stream of requests against one configuration file";

/** Results are collected up to this length, then written: lines of one chunk, in few writes. */
const MAX_BATCH_LENGTH = 65_536;

/**
 * `sortition evaluate`: one line in, one line out, in the same order.
 *
 * @returns the exit code.
 * @throws UsageError, FileError
 */
export async function evaluate(args: readonly string[], io: Io): Promise<number> {
  const options = parseEvaluateOptions(args);
  if (options === "help") {
    await new ResultWriter(io.stdout).write(evaluateHelp());
    return EXIT.ok;
  }
  const messages = createMessages(io);
  const evaluation = await options.dialect.open({
    configPath: options.configPath,
    hasEvents: options.hasEvents,
    option: (name) => options.dialectOptions.get(name),
    warn: messages.warning,
  });
  const requests = await openRequests(options.requestsPath, io);
  const writer = new ResultWriter(io.stdout);
  const progress = new Progress(io, { isShown: !options.isQuiet });
  const errors = new Map<ErrorCode, number>();
  const splitter = new LineSplitter();
  let lineNumber = 0;
  let batch = "";

  const answer = (line: Buffer): void => {
    lineNumber += 1;
    if (isBlank(line)) return;
    const { text, error } = answerLine(line, { lineNumber, runNowMs: options.nowMs, evaluation });
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
      for (const line of splitter.push(chunk)) {
        answer(line);
        if (batch.length >= MAX_BATCH_LENGTH) await flush();
      }
      // Whoever waits for these answers must not wait for more requests.
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
  if (errors.size === 0) {
    progress.finish();
    return EXIT.ok;
  }
  progress.erase();
  messages.plain(summary(progress.lines, errors));
  return EXIT.problems;
}

function summary(total: number, errors: ReadonlyMap<ErrorCode, number>): string {
  const failed = [...errors.values()].reduce((sum, n) => sum + n, 0);
  const byCode = [...errors].map(([code, n]) => `${code}: ${count(n)}`).join(", ");
  return `${count(failed)} of ${lines(total)} could not be answered (${byCode})`;
}
