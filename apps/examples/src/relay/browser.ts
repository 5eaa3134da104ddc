/// <reference lib="dom" />
// For a web page. The relay evaluates, and the page reports the flags that it displayed. A token in a page is public.
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import {
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  type HookContext,
  OpenFeature,
  type Provider,
  ProviderEvents,
} from "@openfeature/web-sdk";

/** Reports each flag and variant once: a second after the first read, or when the page is closed. */
class ExposureHook implements Hook {
  readonly #relay: string;
  readonly #token: string;
  readonly #known = new Set<string>();
  /** Flags, by the context (as JSON) in which they were read. */
  readonly #waiting = new Map<string, { readonly key: string; readonly variant?: string }[]>();

  constructor(relay: string, token: string) {
    this.#relay = relay;
    this.#token = token;
    addEventListener("pagehide", () => this.#sendAtEnd());
  }

  after({ context }: HookContext, { flagKey: key, variant }: EvaluationDetails<FlagValue>): void {
    const known = JSON.stringify([context.targetingKey, key, variant]);
    if (this.#known.has(known)) return;
    this.#known.add(known);
    if (this.#waiting.size === 0) setTimeout(() => this.#send(), 1_000);
    const name = JSON.stringify(context);
    // PostHog's `false` has no variant, but is an exposure.
    const flag = variant === undefined ? { key } : { key, variant };
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), flag]);
  }

  #send(): void {
    const authorization = `Bearer ${this.#token}`;
    const headers = { authorization, "content-type": "application/json" };
    const options = { method: "POST", headers, keepalive: true };
    for (const body of this.#take()) void fetch(`${this.#relay}/exposures`, { ...options, body });
  }

  /** A page that closes cannot send headers, so the address contains a ticket, which expires after one to two hours. */
  #sendAtEnd(): void {
    // The relay's response has metadata with this address. The provider returns the metadata for any key that is not a
    // flag, such as "exposures".
    const { flagMetadata } = OpenFeature.getClient().getBooleanDetails("exposures", false);
    const url = new URL(String(flagMetadata["exposures"]), this.#relay);
    for (const body of this.#take()) {
      navigator.sendBeacon(url, new Blob([body], { type: "text/plain" }));
    }
  }

  /** Request bodies with the waiting flags, at most 100 in each. */
  #take(): readonly string[] {
    const bodies = [...this.#waiting].flatMap(([context, flags]) =>
      Array.from({ length: Math.ceil(flags.length / 100) }, (_, i) =>
        JSON.stringify({
          context: JSON.parse(context),
          flags: flags.slice(i * 100, (i + 1) * 100),
        }),
      ),
    );
    this.#waiting.clear();
    return bodies;
  }
}

/** Shows which checkout the user gets, now and after each change. */
export async function showCheckout(relay: string, token: string, userId: string): Promise<void> {
  OpenFeature.addHooks(new ExposureHook(relay, token));
  await OpenFeature.setContext({ targetingKey: userId, country: "DE" });
  const headers = [["Authorization", `Bearer ${token}`]] satisfies [string, string][];
  const provider = new OFREPWebProvider({ baseUrl: relay, headers });
  // Only `exactOptionalPropertyTypes` needs this cast.
  await OpenFeature.setProviderAndWait(provider as Provider);
  const flags = OpenFeature.getClient();
  const show = (): void => {
    document.body.textContent = flags.getStringValue("checkout", "standard");
  };
  flags.addHandler(ProviderEvents.ConfigurationChanged, show);
  show();
}
