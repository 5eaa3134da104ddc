import { forEachBatch } from "../analysis/run.js";
import type { OpenConfiguration } from "../dialects/dialect.js";
import { FileError } from "../errors.js";
import { formatOf } from "../evaluate/format.js";
import { GZIP, isGzip, systemProblem } from "../evaluate/payload-file.js";
import { lines, Progress } from "../evaluate/progress.js";
import { openRequests, type Requests } from "../evaluate/requests.js";
import { ReaderGone, ResultWriter } from "../evaluate/result-writer.js";
import { EXIT } from "../io.js";
import { createMessages } from "../messages.js";
import type { ErrorCode } from "../requests/answer-line.js";
import { evaluated } from "../requests/evaluate-work.js";
import { EVALUATE } from "../requests/help.js";
import { MissingFlags } from "../requests/missing-flags.js";
import { parseEvaluateOptions } from "../requests/options.js";
import { NdjsonRecords } from "../rows/ndjson-records.js";
import type { RecordBatch, RecordInput } from "../rows/open-records.js";
import { otherFormat, otherFormatProblem } from "../rows/other-formats.js";
import { count } from "../text/values.js";
import { type Command, command } from "./command.js";

/** `sortition evaluate`: evaluates each line of the input and writes one result per line, in the same order. */
export const evaluate: Command = command(EVALUATE, parseEvaluateOptions, async (options, io) => {
  const messages = createMessages(io);
  const { dialect, isQuiet, maxLineBytes, nowMs } = options;
  const configuration = await dialect.open({ ...options, warn: messages.warning });
  warnOfIssues(configuration, messages.warning);
  const requests = await openRequests(options.requestsPath, io);
  const writer = new ResultWriter(io.stdout);
  const missing = new MissingFlags(dialect, configuration);
  const format = formatOf(options.format);
  const { head } = format;
  const evaluating = { configuration, nowMs, maxLineBytes, format, missing };
  const progress = new Progress(io, { isShown: !isQuiet, sizeBytes: requests.sizeBytes });
  const errors = new Map<ErrorCode, number>();
  const write = async (text: string): Promise<void> => {
    progress.makeWay();
    await writer.write(text);
    progress.draw();
  };

  try {
    const input = recordsOf(requests, maxLineBytes, (bytes) => progress.read(bytes));
    let isHead = head !== null;
    const writeHead = async (): Promise<void> => {
      if (isHead) await write(`${head}\n`);
      isHead = false;
    };
    await forEachBatch(input, null, async (batch) => {
      const part = evaluated(batch, evaluating);
      let failed = 0;
      for (const [code, n] of part.errors) {
        errors.set(code, (errors.get(code) ?? 0) + n);
        failed += n;
      }
      progress.note(part.lines, failed);
      // Write now: the program that reads the results may wait for them before it sends more requests.
      await writeHead();
      for (const text of part.texts) await write(text);
    });
  } catch (error) {
    progress.erase();
    if (error instanceof ReaderGone) return EXIT.ok;
    throw error;
  }
  if (progress.lines === 0) messages.warning(`${requests.name}: no requests, so no results`);
  const missed = missing.summary();
  if (errors.size === 0) {
    progress.finish();
    if (missed !== null) messages.warning(missed);
    const without = [...format.missing].join(", ");
    if (progress.lines > 0 && without !== "")
      messages.warning(`no result has these fields: ${without}`);
    return EXIT.ok;
  }
  progress.erase();
  if (missed !== null) messages.warning(missed);
  messages.plain(summary(progress.lines, errors));
  const failed = failuresOf(errors);
  return options.isTooManyBad(failed, progress.lines) ? EXIT.problems : EXIT.ok;
});

/** Reads the requests as records. The generator throws a `FileError` if reading fails. */
function recordsOf(
  { name, path, sizeBytes, stream }: Requests,
  maxLineBytes: number,
  onRead: (bytes: number) => void,
): RecordInput {
  async function* batches(): AsyncGenerator<RecordBatch, void> {
    const reader = new NdjsonRecords(maxLineBytes);
    const { format } = reader;
    let readBytes = 0;
    const batch = (records: RecordBatch["records"]): RecordBatch => {
      const readPart = sizeBytes === null || sizeBytes === 0 ? null : readBytes / sizeBytes;
      return { records, format, file: null, readPart };
    };
    try {
      for await (const chunk of stream) {
        if (readBytes === 0) refuseOtherFormat(name, path, chunk);
        readBytes += chunk.length;
        onRead(chunk.length);
        yield batch([...reader.push(chunk)]);
      }
      yield batch([...reader.end()]);
    } catch (error) {
      if (error instanceof FileError) throw error;
      throw new FileError(`${name}: ${systemProblem(error)}`);
    } finally {
      stream.destroy();
    }
  }
  return { batches: batches() };
}

/**
 * @throws FileError for a binary format, with a hint on how to convert it. Text of another format passes, and each of
 *   its lines gets an error as its result.
 */
function refuseOtherFormat(name: string, path: string | null, start: Buffer): void {
  if (isGzip(start)) throw new FileError(`${name}: ${GZIP}`);
  const format = otherFormat(start);
  if (format === null || !format.isBinary) return;
  const paths = path === null ? [] : [path];
  throw new FileError(`${name}: ${otherFormatProblem(format, paths, false, "evaluate")}`);
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

function failuresOf(errors: ReadonlyMap<ErrorCode, number>): number {
  return [...errors.values()].reduce((sum, n) => sum + n, 0);
}

function summary(total: number, errors: ReadonlyMap<ErrorCode, number>): string {
  const byCode = [...errors].map(([code, n]) => `${code}: ${count(n)}`).join(", ");
  return `${count(failuresOf(errors))} of ${lines(total)} failed (${byCode})`;
}
