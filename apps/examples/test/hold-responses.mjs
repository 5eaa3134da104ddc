// Preloaded by a test. Adds a path whose response never ends to every server of the process.
import { Server } from "node:http";

const { emit } = Server.prototype;
Server.prototype.emit = function (event, ...args) {
  if (event !== "request" || args[0].url !== "/open") return emit.call(this, event, ...args);
  args[1].write("open");
  return true;
};
