// All kinds of deduplication.
import "./vendor-bandit.test.js";
