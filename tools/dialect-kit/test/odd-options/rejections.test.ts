import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ignoreRejectionsOf } from "../../src/odd-options/index.js";

const seen: unknown[] = [];
const ofRunner = process.listeners("unhandledRejection");

beforeAll(() => {
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (it) => seen.push(it));
});
afterAll(() => {
  process.removeAllListeners("unhandledRejection");
  for (const listener of ofRunner) process.on("unhandledRejection", listener);
});
ignoreRejectionsOf("/node_modules/the-vendor/");

it("ignores only rejections of the vendor's SDK", async () => {
  const vendors = Object.assign(new Error("theirs"), { stack: "at /node_modules/the-vendor/a.js" });
  const ours = new Error("ours");
  for (const error of [vendors, ours]) void Promise.reject(error);
  await vi.waitFor(() => expect(seen).toContain(ours));
  expect(seen).toEqual([ours]);
});
