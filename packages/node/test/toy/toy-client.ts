import { type AssignmentEvent, type Attributes, type Client, createClient } from "@sortition/core";
import type { ValueType } from "@sortition/core/dialect";
import { SILENT_DIAGNOSTICS } from "@sortition/core/kit";
import { plainToy, toySource } from "./toy-source.js";

/** A user in the toy SDK's format. */
export interface ToyUser {
  readonly id: string;
  readonly [attribute: string]: unknown;
}

/** The exposure that the toy SDK passes to its listener. */
export interface ToyExposure {
  readonly flag: string;
  readonly variation: string | null;
  readonly userId: string;
}

/** Options of {@link ToyClient}. */
export interface ToyClientOptions {
  /** The server's address. */
  readonly baseUrl: string;
  /** Called once per user, flag and variation. */
  readonly onExposure?: (exposure: ToyExposure) => void;
}

/** The toy SDK's class, implemented with a client. */
export class ToyClient {
  readonly #client: Client;

  constructor({ baseUrl, onExposure }: ToyClientOptions) {
    const logAssignment = (event: AssignmentEvent): void => onExposure?.(exposureOf(event));
    this.#client = createClient({
      dialect: plainToy(),
      source: toySource(baseUrl),
      assignmentLogger: onExposure === undefined ? null : { logAssignment },
      diagnostics: SILENT_DIAGNOSTICS, // the toy SDK logs nothing
      sdk: { name: "toy-sdk", version: "1.0.0" },
    });
  }

  /**
   * Returns the value for a user, or `fallback` if there is none or flags are not loaded yet. Never
   * throws.
   */
  variation<T>(flagKey: string, user: ToyUser, fallback: T): T {
    const { id: subjectKey, ...attributes } = user;
    const { value } = this.#client.evaluate({
      flagKey,
      subjectKey,
      subjectAttributes: attributes as Attributes, // any JSON is a valid attribute
      defaultValue: fallback,
      expectedType: typeOf(fallback),
    });
    return value as T; // has the expected type, or is the fallback
  }

  /** Ends the stream and delivers exposures. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** The toy SDK requests a value of the fallback's type. */
function typeOf(fallback: unknown): ValueType {
  switch (typeof fallback) {
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    case "number":
      return Number.isInteger(fallback) ? "integer" : "numeric";
    default:
      return "json";
  }
}

function exposureOf({ featureFlag, subject, variation }: AssignmentEvent): ToyExposure {
  return { flag: featureFlag, variation, userId: subject };
}
