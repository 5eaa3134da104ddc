import "./hash.test.js";
