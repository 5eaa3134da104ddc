/** The key of {@link encrypted}, in Base64. */
export const DECRYPTION_KEY = "Ns04T5n9+59rl2x3SlNHtQ==";

/** Encrypts a part of a payload as GrowthBook does. */
export async function encrypted(content: object): Promise<string> {
  const raw = Uint8Array.from(atob(DECRYPTION_KEY), (it) => it.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt"]);
  const iv = new Uint8Array(16).fill(7);
  const text = new TextEncoder().encode(JSON.stringify(content));
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, text));
  return `${btoa(String.fromCharCode(...iv))}.${btoa(String.fromCharCode(...data))}`;
}
