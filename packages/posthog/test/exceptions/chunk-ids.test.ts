import { afterEach, describe, expect, it } from "vitest";
import type { ExceptionEntry } from "../../src/exceptions/exception-list.js";
import { type Create, capturedProperties, OURS, THEIRS } from "./captured-properties.js";

/** Globals that `posthog-cli` and bundlers write into a bundle. */
interface Injected {
  _posthogChunkIds?: unknown;
  _debugIds?: unknown;
  _posthogReleaseId?: unknown;
}

const HERE = new Error("in this chunk").stack ?? "";
const HERE_TOO = new Error("in this chunk, too").stack ?? "";
const THERE =
  "Error\n    at there (/app/dist/there.js:1:20)\n    at Object.<anonymous> (/app/dist/main.js:2:1)";
const THROWN = Object.assign(new Error("boom"), {
  stack: `Error: boom\n    at f (/app/dist/there.js:7:1)\n    at g (/app/dist/main.js:9:1)`,
});

const injected = globalThis as Injected;
afterEach(() => {
  delete injected._posthogChunkIds;
  delete injected._debugIds;
  delete injected._posthogReleaseId;
});

/** Returns exceptions and release of the event. */
async function captured(create: Create, thrown: unknown) {
  const { $exception_list, $release_id } = await capturedProperties(create, thrown);
  return { list: $exception_list, release: $release_id };
}

function chunksOf(list: readonly ExceptionEntry[]) {
  return list.flatMap(({ stacktrace }) => stacktrace?.frames.map(({ chunk_id }) => chunk_id));
}

const CASES: readonly { readonly name: string; readonly given: Injected; readonly id?: string }[] =
  [
    { name: "nothing", given: {} },
    { name: "ids of posthog-cli", given: { _posthogChunkIds: { [HERE]: "p-1" } }, id: "p-1" },
    { name: "ids of a bundler", given: { _debugIds: { [HERE]: "d-1" } }, id: "d-1" },
    {
      name: "both, where posthog-cli takes precedence",
      given: {
        _posthogChunkIds: { [HERE]: "p-1" },
        _debugIds: { [HERE]: "d-1", [HERE_TOO]: "d-2" },
      },
      id: "p-1",
    },
    {
      name: "an empty id",
      given: { _posthogChunkIds: { [HERE]: "" }, _debugIds: { [HERE]: "d-1" } },
      id: "d-1",
    },
    { name: "a key that is not a stack", given: { _posthogChunkIds: { nowhere: "p-1" } } },
    { name: "ids of another chunk", given: { _posthogChunkIds: { [THERE]: "p-2" } } },
  ];

describe("frames of a bundle", () => {
  it.each(CASES)("have its chunk_id, as in the vendor's SDK: $name", async ({ given, id }) => {
    Object.assign(injected, given);
    const thrown = new Error("outer", { cause: new TypeError("inner") });
    const ours = await captured(OURS, thrown);
    expect(ours).toEqual(await captured(THEIRS, thrown));
    const [frame] = ours.list.flatMap(({ stacktrace }) => stacktrace?.frames.at(-1) ?? []);
    expect(frame?.chunk_id).toBe(id);
  });

  it("are identified by the innermost file of each stack", async () => {
    injected._posthogChunkIds = { [HERE]: "here", [THERE]: "there" };
    const ours = await captured(OURS, THROWN);
    expect(ours).toEqual(await captured(THEIRS, THROWN));
    expect(chunksOf(ours.list)).toEqual([undefined, "there"]);
  });

  it("reflect later additions and changes", async () => {
    const ids: Record<string, string> = { [HERE]: "here" };
    injected._posthogChunkIds = ids;
    await captured(OURS, THROWN);
    await captured(THEIRS, THROWN);
    ids[THERE] = "there";
    ids[HERE] = "changed";
    const ours = await captured(OURS, THROWN);
    expect(ours).toEqual(await captured(THEIRS, THROWN));
    expect(chunksOf(ours.list)).toEqual([undefined, "there"]);
    expect(chunksOf((await captured(OURS, new Error("x"))).list)).toContain("changed");
  });

  it("keep their stack if a key cannot be read", async () => {
    injected._posthogChunkIds = {
      "Error\n    at f (/app/%E0%A4%A.js:1:1)": "bad",
      [THERE]: "there",
    };
    expect(chunksOf((await captured(OURS, THROWN)).list)).toEqual([undefined, "there"]);
    await expect(captured(THEIRS, THROWN), "the vendor's").rejects.toThrow("URI malformed");
  });
});

describe("the release", () => {
  it.each([
    { because: "posthog-cli wrote it into the bundle", given: "r-1", expected: "r-1" },
    { because: "an empty one is ignored", given: "", expected: undefined },
    { because: "it is not a string", given: 5, expected: undefined },
  ])("is $expected, as in the vendor's SDK: $because", async ({ given, expected }) => {
    injected._posthogReleaseId = given;
    const { release } = await captured(OURS, THROWN);
    expect(release).toBe(expected);
    expect((await captured(THEIRS, THROWN)).release).toBe(expected);
  });

  it("takes precedence over the caller's", async () => {
    injected._posthogReleaseId = "r-1";
    for (const create of [OURS, THEIRS]) {
      const given = { $release_id: "given", page: "/" };
      const properties = await capturedProperties(create, THROWN, given);
      expect(properties).toMatchObject({ $release_id: "r-1", page: "/" });
    }
  });

  it("is read from the environment, or else from the bundle", async () => {
    injected._posthogReleaseId = "r-1";
    process.env["POSTHOG_RELEASE_ID"] = " r-2 ";
    try {
      expect((await captured(OURS, THROWN)).release).toBe("r-2");
      expect((await captured(THEIRS, THROWN)).release).toBe("r-2");
    } finally {
      delete process.env["POSTHOG_RELEASE_ID"];
    }
  });
});
