// All addresses, and 10,000 events.
import "./pass-through.test.js";
