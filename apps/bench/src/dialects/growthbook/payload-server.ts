import { serveVersions } from "../../process/versions-server.js";
import { type Arrival, arrivalBytes } from "./encrypted.js";

const arrival = process.argv[2] as Arrival; // set by w10.ts
serveVersions([arrivalBytes(arrival, 0), arrivalBytes(arrival, 1)]);
