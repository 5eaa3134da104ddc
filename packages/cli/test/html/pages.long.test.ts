import "./pages.test.js";
