/** What a website sets in the script tag (`data-…`) or on the element. */

export interface Settings {
  /** The gateway's address; empty where Rasa is spoken to directly. */
  server: string;
  rasa: string | null;
  rasaPerson: string;
  botName: string;
  company: string;
  greeting: string;
  language: string;
  theme: "auto" | "light" | "dark";
  side: "end" | "start";
  launcher: boolean;
  pictureHosts: string[];
}

type Attributes = (name: string) => string | null;

export function readSettings(attribute: Attributes, scriptAddress: string, languages: readonly string[]): Settings {
  const theme = attribute("theme");
  return {
    server: new URL(attribute("server") ?? "/", scriptAddress).href.replace(/\/+$/, ""),
    rasa: attribute("rasa"),
    rasaPerson: attribute("rasa-person") ?? "/request_human",
    botName: attribute("bot-name") ?? "",
    company: attribute("company") ?? "",
    greeting: attribute("greeting") ?? "",
    language: attribute("language") ?? languages[0] ?? "en",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    side: attribute("side") === "start" ? "start" : "end",
    launcher: attribute("launcher") !== "none",
    pictureHosts: (attribute("picture-hosts") ?? "").split(/[\s,]+/).filter(Boolean),
  };
}
