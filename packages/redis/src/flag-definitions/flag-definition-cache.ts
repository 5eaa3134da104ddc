import { pause, within } from "@sortition/core/internal";
import type { FleetServices } from "../fleet-services.js";
import claimText from "../lua/definitions-claim.lua";
import releaseText from "../lua/definitions-release.lua";
import { OutageReports } from "../outage-reports.js";
import { createScript, type Script } from "../scripts/script.js";
import { Protocol } from "../worker/protocol.js";
import type { Stored } from "../worker/replies.js";
import {
  type FlagDefinitions,
  type HeldDefinitions,
  heldHashes,
  publicationOf,
  receivedDefinitions,
  storedDefinitions,
} from "./held-definitions.js";

/**
 * Shares the flag definitions of a vendor's client within a fleet. It has the methods of PostHog's
 * `FlagDefinitionCacheProvider`. One process per interval fetches and publishes, and all others
 * read what it published.
 */
export interface FlagDefinitionCache<Data extends FlagDefinitions> {
  /**
   * Whether the caller should fetch now. Returns false while Redis is down, if there are
   * definitions in memory.
   *
   * @throws RedisError if Redis is down and there are no definitions. The client then fetches by
   * itself.
   */
  shouldFetchFlagDefinitions(): Promise<boolean>;
  /**
   * Returns the newest definitions. Waits for the first ones of another process, for 2 s or 2 ×
   * `commandTimeoutMs`, whichever is longer.
   */
  getFlagDefinitions(): Promise<Data | undefined>;
  /**
   * Keeps definitions in this process, and publishes them unless another process has fetched since.
   * If Redis does not accept them now, the next call that reaches Redis stores them. An empty set
   * is ignored. Never rejects.
   */
  onFlagDefinitionsReceived(data: Data): Promise<void>;
  /**
   * Ends the cache. If this process was about to fetch, another one may fetch instead. Never
   * rejects.
   */
  shutdown(): Promise<void>;
}

const CLAIM: Script = createScript(claimText);
const RELEASE: Script = createScript(releaseText);

/**
 * Minimum time between two fetches, as a share of the interval. Clients poll once per interval, but
 * not to the millisecond.
 */
const GATE = 0.9;
/** How long other processes wait for a fetch while no definitions are stored. */
const EMPTY_GATE_MS = 12_000;
/**
 * How long `getFlagDefinitions` waits for the first definitions, unless two commands may take
 * longer.
 */
const FIRST_MS = 2_000;
const POLL_AGAIN_MS = 50;
const SHUTDOWN_MS = 400;

