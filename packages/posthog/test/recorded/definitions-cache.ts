import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import type {
  FlagDefinitionCacheData,
  FlagDefinitionCacheProvider,
  PostHog,
  PostHogFeatureFlag,
} from "../../src/index.js";
import { clientOf, DEFINITIONS, definitions, end, flagOf } from "./client.js";

/** A cache whose calls are recorded, and which can be made to fail or hang. */
class Cache implements FlagDefinitionCacheProvider {
  readonly #stage: Stage;
  data: FlagDefinitionCacheData | undefined;
  isLeader = true;
  /** Names of calls that fail. */
  failing: readonly string[] = [];
  /** Names of calls that never end. */
  hanging: readonly string[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async getFlagDefinitions(): Promise<FlagDefinitionCacheData | undefined> {
    await this.#called("getFlagDefinitions");
    return this.data;
  }

  async shouldFetchFlagDefinitions(): Promise<boolean> {
    await this.#called("shouldFetchFlagDefinitions");
    return this.isLeader;
  }

  async onFlagDefinitionsReceived(data: FlagDefinitionCacheData): Promise<void> {
    await this.#called("onFlagDefinitionsReceived", data);
    this.data = data;
  }

  async shutdown(): Promise<void> {
    await this.#called("shutdown of the cache");
  }

  async #called(name: string, ...parts: unknown[]): Promise<void> {
    this.#stage.note(name, ...parts);
    if (this.failing.includes(name)) throw new Error(`${name} failed`);
    if (this.hanging.includes(name)) await new Promise(() => {});
  }
}

function cached(key: string): FlagDefinitionCacheData {
  // The members that evaluation reads. The server sends more.
  const flags = [flagOf(key) as PostHogFeatureFlag];
  return { flags, groupTypeMapping: {}, cohorts: {} };
}

function clientWith(
  stage: Stage,
  cache: Cache,
  replies: readonly ScriptedReply[],
  secretKey: string | undefined = "phx_secret",
): PostHog {
  stage.server.on(DEFINITIONS, ...replies);
  return clientOf(stage, {
    secretKey,
    strictLocalEvaluation: true,
    sendFeatureFlagEvent: false,
    flagDefinitionCacheProvider: cache,
  });
}

function look(stage: Stage, client: PostHog): void {
  stage.note("flags", client.getFeatureFlagKeysByEvaluationRuntime("all"));
}

/** How a user's cache shares definitions. */
export const CACHES: readonly Situation[] = [
  {
    name: "a leader: definitions, the same, others, a failure, end",
    async play(stage) {
      const cache = new Cache(stage);
      const client = clientWith(stage, cache, [definitions("a"), 304, definitions("b"), 500]);
      await stage.advance(125_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "a follower: an empty cache, a cached one, a change, its own lead",
    async play(stage) {
      const cache = new Cache(stage);
      cache.isLeader = false;
      const client = clientWith(stage, cache, [definitions("a"), definitions("d")]);
      await stage.advance(1_000);
      look(stage, client);
      cache.data = cached("b");
      await stage.advance(30_000);
      look(stage, client);
      cache.data = undefined;
      stage.settles("reload", client.reloadFeatureFlags());
      await stage.advance(1_000);
      look(stage, client);
      cache.isLeader = true;
      await stage.advance(60_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "no secret key: the cache alone, empty and not",
    async play(stage) {
      const cache = new Cache(stage);
      const client = clientWith(stage, cache, [], "");
      stage.settles("ready", client.waitForLocalEvaluationReady(100_000));
      await stage.advance(20_000);
      cache.data = cached("b");
      await stage.advance(60_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "calls that fail",
    async play(stage) {
      const cache = new Cache(stage);
      const client = clientWith(stage, cache, [definitions("a"), definitions("b")]);
      cache.failing = ["onFlagDefinitionsReceived"];
      await stage.advance(20_000);
      cache.failing = ["shouldFetchFlagDefinitions"];
      await stage.advance(30_000);
      cache.isLeader = false;
      cache.failing = ["getFlagDefinitions", "shutdown of the cache"];
      await stage.advance(30_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "calls that never end",
    async play(stage) {
      const cache = new Cache(stage);
      cache.hanging = ["shouldFetchFlagDefinitions"];
      const client = clientWith(stage, cache, [definitions("a")]);
      stage.settles("ready", client.waitForLocalEvaluationReady(20_000));
      stage.settles("a", client.getFeatureFlag("a", "alice"));
      await stage.advance(100_000);
      cache.hanging = ["shutdown of the cache"];
      await end(stage, client, 2_000);
    },
  },
];
