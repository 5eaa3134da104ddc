import type { CommandLine, GivenConfiguration } from "../configuration-options.js";
import type { CliDialect } from "../dialects/dialect.js";
import { loadDialect } from "../dialects/load-dialect.js";
import { otherDialect } from "../dialects/recognize.js";
import { FileError, UsageError } from "../errors.js";
import { type PayloadFile, readPayloadFile } from "../evaluate/payload-file.js";
import type { CommandOption } from "../help/command-help.js";
import { createMessages } from "../messages.js";

/** Suffix of a dialect's option that applies only to NEW. */
const SUFFIX = "-new";

/** The new configuration, before the dialect of OLD is known. */
export class NewConfiguration {
  readonly path: string;
  readonly #line: CommandLine;
  readonly #named: string | undefined;
  #file: Promise<PayloadFile> | null = null;

  /** @param named - the value of `--dialect-new`. */
  constructor(path: string, named: string | undefined, line: CommandLine) {
    this.path = path;
    this.#named = named;
    this.#line = line;
  }

  /**
   * Returns the dialect of NEW. It is the dialect of OLD unless `--dialect-new` or the content of NEW shows another
   * one.
   *
   * @throws UsageError
   */
  async dialectBeside(old: CliDialect): Promise<CliDialect> {
    const { dialects, io } = this.#line;
    const name = this.#named ?? (await this.#otherThan(old.name)) ?? old.name;
    if (name === old.name) return old;
    const dialect = await loadDialect(name, dialects, "--dialect-new");
    if (this.#named === undefined) {
      createMessages(io).plain(`dialect: ${name} (detected from NEW ${this.path})`);
    }
    return dialect;
  }

  /** Combines NEW with its dialect and the dialect's options from the command line. */
  sideOf(dialect: CliDialect, given: ReadonlyMap<string, string>): GivenConfiguration {
    const own = new Set(ownOptionsOf(dialect).map(({ name }) => name));
    return {
      configPath: this.path,
      config: async () => this.#ofDialect(await this.#read(), dialect.name),
      dialect,
      option: (name) =>
        own.has(name) ? (given.get(`${name}${SUFFIX}`) ?? given.get(name)) : undefined,
    };
  }

  /** @throws UsageError if the configuration clearly belongs to another dialect. */
  #ofDialect(file: PayloadFile, name: string): PayloadFile {
    const other = otherDialect(file, name);
    if (other === null) return file;
    throw new UsageError(
      this.#named === undefined
        ? `${file.name} is a configuration for ${other}, but OLD is a configuration for ${name}`
        : `${file.name} is a configuration for ${other}, not for ${name}. Use --dialect-new ${other}, or omit --dialect-new`,
    );
  }

  async #otherThan(name: string): Promise<string | null> {
    try {
      const other = otherDialect(await this.#read(), name);
      return other !== null && Object.hasOwn(this.#line.dialects, other) ? other : null;
    } catch (error) {
      if (error instanceof FileError) return null; // thrown again when it is opened
      throw error;
    }
  }

  #read(): Promise<PayloadFile> {
    this.#file ??= readPayloadFile("NEW", this.path);
    return this.#file;
  }
}

/** Returns the options that a dialect adds: its own options, and a variant of each that applies only to NEW. */
export function optionsForNew(dialect: CliDialect): readonly CommandOption[] {
  return ownOptionsOf(dialect).flatMap(({ help, name, value }) => [
    { name, value, help },
    { name: `${name}${SUFFIX}`, value, help },
  ]);
}

function ownOptionsOf({ options }: CliDialect): CliDialect["options"] {
  return options.filter(({ commands }) => commands.includes("diff"));
}
