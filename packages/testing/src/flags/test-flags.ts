import {
  type Client,
  type ClientOptions,
  Configuration,
  type ConfigurationSource,
  createClient,
  type Dialect,
  HttpStatusError,
} from "@sortition/core";
import { type EvaluationDetails, eppo, eppoExplainer } from "@sortition/core/eppo";
import {
  explainedOn,
  type Failure,
  OptionError,
  type PayloadSet,
  type RefreshOutcome,
  rejectUnknownOptions,
  requireMethods,
  type SourceContext,
  type SourceSink,
  type Subscription,
} from "@sortition/core/internal";
import {
  type BanditDefinition,
  type FlagDefinition,
  type FlagType,
  FormatError,
  type Json,
  type PayloadParts,
  type Writer,
} from "@sortition/test-kit/flags";
import { type Explainer, rememberClock, rememberFlags } from "../explaining/remembered.js";
import { BanditBuilder } from "./bandit.js";
import { BooleanFlag, ON_OFF } from "./boolean-flag.js";
import { type Contents, contentsOf, textsOf, withParts, withText } from "./contents.js";
import { jsonText } from "./json-text.js";
import type { Publisher } from "./publisher.js";
import { shown } from "./shown.js";
import { testDiagnostics } from "./test-diagnostics.js";
import { ValueFlag } from "./value-flag.js";
import { writerOf } from "./writer-of.js";

/** Options of {@link testFlags}. */
export interface TestFlagsOptions<Details extends object = object, Extras = unknown> {
  /** Dialect whose format the flags are written in. Default: `eppo()`. */
  readonly dialect?: Dialect<Details, Extras> | undefined;
  /**
   * The dialect's explainer, used in failure messages of matchers and searches: `growthbookExplainer`,
   * `amplitudeExplainer` or `posthogExplainer`, from `/explain` of their packages. Eppo's is built in.
   */
  readonly explainer?: Explainer | undefined;
}

/** Options of a client of test flags: the options of any client except the dialect and the source. */
export type TestClientOptions<Details extends object = object, Extras = unknown> = Omit<
  ClientOptions<Details, Extras>,
  "dialect" | "source"
>;

/**
 * Creates flags that a test describes. They are written in the vendor's own format, and clients evaluate them with the
 * vendor's own hashing. Use them as the `source` of any client. Clients receive each change as one update, in the same turn.
 *
 * @throws OptionError if the dialect has no writer.
 */
export function testFlags<Details extends object = EvaluationDetails, Extras = unknown>(
  options: TestFlagsOptions<Details, Extras> = {},
): TestFlags<Details, Extras> {
  if ("compile" in Object(options)) {
    throw new OptionError("testFlags", "got a dialect: write testFlags({ dialect })");
  }
  if (typeof options === "string") {
    throw new OptionError("testFlags", "got a string: write testFlags({ dialect: growthbook() })");
  }
  rejectUnknownOptions(options, ["dialect", "explainer"], undefined, (name) => {
    const hints = explainedOn("/guides/testing.md")();
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const [[key, given] = [name, value]] = name === "flags" ? Object.entries(Object(value)) : [];
    const call = builderCall(given, key);
    return call === null ? hints : { ...hints, names: { [name]: `to add a flag, write ${call}` } };
  });
  // Defaults to `eppo()`, which matches the default of `Details`.
  const dialect = options.dialect ?? (eppo() as unknown as Dialect<Details, Extras>);
  const advice = ", such as dialect: growthbook()";
  requireMethods("dialect", dialect, ["compile", "createTrace"], advice);
  requireMethods("explainer", options.explainer, ["explaining"]);
  const writer = writerOf(dialect.name);
  const explainer = options.explainer ?? (dialect.name === "eppo" ? eppoExplainer : null);
  return new TestFlags({ dialect, explainer, writer }, contentsOf(writer.empty));
}

/** The members that all forks of test flags share. */
interface Frame<Details extends object, Extras> {
  readonly dialect: Dialect<Details, Extras>;
  readonly explainer: Explainer | null;
  readonly writer: Writer;
}

