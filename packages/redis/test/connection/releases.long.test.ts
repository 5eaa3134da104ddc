// Each way with each release.
import "./releases.test.js";
