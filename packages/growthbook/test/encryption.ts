/** The key for {@link encrypted}, in Base64. */
export const DECRYPTION_KEY = "Ns04T5n9+59rl2x3SlNHtQ==";

/** Number of calls of {@link encrypted}. Its bytes are not random, or they would contain any short word in one of some hundred runs. */
let made = 0;

/** Encrypts a part of a payload as GrowthBook does. */
export async function encrypted(content: unknown, key: string = DECRYPTION_KEY): Promise<string> {
  const raw = Uint8Array.from(atob(key), (it) => it.charCodeAt(0));
  const imported = await crypto.subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt"]);
  made += 1;
  const iv = new Uint8Array(16).fill(made);
  const text = new TextEncoder().encode(
    typeof content === "string" ? content : JSON.stringify(content),
  );
  const data = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv }, imported, text));
  return `${base64(iv)}.${base64(data)}`;
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
