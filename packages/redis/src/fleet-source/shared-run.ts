import {
  type ConfigurationOrigin,
  createClock,
  draw,
  messageOf,
  type SourceContext,
  Subscribers,
} from "@sortition/core/internal";
import { type PubsubState, Subscriber } from "../connection/subscriber.js";
import { factsOf } from "../error-facts.js";
import type { FleetPorts } from "../fleet-services.js";
import { sourceOf } from "../keys/keys.js";
import { SourceNotes } from "../sources/source-notes.js";
import type { Counting } from "../worker/counters.js";
import { Protocol } from "../worker/protocol.js";
import { createToken } from "../worker/token.js";
import { Worker } from "../worker/worker.js";
import type { LastError } from "../worker/worker-state.js";

/** A worker with its connections. It exists from the first client to the end of the last one. */
export class SharedRun {
  readonly worker: Worker;
  readonly #subscriber: Subscriber | null;
  /** `null`: users did not name the namespace, so it cannot be mixed up. */
  readonly #sourceNotes: SourceNotes | null;
  readonly #endUse: () => void;
  readonly #stopListening: () => void;
  #ending: Promise<void> | null = null;

  /** @param context - ports of the first client, which are used for the whole run. */
  constructor(
    { connections, settings }: FleetPorts,
    origin: ConfigurationOrigin,
    context: SourceContext,
    counters: Counting,
  ) {
    const { commands } = connections;
    const { clock, diagnostics, digest, random } = context;
    const keys = settings.configuration.shared;
    const caller = { ...settings, token: createToken(), scope: origin.scope };
    const worker = new Worker({
      settings,
      origin,
      protocol: new Protocol(commands, keys, caller),
      subscribers: new Subscribers(),
      counters,
      clock,
      random: () => draw(random),
      digest,
      diagnostics,
    });
    this.worker = worker;
    this.#subscriber = settings.usesPubsub
      ? new Subscriber(connections.single("subscriber"), keys.changed, createClock(), {
          message: (text) => worker.message(text),
          subscribed: () => worker.wake(),
          refused: (error) => {
            const isDenied = error.code === "SORTITION_REDIS_DENIED";
            const verb = isDenied ? "denied" : "refused";
            diagnostics.warn(`pub/sub ${verb}, ticking only`, factsOf(error));
          },
        })
      : null;
    this.#sourceNotes = settings.isNamed
      ? new SourceNotes({
          ...{ clock: createClock(), diagnostics, link: commands },
          ...{ namespace: settings.namespace, source: sourceOf(origin) },
        })
      : null;
    let hasLeft = false;
    this.#stopListening = commands.listen({
      ready: () => {
        // The nodes of a cluster are known only now.
        this.#subscriber?.open();
        // A subscriber sends no command that would tell whether its server is the primary.
        if (hasLeft) this.#subscriber?.restart();
        hasLeft = false;
        void this.#sourceNotes?.note();
        worker.wake();
      },
      left: () => {
        hasLeft = true;
      },
      down: (error) => worker.disconnected(error),
    });
    this.#endUse = connections.begin();
    if (commands.isReady) this.#subscriber?.open();
    void this.#sourceNotes?.note();
    // Starts in the next turn, when the first client has joined.
    Promise.resolve()
      .then(() => worker.start(() => this.pubsub === "on"))
      .catch((cause) => {
        diagnostics.warn("source sink failed", { reason: messageOf(cause) });
        worker.wake();
      });
  }

  get pubsub(): PubsubState {
    return this.#subscriber?.state ?? "off";
  }

  /** What processes of another source in the same namespace mean. `null`: there are none. */
  get conflict(): LastError | null {
    return this.#sourceNotes?.conflict ?? null;
  }

  /** Releases the lease and disconnects. Synchronous work is done in the same turn. */
  end(isAborted: () => boolean): Promise<void> {
    this.#ending ??= this.#end(isAborted);
    return this.#ending;
  }

  async #end(isAborted: () => boolean): Promise<void> {
    this.#stopListening();
    this.#subscriber?.close();
    this.#sourceNotes?.end();
    const ending = this.worker.end(isAborted);
    await ending;
    this.#endUse();
  }
}
