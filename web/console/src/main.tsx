import { render } from "preact";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/parts.css";
import { App } from "./app.tsx";
import { handleKey } from "./shell/shortcuts.ts";
import { followTheme } from "./shell/theme.ts";

followTheme(document.documentElement);
document.addEventListener("keydown", (event) => handleKey(event, Date.now()));
const root = document.getElementById("console");
if (root) render(<App />, root);
