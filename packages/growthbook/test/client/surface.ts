import type { SurfaceLists } from "@sortition/dialect-kit/surface";

/** The names that do not work as in the vendor's SDK. All others work, which the tests compare with our declarations. */
export type Exceptions = Omit<SurfaceLists, "works">;

const CLASS = "contains a class, whose private members are not the vendor's";

/** Types that contain such a class, both read and written. */
function contain(...types: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    types.flatMap((it) => [
      [`read ${it}`, CLASS],
      [`write ${it}`, CLASS],
    ]),
  );
}

/** Names of `@growthbook/growthbook` that work only on pages, have no effect, or are missing. */
export const GROWTHBOOK_SURFACE: Exceptions = {
  differs: {
    "CacheSettings.disableIdleStreams": "without effect: a server has no tabs",
    "CacheSettings.idleStreamInterval": "without effect: a server has no tabs",
    "GrowthBook.getRedirectUrl": "works without a page: the target; nothing is redirected",
    "GrowthBook.triggerAutoExperiments": "works without a page: the same",
    "GrowthBook.triggerExperiment":
      "works without a page: runs auto experiments; a page is not changed",
    "Helpers.startIdleListener": "without effect: a server has no tabs",
    "Helpers.stopIdleListener": "without effect: a server has no tabs",
    "Options.antiFlicker": "without effect: for pages",
    "Options.antiFlickerTimeout": "without effect: for pages",
    "Options.applyDomChangesCallback": "without effect: for pages",
    "Options.blockedChangeIds": "works without a page: those are not assigned",
    "Options.disableCrossOriginUrlRedirectExperiments":
      "works without a page: those are not assigned",
    "Options.disableDevTools": "without effect: for pages",
    "Options.disableExperimentsOnLoad":
      "works without a page: none before `triggerAutoExperiments`",
    "Options.disableJsInjection": "works without a page: those are not assigned",
    "Options.disableUrlRedirectExperiments": "works without a page: those are not assigned",
    "Options.disableVisualExperiments": "works without a page: those are not assigned",
    "Options.experiments": "experiments are assigned and tracked, but no page is changed",
    "Options.jsInjectionNonce": "without effect: for pages",
    "Options.maxNavigateDelay": "without effect: for pages",
    "Options.navigate": "works without a page: called at once",
    "Options.navigateDelay": "without effect: for pages",
    "UserContext.blockedChangeIds":
      "works without a page: accepted; a client runs no auto experiments",
  },
  notThere: {
    BrowserCookieStickyBucketService: "for browsers",
    "BrowserCookieStickyBucketService.*": "for browsers",
    JsCookiesCompat: "for browsers",
    "JsCookiesCompat.*": "for browsers",
    LocalStorageStickyBucketService: "for browsers",
    "LocalStorageStickyBucketService.*": "for browsers",
    onHidden: "a server has no tabs",
    onVisible: "a server has no tabs",
    "typeof BrowserCookieStickyBucketService(*": "for browsers",
    "typeof LocalStorageStickyBucketService(*": "for browsers",
  },
  otherTypes: {
    ...contain("ClientOptions", "Context", "MultiUserOptions", "Options", "Plugin"),
    "new GrowthBook": CLASS,
    "new GrowthBookClient": CLASS,
    "new GrowthBookMultiUser": CLASS,
    "new UserScopedGrowthBook": CLASS,
    "read GrowthBook": CLASS,
    "read GrowthBookClient": CLASS,
    "read GrowthBookMultiUser": CLASS,
    "read Helpers": "`eventSourceCall` returns the part of an `EventSource` that is used",
    "read IORedisCompat": "wider: clients whose `mget` finds nothing for a key are accepted",
    "read InitOptions": "wider: some `cacheSettings` are enough",
    "read ResponseCompat": "wider: `cookie` returns anything",
    "typeof helpers": "`eventSourceCall` returns the part of an `EventSource` that is used",
  },
  inner: [],
};

/** The same of `@growthbook/growthbook/plugins`. */
export const PLUGINS_SURFACE: Exceptions = {
  differs: {
    "CacheSettings.disableIdleStreams": "without effect: a server has no tabs",
    "CacheSettings.idleStreamInterval": "without effect: a server has no tabs",
    "GrowthBook.getRedirectUrl": "works without a page: the target; nothing is redirected",
    "GrowthBook.triggerAutoExperiments": "works without a page: the same",
    "GrowthBook.triggerExperiment":
      "works without a page: runs auto experiments; a page is not changed",
    "GrowthBookTrackingOptions.transport": "without effect: there is one way on a server",
    "UserContext.blockedChangeIds":
      "works without a page: accepted; a client runs no auto experiments",
  },
  notThere: {
    AutoAttributeSettings: "for browsers",
    "AutoAttributeSettings.*": "for browsers",
    Trackers: "for browsers",
    autoAttributesPlugin: "for browsers",
    devtoolsPlugin: "for browsers",
    thirdPartyTrackingPlugin: "for browsers",
    "thirdPartyTrackingPlugin(*": "for browsers",
  },
  otherTypes: {
    "typeof devtoolsExpressPlugin": CLASS,
    "typeof devtoolsNextjsPlugin": CLASS,
    "typeof getDebugEvent": CLASS,
    "typeof getDebugScriptContents": CLASS,
    "typeof getTracingTags": CLASS,
    "typeof growthbookTrackingPlugin": CLASS,
    "typeof tracingPlugin": CLASS,
  },
  inner: [],
};
