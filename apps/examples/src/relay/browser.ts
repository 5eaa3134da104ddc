/// <reference lib="dom" />
// For a web page: the relay evaluates, and the page says which flags somebody saw. A token in a page is public.
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

/** Sends an exposure when a flag is first read with a variant: a second later, or at the end of the page. */
class ExposureHook implements Hook {
  readonly #relay: string;
  readonly #known = new Set<string>();
  /** Flags by the context, as JSON, in which they were read. */
  readonly #waiting = new Map<string, { readonly key: string; readonly variant: string }[]>();

  constructor(relay: string) {
    this.#relay = relay;
    addEventListener("pagehide", () => this.#send());
  }

  after({ context }: HookContext, { flagKey, variant }: EvaluationDetails<FlagValue>): void {
    const known = JSON.stringify([context.targetingKey, flagKey, variant]);
    if (variant === undefined || this.#known.has(known)) return;
    this.#known.add(known);
    if (this.#waiting.size === 0) setTimeout(() => this.#send(), 1_000);
    const name = JSON.stringify(context);
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), { key: flagKey, variant }]);
  }

  #send(): void {
    // The provider has the address among what it knows of all flags, which it gives with a flag that there is not.
    const { flagMetadata } = OpenFeature.getClient().getBooleanDetails("exposures", false);
    const url = new URL(String(flagMetadata["exposures"]), this.#relay);
    for (const [context, flags] of this.#waiting) {
      for (let i = 0; i < flags.length; i += 100) {
        const body = { context: JSON.parse(context), flags: flags.slice(i, i + 100) };
        navigator.sendBeacon(url, new Blob([JSON.stringify(body)], { type: "text/plain" }));
      }
    }
    this.#waiting.clear();
  }
}

/** Shows which checkout the user gets, now and after each change. */
export async function showCheckout(relay: string, token: string, userId: string): Promise<void> {
  OpenFeature.addHooks(new ExposureHook(relay));
  await OpenFeature.setContext({ targetingKey: userId, country: "DE" });
  const headers = [["Authorization", `Bearer ${token}`]] satisfies [string, string][];
  const provider = new OFREPWebProvider({ baseUrl: relay, headers });
  await OpenFeature.setProviderAndWait(provider as Provider); // its types say more than `exactOptionalPropertyTypes` takes
  const flags = OpenFeature.getClient();
  const show = (): void => {
    document.body.textContent = flags.getStringValue("checkout", "standard");
  };
  flags.addHandler(ProviderEvents.ConfigurationChanged, show);
  show();
}
