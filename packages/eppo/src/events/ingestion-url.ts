/** Where the events of `EppoClient.track` go, by the SDK key; `null` if the key does not say. */
export function ingestionUrlOf(sdkKey: string): string | null {
  const encoded = sdkKey.split(".")[1] ?? "";
  const host = new URLSearchParams(Buffer.from(encoded, "base64").toString()).get("eh");
  if (!host) return null;
  const url = `${host}${host.endsWith("/") ? "" : "/"}v0/i`;
  return /^https?:\/\//.test(url) ? url : `https://${url}`;
}
