import { cryptoHash, cryptoName, ownMd5, ownSha1 } from "../floors/hash-floors.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, cellOf } from "./cell.js";
import { ratio } from "./target.js";

const WORKLOAD = { salt: "one-click-checkout-split", subjects: shortSubjectKeys };
const MD5 = "sortition, md5";
const SHA1 = "sortition, sha1";

/** Compares our hashes with the platform's. Floors of other cells use them, so they must not be slow. */
export const hash: Cell = cellOf({
  id: "hash",
  title: "one hash of a salt and a subject key",
  participants: [
    ownMd5(WORKLOAD, MD5),
    cryptoHash("md5", WORKLOAD),
    ownSha1(WORKLOAD, SHA1),
    cryptoHash("sha1", WORKLOAD),
  ],
  targets: [ratio(MD5, cryptoName("md5"), 0.7), ratio(SHA1, cryptoName("sha1"), 0.7)],
  // The platform's answers are compared with ours.
  findFault: ({ md5 = [], sha1 = [] }) =>
    new Set(md5).size === md5.length && new Set(sha1).size === sha1.length
      ? null
      : "two subjects have the same hash",
});
