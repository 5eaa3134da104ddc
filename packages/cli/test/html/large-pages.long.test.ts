import "./large-pages.test.js";