/** The cache of one fleet. Its keys differ from those of the shared configuration. */
export class RedisFlagDefinitionCache<Data extends FlagDefinitions>
  implements FlagDefinitionCache<Data>
{
  readonly #services: FleetServices;
  readonly #protocol: Protocol;
  readonly #outages: OutageReports;
  readonly #release: () => void;
  #held: HeldDefinitions<Data> | null = null;
  /** The fetch that the client was told to start. */
  #claim: { readonly n: string; readonly sinceMs: number } | null = null;
  /** The greatest fence number that this process has received. */
  #known = 0;
  /** How long the last claim took. An age grows by at most this much until Redis receives it. */
  #tripMs = 0;
  #ending: Promise<void> | undefined;

  constructor(services: FleetServices) {
    const { link, settings, token } = services;
    const { commandTimeoutMs, namespace, pollIntervalMs } = settings;
    this.#services = services;
    this.#protocol = new Protocol(link, namespace.sharedAs("definitions:"), {
      token,
      scope: "",
      leaseMs: pollIntervalMs,
      claimMs: pollIntervalMs,
      commandTimeoutMs,
    });
    this.#outages = new OutageReports(services, {
      begun: "flag definitions unreachable",
      ended: "flag definitions reachable again",
    });
    this.#release = services.retain({ close: () => this.shutdown() });
  }

  async shouldFetchFlagDefinitions(): Promise<boolean> {
    if (this.#ending !== undefined) return false;
    const { fence, gate, config, poll } = this.#protocol.keys;
    const { token } = this.#services;
    let isMine = false;
    try {
      await this.#services.link.settled();
      const emptyGateMs = Math.min(EMPTY_GATE_MS, this.#gateMs);
      const askedMs = this.#nowMs;
      const reply = await this.#services.link.run(
        CLAIM,
        [fence, gate, config, poll],
        [token, this.#gateMs, emptyGateMs, Math.max(this.#known, this.#held?.revision ?? 0)],
      );
      this.#tripMs = this.#nowMs - askedMs;
      const [granted, n, revision] = (reply as readonly unknown[]).map(String);
      isMine = granted === "1";
      if (isMine) {
        this.#claim = { n: n ?? "", sinceMs: this.#nowMs };
        this.#known = Math.max(this.#known, Number(n));
      }
      await this.#restore(Number(revision));
      this.#outages.note(null);
    } catch (error) {
      this.#outages.note(error);
      if (this.#held === null) throw error;
    }
    return isMine;
  }

  async getFlagDefinitions(): Promise<Data | undefined> {
    // A client that waits in vain requests the definitions itself.
    const endsAtMs = this.#nowMs + Math.max(FIRST_MS, 2 * this.#services.settings.commandTimeoutMs);
    try {
      await this.#services.link.settled();
      let isStored = await this.#read();
      while (!isStored && this.#held === null && this.#nowMs < endsAtMs) {
        await pause(this.#services.clock, POLL_AGAIN_MS, { holdsProcess: true });
        isStored = await this.#read();
      }
      this.#outages.note(null);
    } catch (error) {
      this.#outages.note(error);
      if (this.#held === null) throw error;
    }
    return this.#held?.data;
  }

  async onFlagDefinitionsReceived(data: Data): Promise<void> {
    const claim = this.#claim;
    this.#claim = null;
    if (this.#ending !== undefined || data.flags.length === 0) return;
    const received = receivedDefinitions(data, this.#nowMs);
    const revision = this.#held?.revision ?? 0;
    this.#held = received;
    // Redis was down when the client asked, or the definitions are too large. They are for this
    // process only.
    if (claim === null || received.bytes.length > this.#services.settings.maxPayloadBytes) return;
    // Greater than every revision before the claim, and smaller than every revision after it.
    this.#held = { ...received, revision: Number(claim.n), fence: claim.n };
    try {
      const reply = await this.#protocol.settle({
        ...{ n: claim.n, sha: received.hash, known: Math.max(this.#known, revision) },
        ...{ outcome: "ok", status: 200, failures: 0, isRepair: false },
        gateMs: this.#gateMs,
        attemptMs: this.#nowMs - claim.sinceMs + this.#tripMs,
        publication: await this.#publicationOf(received),
      });
      this.#outages.note(null);
      // Another process has fetched in the meantime, and its definitions are newer.
      if (reply.kind === "fenced")
        this.#services.diagnostics.warn("write fenced", { part: "definitions" });
      else if (reply.kind !== "body") {
        this.#held = { ...received, revision: reply.revision, fence: claim.n };
      }
    } catch (error) {
      this.#outages.note(error);
    }
  }

  shutdown(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  get #nowMs(): number {
    return this.#services.clock.monotonicMs();
  }

  get #gateMs(): number {
    return Math.round(GATE * this.#services.settings.pollIntervalMs);
  }

  /** Reads the stored definitions. Resolves to false if there are none. */
  async #read(): Promise<boolean> {
    const askedMs = this.#nowMs;
    const stored = await this.#protocol.read(heldHashes(this.#held), false);
    if (stored === null) return false;
    if (this.#held !== null && isOlder(stored, this.#held, askedMs)) return true;
    const limits = { nowMs: askedMs, maxBytes: this.#services.settings.maxPayloadBytes };
    const definitions = await storedDefinitions(stored, this.#held, limits);
    if (definitions !== null) this.#held = definitions;
    else this.#services.diagnostics.error("stored payload corrupt", { part: "definitions" });
    return true;
  }

  /** Stores the definitions in memory again if Redis has lost or refused them. */
  async #restore(storedRevision: number): Promise<void> {
    const held = this.#held;
    if (held === null || held.revision <= storedRevision) return;
    const { revision, fence, hash: sha } = held;
    const okAgeMs = this.#nowMs - held.receivedMs + this.#tripMs;
    const publication = await this.#publicationOf(held);
    await this.#protocol.restore({ revision, sha, okAgeMs, fence, publication });
  }

  #publicationOf(held: HeldDefinitions<Data>): ReturnType<typeof publicationOf> {
    const { clock, settings } = this.#services;
    const { compressFromBytes } = settings;
    return publicationOf(held, { nowMs: clock.now(), compressFromBytes });
  }

  async #end(): Promise<void> {
    const limit = { clock: this.#services.clock, timeoutMs: SHUTDOWN_MS, holdsProcess: true };
    if (this.#claim !== null) {
      const { gate } = this.#protocol.keys;
      await within(limit, () => this.#services.link.run(RELEASE, [gate], [this.#services.token]));
    }
    this.#release();
  }
}

function isOlder(
  { okAgeMs, revision }: Stored,
  held: HeldDefinitions<unknown>,
  askedMs: number,
): boolean {
  if (held.revision > 0) return revision < held.revision;
  // Definitions for this process only have no revision. Ages are whole milliseconds.
  return okAgeMs === null || askedMs - okAgeMs - 1 <= held.receivedMs;
}
