/** Substrings of the user agents of known crawlers, in lower case. */
const KNOWN: readonly string[] = /* @__PURE__ */ (
  "(bot;|adsbot-google|ahrefsbot|ahrefssiteaudit|amazonbot|amazonproductbot|apis-google|" +
  "app.hypefactors.com|applebot|archive.org_bot|awariobot|backlinksextendedbot|baiduspider|" +
  "better uptime bot|bingbot|bingpreview|bot.htm|bot.php|bot/|bytespider|chatgpt-user|" +
  "chrome-lighthouse|crawler|cypress|dataforseobot|deepscan|duckduckbot|duplexweb-google|" +
  "facebookcatalog|facebookexternal|feedfetcher-google|google favicon|google web preview|" +
  "google-cloudvertexbot|google-hoteladsverifier|google-inspectiontool|google-read-aloud|" +
  "googlebot|googleother|googleweblight|gptbot|headlesschrome|http://yandex.com/bots|" +
  "hubspot|ia_archiver|leikibot|lightpanda|linkedinbot|mediapartners-google|" +
  "meta-externalagent|mj12bot|msnbot|nessus|oai-searchbot|perplexitybot|petalbot|" +
  "pinterestbot|prerender|rogerbot|screaming frog|sebot-wa|semrushbot|sentryuptimebot|" +
  "siteauditbot|sitebulb|slackbot|slurp|splitsignalbot|storebot-google|trendictionbot|" +
  "turnitin|twitterbot|uptimerobot|vercel-screenshot|vercelbot|yandexbot|zoombot"
).split("|");

/**
 * Returns whether a user agent belongs to a crawler.
 *
 * @param custom - further substrings, in any case.
 */
export function isBot(userAgent: string, custom: readonly string[]): boolean {
  const lower = userAgent.toLowerCase();
  const isIn = (part: string): boolean => lower.includes(part);
  return KNOWN.some(isIn) || custom.some((it) => isIn(it.toLowerCase()));
}
