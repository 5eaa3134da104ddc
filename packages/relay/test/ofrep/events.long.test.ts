// Many readers, and keys that are replaced.
import "./events.test.js";
