// The default theme, with our colours and widths. Copied next to the staged pages.
import theme from "vitepress/theme";
import "./style.css";

export default theme;
