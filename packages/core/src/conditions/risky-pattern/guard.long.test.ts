// More patterns.
import "./guard.test.js";
