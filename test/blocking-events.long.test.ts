// All cases, of which the short tests run a part.
import "./blocking-events.test.js";