/** Flags of a test, created by {@link testFlags}. */
export class TestFlags<Details extends object = object, Extras = unknown>
  implements ConfigurationSource
{
  readonly kind = "static";
  readonly intervalMs = null;
  readonly #frame: Frame<Details, Extras>;
  readonly #clients = new Map<SourceSink, SourceContext>();
  readonly #pending = new Set<Promise<unknown>>();
  /** Messages about flags whose builders have had no call that publishes them, by key. */
  readonly #unpublished = new Map<string, string>();
  #contents: Contents;
  /** Compiled from the contents on first use. */
  #configuration: Configuration | null = null;
  #failure: Failure | null = null;

  /** Called by {@link testFlags}. */
  constructor(frame: Frame<Details, Extras>, contents: Contents) {
    this.#frame = frame;
    this.#contents = contents;
  }

  /** The dialect whose format the flags are written in. */
  get dialect(): Dialect<Details, Extras> {
    return this.#frame.dialect;
  }

  /**
   * Describes a boolean flag. It replaces any earlier description of this key.
   *
   * @throws OptionError if a flag of another type has this key.
   */
  boolean(key: string): BooleanFlag;
  boolean(key: string, ...others: readonly unknown[]): BooleanFlag {
    return new BooleanFlag(this.#publisher, this.#begin(key, "boolean", others));
  }

  /** Describes a string flag, like {@link boolean}. It keeps the variations that were declared earlier. */
  string(key: string): ValueFlag<string>;
  string(key: string, ...others: readonly unknown[]): ValueFlag<string> {
    return new ValueFlag(this.#publisher, this.#begin(key, "string", others));
  }

  /** Describes an integer flag, like {@link string}. */
  integer(key: string): ValueFlag<number>;
  integer(key: string, ...others: readonly unknown[]): ValueFlag<number> {
    return new ValueFlag(this.#publisher, this.#begin(key, "integer", others));
  }

  /** Describes a number flag (`getNumericAssignment`), like {@link string}. */
  number(key: string): ValueFlag<number>;
  number(key: string, ...others: readonly unknown[]): ValueFlag<number> {
    return new ValueFlag(this.#publisher, this.#begin(key, "number", others));
  }

  /** Describes a flag of JSON objects, like {@link string}. */
  json(key: string): ValueFlag<Exclude<Json, string | number | boolean | null>>;
  json(
    key: string,
    ...others: readonly unknown[]
  ): ValueFlag<Exclude<Json, string | number | boolean | null>> {
    return new ValueFlag(this.#publisher, this.#begin(key, "json", others));
  }

  /** Describes a bandit, and a string flag of the same key that assigns every subject to it. */
  bandit(key: string): BanditBuilder {
    return new BanditBuilder(this.#publisher, checkedKey("bandit", key));
  }

  /**
   * Sets a payload as the vendor's server sends it. Flags that you describe later are changed or added in it.
   *
   * @param payload - the body as text, or the parsed body.
   * @param part - `bandits` for Eppo's models. Default: `flags`.
   * @throws OptionError if the payload is not JSON, or has a member that JSON cannot express; DecodeError if the dialect
   * cannot use it. In both cases the flags stay unchanged.
   */
  set(payload: string | object, part = "flags"): this {
    const given = typeof payload === "string" ? payload : jsonText(payload, "flags.set", "$");
    if (areValues(payload)) {
      const [key] = Object.keys(payload);
      const form = `flags.boolean("${key}").on(), or flags.string("${key}").variations(…)`;
      throw new OptionError("flags.set", `got values, not a payload: write ${form}`);
    }
    // Files saved by an editor may begin with a byte order mark, which clients do not accept.
    const text = given.replace(/^\ufeff/, "");
    let contents: Contents;
    try {
      contents = withText(this.#contents, part, text);
    } catch (cause) {
      // JSON.parse throws errors.
      const problem = /^[^{\n]+\.json$/.test(text)
        ? `is a path: pass readFileSync("${text}", "utf8")`
        : `expected JSON: ${(cause as Error).message}`;
      throw new OptionError("flags.set", problem);
    }
    if (!this.#isPrepared) this.#configuration = this.#compile(contents);
    this.#replace(contents);
    return this;
  }

  /** Returns the body of a part, `flags` or Eppo's `bandits`, as the vendor's server would send it. */
  payload(part = "flags"): string {
    const texts = textsOf(this.#contents);
    const text = texts[part];
    if (text !== undefined) return text;
    const known = Object.keys(texts).join(", ");
    throw new OptionError("flags.payload", `expected one of ${known}, received "${part}"`);
  }

  /** Returns an independent copy of these flags, for a test that runs in parallel with others. */
  fork(): TestFlags<Details, Extras> {
    return flagsOf(this.#frame, this.#contents);
  }

  /**
   * Creates a client of these flags. It logs nothing without `assignmentLogger`. Without `diagnostics`, it only prints a
   * getter of another type, and a key that differs from a described one by case or punctuation.
   *
   * @throws OptionError if an option is invalid.
   */
  client(options: TestClientOptions<Details, Extras> = {}): Client<Details, Extras> {
    const client = createClient<Details, Extras>({
      assignmentLogger: null,
      diagnostics: testDiagnostics(this.#unpublished),
      ...options,
      dialect: this.#frame.dialect,
      source: this,
    });
    rememberClock(client, options.clock?.now);
    return client;
  }

  /** Simulates a server that fails with this status. Clients keep their configuration and report the failure in `status`. */
  fail(status = 503): this {
    if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
      const form = /^[2-5]\d\d$/.test(`${status}`)
        ? status
        : "503, or start a flagServer for other faults";
      const problem = `expected a status from 200 to 599, received ${shown(status)}: write ${form}`;
      throw new OptionError("flags.fail", problem);
    }
    const isUnauthorized = status === 401 || status === 403;
    const kind = isUnauthorized ? "unauthorized" : "transient";
    this.#failure = { kind, error: new HttpStatusError(status, null), retryAfterMs: null };
    this.#serveAll();
    return this;
  }

  /** Ends {@link fail}. Clients receive the changes that were made in the meantime. */
  recover(): this {
    this.#failure = null;
    this.#serveAll();
    return this;
  }

  /** Resolves when all clients have the current flags. Only clients of a vendor's SDK need time for that. Never rejects. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Called by clients. */
  subscribe(sink: SourceSink, context: SourceContext): Subscription {
    this.#clients.set(sink, context);
    this.#serve(sink, context);
    return {
      end: async () => {
        this.#clients.delete(sink);
      },
    };
  }

  /** Called by clients. */
  async refresh(): Promise<RefreshOutcome> {
    this.#serveAll();
    await this.settled();
    if (this.#failure !== null) return { outcome: "failed", error: this.#failure.error };
    return { outcome: "unchanged" };
  }

  /** Whether the dialect prepares payloads asynchronously, for example by decrypting them. */
  get #isPrepared(): boolean {
    return this.#frame.dialect.prepare !== undefined;
  }

  get #publisher(): Publisher {
    const { writer } = this.#frame;
    return {
      publishFlag: (flag, call) =>
        this.#publish((parts) => writer.withFlag(parts, flag), flag, call),
      publishBandit: (bandit, call) =>
        this.#publish((parts) => withBandit(writer, parts, bandit), null, call),
    };
  }

  #publish(
    write: (parts: PayloadParts) => PayloadParts,
    flag: FlagDefinition | null,
    call: string,
  ): void {
    let parts: PayloadParts;
    try {
      parts = write(this.#contents.parts);
    } catch (cause) {
      if (cause instanceof FormatError) throw new OptionError(call, cause.message);
      throw cause;
    }
    if (flag !== null) this.#unpublished.delete(flag.key);
    this.#configuration = null;
    this.#replace(withParts(this.#contents, parts, flag));
  }

  #replace(contents: Contents): void {
    this.#contents = contents;
    if (this.#failure !== null) return;
    this.#serveAll();
  }

  #serveAll(): void {
    for (const [sink, context] of this.#clients) this.#serve(sink, context);
  }

  /** Passes the current flags, or the failure, to a client. */
  #serve(sink: SourceSink, context: SourceContext): void {
    if (this.#failure !== null) sink.failed(this.#failure, { inMs: null });
    else if (this.#isPrepared) this.#offer(sink, payloadsOf(this.#contents));
    else this.#install(sink, context, this.#compiled());
  }

  #install(sink: SourceSink, context: SourceContext, configuration: Configuration): void {
    if (context.current() === configuration.payloads) sink.confirmed();
    else if (sink.install !== undefined) sink.install(configuration);
    else this.#offer(sink, configuration.payloads);
  }

  #offer(sink: SourceSink, payloads: PayloadSet): void {
    const offer = sink.offer(payloads).catch(() => {}); // `settled` never rejects
    this.#pending.add(offer);
    void offer.then(() => this.#pending.delete(offer));
  }

  #compiled(): Configuration {
    this.#configuration ??= this.#compile(this.#contents);
    return this.#configuration;
  }

  #compile(contents: Contents): Configuration {
    const { dialect, explainer, writer } = this.#frame;
    const configuration = Configuration.from({ dialect, payloads: textsOf(contents) });
    const flags = [...contents.flags].map(
      ([key, flag]) => [writer.readKeyOf?.(flag) ?? key, flag] as const,
    );
    rememberFlags(configuration, { explainer, flags: new Map(flags) });
    return configuration;
  }

  /** @param others - arguments that JavaScript may pass, such as the value. */
  #begin(key: string, type: FlagType, others: readonly unknown[]): FlagDefinition {
    const former = this.#contents.flags.get(checkedKey(type, key));
    const known = former?.type ?? this.#frame.writer.typeOf?.(this.#contents.parts, key) ?? null;
    if (known !== null && known !== type) {
      const problem = `expected another key, because flags.${known} already uses this one`;
      throw new OptionError(`flags.${type}(${JSON.stringify(key)})`, problem);
    }
    if (others.length > 0) {
      const call = `flags.${type}(${[key, ...others].map(shown).join(", ")})`;
      const instead =
        builderCall(others[0], key) ?? `flags.${type}(${JSON.stringify(key)}).variations(…)`;
      throw new OptionError(call, `expected only the key: write ${instead}`);
    }
    if (former === undefined) {
      const call = type === "boolean" ? "on()" : "variations(…)";
      const problem = `flags.${type}(${JSON.stringify(key)}) has no effect: add .${call} to it`;
      this.#unpublished.set(key, problem);
    }
    const variations = type === "boolean" ? ON_OFF : (former?.variations ?? new Map());
    return { key, type, state: "active", variations, rules: [], otherwise: null };
  }
}

function checkedKey(method: string, key: unknown): string {
  if (typeof key === "string" && key !== "") return key;
  throw new OptionError(`flags.${method}`, `expected the key of a flag, received ${String(key)}`);
}

/** Returns the call that adds a flag with this value for all subjects; `null` for objects. */
function builderCall(value: unknown, key: string): string | null {
  const name = JSON.stringify(key);
  if (typeof value === "boolean") return `flags.boolean(${name}).${value ? "on" : "off"}()`;
  if (typeof value !== "string" && typeof value !== "number") return null;
  const type =
    typeof value === "string" ? "string" : Number.isInteger(value) ? "integer" : "number";
  return `flags.${type}(${name}).variations(${JSON.stringify(value)}).otherwise(${JSON.stringify(String(value))})`;
}

function payloadsOf(contents: Contents): PayloadSet {
  const fetchedAtMs = Date.now();
  return Object.entries(textsOf(contents)).map(([part, text]) => {
    const bytes = new TextEncoder().encode(text);
    return { part, bytes, etag: null, fetchedAtMs, from: "static" };
  });
}

// This function is outside the class because bundlers rename a class that refers to itself.
function flagsOf<Details extends object, Extras>(
  frame: Frame<Details, Extras>,
  contents: Contents,
): TestFlags<Details, Extras> {
  return new TestFlags(frame, contents);
}

/** Whether an object has values of flags, such as `{ "new-ui": true }`. Each vendor's payload has a list or an object. */
function areValues(payload: string | object): payload is object {
  const values = typeof payload === "string" ? [] : Object.values(payload ?? {});
  return values.length > 0 && values.every((it) => typeof it !== "object");
}

function withBandit(writer: Writer, parts: PayloadParts, bandit: BanditDefinition): PayloadParts {
  if (writer.withBandit !== undefined) return writer.withBandit(parts, bandit);
  const problem = `${writer.format} has no bandits that choose among actions of the caller`;
  throw new FormatError(`${problem}: use Eppo's format: write testFlags() without a dialect`);
}
