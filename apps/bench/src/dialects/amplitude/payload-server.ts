import { serveVersions } from "../../process/versions-server.js";
import { type Change, versionBytes } from "./versions.js";

const change = process.argv[2] as Change; // set by w10.ts
serveVersions([versionBytes(change, 0), versionBytes(change, 1)]);
