// Each release with each other protocol.
import "./unreachable.test.js";
